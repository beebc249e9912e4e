import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const ticketStatuses = ['scheduled', 'in_progress', 'closed', 'cancelled'] as const;
export const confirmationStatuses = [
  'not_sent',
  'pending',
  'accepted',
  'declined',
  'modify_requested',
] as const;

/** What a customer can say to the time of a visit. */
export const answers = ['accepted', 'declined', 'modify_requested'] as const;
export type Answer = (typeof answers)[number];

/** Visits to come whose customers have said that they cannot come then, and nobody has seen to it yet. */
export const cannotCome = ({ now }: Pick<ReadContext, 'now'>) => sql`
  status = 'scheduled'
  and confirmation_status in ('declined', 'modify_requested')
  and scheduled_at > ${now.toString()}::timestamptz`;

/** One service on a visit (TKT-08). */
export const lineRow = z.object({
  id: z.string(),
  ticket_id: z.string(),
  service_id: z.string().nullable(),
  position: z.number(),
  description: z.string(),
  pricing: z.enum(['fixed', 'flexible', 'per_unit']),
  quantity: z.coerce.number(),
  unit_price_cents: z.number(),
  total_cents: z.number(),
  duration_minutes: z.number().nullable(),
});
export type Line = z.infer<typeof lineRow>;

export const timeEntryRow = z.object({
  id: z.string(),
  ticket_id: z.string(),
  technician_id: z.string(),
  clocked_in_at: z.string(),
  clocked_out_at: z.string().nullable(),
});
