import type { BrightPanes } from '../support/bright-panes.ts';

/** What was done at Jane's in the example (FIX-01): $562 and twenty screens at $5, together $662. */
export const exampleLines = [
  { service_id: 'Interior and Exterior Window Cleaning', unit_price_cents: 56_200 },
  { service_id: 'Screen Cleaning', quantity: 20 },
];

/** A visit that was done and closed, the example's lines on it unless `more` says otherwise; answers its reference. */
export async function closedVisit(
  { book, done, dana }: BrightPanes,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { reference } = await book('2026-11-18T09:00', { lines: exampleLines, ...more });
  const ticket_id = String(reference);
  await done(dana, 'ticket.close', { ticket_id, duration_minutes: 202, notes: '', next_service: 'no' });
  return ticket_id;
}

/** A draft of a closed visit; answers its reference. */
export async function draft(office: BrightPanes, more: Record<string, unknown> = {}): Promise<string> {
  const ticket_id = await closedVisit(office, more);
  return String((await office.done(office.dana, 'invoice.create_from_ticket', { ticket_id })).reference);
}

/** A bill that was sent to Jane; answers its reference. */
export async function sent(office: BrightPanes, more: Record<string, unknown> = {}): Promise<string> {
  const invoice_id = await draft(office, more);
  await office.done(office.dana, 'invoice.send', { invoice_id });
  return invoice_id;
}

/** The mails that wait for delivery to an address, the newest first. */
export async function mailsTo({ read, olivia }: BrightPanes, to: string) {
  const jobs = await read(olivia, 'outbox', { params: { kind: 'email' }, limit: 100 });
  return jobs.map(({ payload }) => payload).filter(payload => isTo(payload, to));
}

const isTo = (payload: unknown, to: string): boolean =>
  typeof payload === 'object' && payload !== null && 'to' in payload && payload.to === to;
