import { z } from 'zod';
import { rowFacts } from '../kernel/words/text-schemas.ts';

export const ticketStatuses = ['scheduled', 'in_progress', 'closed', 'cancelled'] as const;
export const confirmationStatuses = [
  'not_sent',
  'pending',
  'accepted',
  'declined',
  'modify_requested',
] as const;

/** A visit, booked or done (TKT-01, TKT-02, GAP-01). */
export const ticketRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  address_id: z.string().nullable(),
  status: z.enum(ticketStatuses),
  confirmation_status: z.enum(confirmationStatuses),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  ends_at: z.string(),
  actual_minutes: z.number().nullable(),
  is_price_estimated: z.boolean(),
  total_cents: z.number(),
  currency: z.string(),
  notes: z.string().nullable(),
  cancelled_at: z.string().nullable(),
  cancel_reason: z.string().nullable(),
  closed_at: z.string().nullable(),
  closed_by: z.string().nullable(),
  rescheduled_from_id: z.string().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
  ...rowFacts,
});
export type Ticket = z.infer<typeof ticketRow>;

export const ticketColumns = {
  id: 'uuid',
  reference: 'text',
  contact_id: 'uuid',
  address_id: 'uuid',
  status: 'text',
  confirmation_status: 'text',
  scheduled_at: 'timestamptz',
  duration_minutes: 'integer',
  ends_at: 'timestamptz',
  actual_minutes: 'integer',
  is_price_estimated: 'boolean',
  total_cents: 'bigint',
  currency: 'text',
  notes: 'text',
  cancelled_at: 'timestamptz',
  cancel_reason: 'text',
  closed_at: 'timestamptz',
  closed_by: 'text',
  rescheduled_from_id: 'uuid',
  custom_fields: 'jsonb',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

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

/** A visit with what people want to see at once. Answers of the ticket actions. */
export const ticketAnswer = ticketRow.extend({
  scheduled_local: z.string(),
  lines: z.array(lineRow.omit({ ticket_id: true })),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
});
