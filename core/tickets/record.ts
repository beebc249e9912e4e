import { z } from 'zod';

export const ticketStatuses = ['scheduled', 'in_progress', 'closed', 'cancelled'] as const;
export const confirmationStatuses = [
  'not_sent',
  'pending',
  'accepted',
  'declined',
  'modify_requested',
] as const;

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
