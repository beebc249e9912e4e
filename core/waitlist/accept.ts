import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { linesOf } from '../series/make.ts';
import { whyNotFree } from '../tickets/assignment.ts';
import { bookTicket } from '../tickets/create.ts';
import { settleMails } from '../tickets/cycle.ts';
import { putAt } from '../tickets/move-visit.ts';
import { tellOfNewTime } from '../tickets/new-time.ts';
import { replaceLines } from '../tickets/parts.ts';
import { listCrewOf } from '../tickets/technicians.ts';
import { tellOfVisit } from '../tickets/tell-customer.ts';
import { type Ticket, ticketRecord } from '../tickets/ticket.ts';
import { answerTicket, ticketAnswer } from '../tickets/ticket-answer.ts';
import { dayAndTime } from '../tickets/told-visit.ts';
import { hush } from './hush.ts';
import { lockOffer } from './lock.ts';
import { offerRecord } from './offer-record.ts';
import { tellOfGap } from './opened.ts';
import { missRound, withdrawOf } from './queries.ts';
import type { Entry, Offer } from './record.ts';
import { periodOf, standingOf, visitOf } from './standing.ts';
import { forgetMail, tellMissed } from './tell.ts';
import { waitlistRecord } from './waitlist.ts';

/**
 * Takes an offered time (SCH-07): the customer's later visit is moved there, or a new one booked with the services they wish. The
 * first of a round who does it has it. A customer who comes too late changes nothing but that it is known; the office is refused
 * with CONFLICT. Whoever takes what is theirs already is answered the same again.
 */
