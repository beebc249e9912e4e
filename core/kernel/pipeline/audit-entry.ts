import { z } from 'zod';
import { sql } from '../database/sql.ts';
import type { ReadContext } from './context.ts';

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

/** Writes down what no change of a table says by itself, with what is to be known of it; answers the entry's id. */
export async function logEntry(
  context: ReadContext,
  { type, id: about, verb }: { type: string; id: string; verb: string },
  facts: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const changes = Object.fromEntries(
    Object.entries(facts).flatMap(([name, said]) =>
      said === undefined ? [] : [[name, { old: null, new: said }]],
    ),
  );
  const { id } = await context.tx.one(
    z.object({ id: z.string() }),
    sql`select log_audit(${type}, ${about}::uuid, ${verb}, ${JSON.stringify(changes)}::jsonb) as id`,
  );
  return id;
}
