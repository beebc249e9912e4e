import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { keepLines } from '../series/lines.ts';
import { planVisit } from '../tickets/create.ts';
import { visitsToCome } from '../tickets/move.ts';
import { newLine } from '../tickets/pricing.ts';
import { requireOpen, requirePlace } from '../tickets/requirements.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { hush } from './hush.ts';
import { findLivingOf, withdrawOf } from './queries.ts';
import { type Entry, waitlistFields } from './record.ts';

/**
 * Customers who want to come sooner (SCH-06), each once (CON-03). Whoever has a visit has that one moved; for others one is
 * booked, with the services they wish. What becomes of an entry:
 *
 * - an offer is taken: it has been served, and other offers to the same customer are withdrawn;
 * - its visit is cancelled or over: nothing is offered any more until it says another visit, or none; booked again, the entry
 *   goes along;
 * - it is deleted: its open offers are withdrawn; its customer is deleted: it goes along and comes back with them.
 */
export const waitlistRecord = defineRecord({
  name: 'waitlist',
  plural: 'waitlist',
  table: 'waitlist_entries',
  noun: 'place on the waitlist',
  nouns: 'places on the waitlist',
  summary:
    'Customers who want to come sooner: their wishes, and the visit that would move. Who fits a free time: gaps.',
  keywords: ['waiting list', 'wait list', 'sooner', 'earlier', 'waiting', 'standby', 'cancellation list'],
  reference: { prefix: 'WL', start: 1 },
  fields: waitlistFields,
  lists_created_at: true,
  default_sort: 'created_at',
  filters: {
    waiting: { summary: 'still waiting for an earlier time', where: sql`status = 'waiting'` },
  },
  ...namedAfter('waitlist', {
    owners: ['contact_id'],
    usual: ['waiting'],
    at: { moment: sql`r.created_at` },
  }),
  label: ({ reference }) => reference,
  actions: {
    create: {
      summary:
        'Put a customer on the waitlist for an earlier time: with ticket_id that visit is moved, else one is booked.',
      permission: { level: 'unrestricted' },
      keywords: ['join', 'wants to come sooner', 'earlier', 'waiting list', 'put on the waitlist'],
    },
    update: {
      summary: 'Change what somebody on the waitlist wishes.',
      permission: { level: 'unrestricted' },
    },
    delete: {
      summary: 'Take somebody off the waitlist; can be restored.',
      permission: { level: 'unrestricted' },
      keywords: ['leave', 'off the waitlist', 'no longer waiting'],
    },
  },
  async toColumns(context, input, before) {
    if (before) requireWaiting(before);
    else await requireOnce(context, input.contact_id);
    const whole = { ...before, ...input };
    requireDays(whole);
    const contact_id = z.string().parse(whole.contact_id);
    if (input.ticket_id) await requireOwnVisit(context, contact_id, input.ticket_id);
    else if (!before && !input.lines?.length) await warnOfVisits(context, contact_id);
    if (input.address_id) await requirePlace(context, contact_id, input.address_id);
    return { ...input, ...(await workOf(context, contact_id, input, before)) };
  },
  async afterDelete(context, id) {
    for (const offer of await withdrawOf(context, id)) await hush(context, offer, 'cancelled');
  },
});

/** Throws INVALID_STATE for an entry that was served. */
export function requireWaiting({ reference, status }: Entry): void {
  if (status === 'waiting') return;
  throw new DeskhandError('INVALID_STATE', `${reference} has got an earlier time already.`, {
    hint: 'Whoever wants to come sooner once more is put on the waitlist anew with waitlist.create.',
  });
}

/** Throws CONFLICT for a customer who waits already. Two at once are told apart by the database. */
async function requireOnce(context: Context, contactId: string | undefined): Promise<void> {
  const entry = contactId === undefined ? undefined : await findLivingOf(context, contactId);
  if (!entry) return;
  throw new DeskhandError('CONFLICT', `This customer is on the waitlist already: ${entry.reference}.`, {
    field: 'contact_id',
    hint: `Change what they wish with waitlist.update and waitlist_id ${entry.reference}.`,
  });
}

function requireDays({ earliest_on, latest_on }: Partial<Entry>): void {
  if (!earliest_on || !latest_on || earliest_on <= latest_on) return;
  throw invalid('latest_on', 'The last day comes before the first one.', {
    got: latest_on,
    hint: 'earliest_on is the first day that suits, latest_on the last one.',
  });
}

/** Throws unless a visit is this customer’s and can still be moved: VALIDATION_ERROR, INVALID_STATE, TICKET_CLOSED. */
async function requireOwnVisit(context: Context, contactId: string, ticketId: string): Promise<void> {
  const ticket = await getRow(context, ticketRecord, ticketId);
  if (ticket.contact_id !== contactId) {
    throw invalid('ticket_id', `${ticket.reference} is another customer’s visit.`, {
      hint: 'Name a visit of this customer, or leave it out to have one booked.',
    });
  }
  requireOpen(ticket);
  if (ticket.status === 'scheduled') return;
  throw new DeskhandError('INVALID_STATE', `${ticket.reference} has begun already.`, { field: 'ticket_id' });
}

/** Whoever only wants to come sooner has a visit mostly, and would get a second one. */
async function warnOfVisits(context: Context, contactId: string): Promise<void> {
  const { time_zone } = context.organization;
  const planned = await visitsToCome(context, contactId);
  if (planned.length === 0) return;
  const visits = planned.map(
    ({ reference, scheduled_at }) => `${reference} ${localTime(scheduled_at, time_zone)}`,
  );
  context.warn(
    `${visits.join(', ')} ${visits.length === 1 ? 'stays' : 'stay'}: what they take is booked besides. waitlist.update with ticket_id says which visit moves instead.`,
  );
}

/** The services as they are kept, and how long they take where no visit says it and nobody has. */
async function workOf(
  context: Context,
  contact_id: string,
  { lines, duration_minutes, ticket_id, address_id }: Partial<Entry>,
  before: Entry | undefined,
): Promise<Partial<Entry>> {
  const wished = lines && z.array(newLine).parse(lines);
  const kept = wished ? { lines: await keepLines(context, wished) } : {};
  const hasVisit = (ticket_id === undefined ? before?.ticket_id : ticket_id) ?? undefined;
  if (duration_minutes || hasVisit !== undefined || (before && !wished)) return kept;
  // Of several addresses it has to be said which: nobody can be asked when the customer takes a time.
  const where = address_id ?? before?.address_id ?? undefined;
  const { minutes } = await planVisit(context, { contact_id, address_id: where, lines: wished ?? [] });
  return { ...kept, duration_minutes: minutes };
}

/** The locked row of an entry; undefined for one that was taken off the list. */
export const lockEntry = (context: Context, id: string): Promise<Entry | undefined> =>
  findRow(context, waitlistRecord, id, { lock: true });