export const acceptOffer = defineAction({
  domain: 'waitlist',
  name: 'accept',
  summary:
    'A customer takes the earlier time that was offered: their visit is moved there, or one is booked.',
  input: z.strictObject({ offer_id: ref('waitlist_offer', { fitting: 'open', or_others: true }) }),
  output: z.object({
    taken: z.boolean(),
    /** `taken`, or why not: `gone`, `over`. */
    standing: z.enum(['taken', 'gone', 'over']),
    /** When we come, or what was offered, as customers read it. */
    when: z.string(),
    /** What became of the visit since, when nothing can be done about it any more. */
    over: z.string().optional(),
    ticket: ticketAnswer.optional(),
    customer_told: z.string().optional(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  touches: ['email'],
  example: { offer_id: 'WO-1' },
  open_to: ['customer'],
  keywords: ['take', 'yes', 'said yes', 'agreed', 'earlier time'],
  async run(context, { offer_id }) {
    requireOwnLink(context, offer_id);
    return takeOffer(context, offer_id);
  },
});

/** Takes an offered time for its customer, as far as it can be taken; answers what `waitlist.accept` answers. */
export async function takeOffer(context: Context, offer_id: string) {
  const { offer, entry } = await lockOffer(context, offer_id);
  const standing = standingOf(context, offer, entry);
  if (standing === 'taken') {
    context.unchanged();
    return answerTaken(context, offer, offer.ticket_id);
  }
  if (standing !== 'open' || !entry) return tooLate(context, offer, standing === 'over' ? 'over' : 'gone');
  const ticket = await lockVisit(context, entry);
  if (ticket === 'over') return tooLate(context, offer, 'gone');
  const why = await whyNotFree(context, [offer.technician_id], periodOf(offer), ticket?.id);
  if (why !== undefined) return tooLate(context, offer, 'gone', why);
  const { id, customer_told } = ticket
    ? await moveThere(context, offer, ticket)
    : await bookThere(context, offer, entry);
  await settle(context, { offer, entry, ticketId: id });
  return { ...(await answerTaken(context, offer, id)), customer_told };
}

/** A customer takes what their link is for, and nothing else. */
function requireOwnLink({ actor, link }: Context, offerId: string): void {
  if (actor.kind === 'customer' && link?.subject_id !== offerId)
    throw new DeskhandError('FORBIDDEN', 'This link is for another offer.');
}

/** The locked visit that would be moved; undefined when one is to be booked, `over` when it cannot be moved any more. */
async function lockVisit(context: Context, { ticket_id }: Entry): Promise<Ticket | undefined | 'over'> {
  if (ticket_id === null) return undefined;
  const ticket = await findRow(context, ticketRecord, ticket_id, { lock: true });
  return ticket?.status === 'scheduled' ? ticket : 'over';
}

/** A customer is told on the page that follows; the office is refused. */
async function tooLate(context: Context, offer: Offer, standing: 'gone' | 'over', why?: string) {
  if (context.actor.kind !== 'customer') {
    const what = standing === 'over' ? 'is over' : 'can no longer be taken';
    throw new DeskhandError('CONFLICT', `${offer.reference} ${what}${why === undefined ? '' : `: ${why}`}.`, {
      field: 'offer_id',
      hint: 'crm_query gaps shows what is free now; waitlist.offer offers it.',
    });
  }
  if (offer.status === 'open' && standing === 'gone')
    await updateRow(context, offerRecord, offer.id, { status: 'missed', ended_at: context.now.toString() });
  await forgetMail(context, offer);
  return answerOf(context, offer, standing);
}

const answerOf = (context: Context, { starts_at }: Offer, standing: 'gone' | 'over') => ({
  taken: false,
  standing,
  when: dayAndTime(context, starts_at),
});

/** Theirs: the visit as it stands by now. */
const answerTaken = async (context: Context, offer: Offer, ticketId: string | null) => ({
  taken: true,
  standing: 'taken' as const,
  ...(await visitOf(context, offer, ticketId)),
  ...(ticketId === null ? {} : { ticket: await answerTicket(context, ticketId) }),
});

async function moveThere(context: Context, offer: Offer, ticket: Ticket) {
  const period = periodOf(offer);
  const before = await listCrewOf(context, ticket.id);
  // Whoever took the time has agreed to it.
  const told = { notify: true, is_agreed: true };
  await putAt(context, ticket, { period, before, going: [offer.technician_id], told });
  const customer_told = await tellOfNewTime(context, ticket, true);
  await tellOfGap(context, [
    { technicianIds: before.map(({ id }) => id), from: ticket.scheduled_at, to: ticket.ends_at },
  ]);
  return { id: ticket.id, customer_told };
}

async function bookThere(context: Context, offer: Offer, entry: Entry) {
  const places = await addressesOf(context, [entry.contact_id]);
  const place = places.find(({ id }) => id === entry.address_id) ?? places[0];
  const lines = await linesOf(context, entry);
  const { id } = await bookTicket(context, {
    contact_id: entry.contact_id,
    address_id: place?.id ?? null,
    scheduled_at: offer.starts_at,
    duration_minutes: offer.duration_minutes,
    technician_ids: [offer.technician_id],
    is_price_estimated: lines.some(({ is_open }) => is_open),
  });
  await replaceLines(context, id, [], lines);
  const told = { ticketId: id, contactId: entry.contact_id, is_agreed: true };
  const customer_told = await tellOfVisit(context, told);
  const columns = {
    confirmation_status: 'accepted' as const,
    answered_at: context.now.toString(),
    is_reminded: true,
  };
  await settleMails(context, await updateRow(context, ticketRecord, id, columns));
  return { id, customer_told };
}

/** The offer is taken, its entry served; whoever else was offered the same is told kindly. */
async function settle(
  context: Context,
  { offer, entry, ticketId }: { offer: Offer; entry: Entry; ticketId: string },
): Promise<void> {
  const now = context.now.toString();
  await updateRow(context, offerRecord, offer.id, { status: 'taken', ticket_id: ticketId, ended_at: now });
  await updateRow(context, waitlistRecord, entry.id, {
    status: 'served',
    served_at: now,
    ticket_id: ticketId,
  });
  await hush(context, offer, 'done');
  for (const other of await withdrawOf(context, entry.id, offer.round_id))
    await hush(context, other, 'cancelled');
  await tellMissed(context, await missRound(context, offer.round_id, offer.id));
}
