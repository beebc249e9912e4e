import { z } from 'zod';

/** One entry of the audit trail: a row, and what became of its members. */
export const change = z.object({
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
export type Change = z.infer<typeof change>;

/** A preview as it is kept with what waits. */
export const keptEffect = z.looseObject({
  changes: z.array(change),
  outgoing: z.array(z.looseObject({ payload: z.unknown() })),
});

/** What would happen: the audit entries and outgoing jobs that the call left before it was rolled back. */
export interface Preview {
  changes: Change[];
  outgoing: { kind: string; payload: Record<string, unknown> }[];
  affected_rows: number;
}
