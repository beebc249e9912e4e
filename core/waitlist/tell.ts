import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, getRow, updateRow } from '../kernel/records/record-queries.ts';
import { planMessage } from '../messages/plan.ts';
import { messageRecord } from '../messages/scheduled-message.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { dayAndTime, listed, whenInWords } from '../tickets/told-visit.ts';
import { hush } from './hush.ts';
import { offerRecord } from './offer-record.ts';
import type { EndedOffer } from './queries.ts';
import type { Waiting } from './ranking.ts';
import type { Entry, Offer } from './record.ts';
import { waitlistRecord } from './waitlist.ts';
import { firstNameOf } from './words.ts';

/**
 * Tells a customer of an offer: by mail with a link of their own, or by a call that knows which offer it is about. Answers how,
 * in words.
 */
export async function tellOffer(context: Context, offer: Offer, waiting: Waiting): Promise<string> {
  const entry = await getRow(context, waitlistRecord, waiting.id);
  const { message, told } = await planMessage(context, {
    kind: 'waitlist_offer',
    contact_id: offer.contact_id,
    ...(waiting.ticket_id === null ? {} : { ticket_id: waiting.ticket_id }),
    facts: {
      ...servicesOf(entry),
      ...whenInWords(context, offer.starts_at),
      ...(waiting.booked ? was(context, new Date(waiting.booked.at).toISOString()) : {}),
      technician: await firstNameOf(context, offer.technician_id),
      answer_by: dayAndTime(context, offer.expires_at),
    },
    links: { offer_link: { purpose: 'waitlist_offer', subject_id: offer.id } },
    send_before: offer.expires_at,
  });
  if (message) await updateRow(context, offerRecord, offer.id, { message_id: message.id });
  return told;
}

/** The services of a visit that is still to be booked; those of a booked one are known from it. */
const servicesOf = ({ lines }: Pick<Entry, 'lines'>) =>
  lines.length === 0 ? {} : { services: listed(lines.map(({ name }) => name)) };

/** The time they have so far. */
function was(context: Context, moment: string) {
  const { appointment_date, appointment_time } = whenInWords(context, moment);
  return { previous_date: appointment_date, previous_time: appointment_time };
}

/** So long whoever was offered the same can still see on the page that it is taken, before a mail says so. */
const mailAfter_minutes = 15;

/**
 * Says to those who were offered a time that it is taken: a mail goes out a little later, unless they have seen it on the page by
 * then. Who has not heard of it hears of it no more, and nobody is called.
 */
export async function tellMissed(context: Context, others: readonly EndedOffer[]): Promise<void> {
  for (const other of others) {
    const hasHeard = await hush(context, other, 'cancelled');
    if (!hasHeard || other.expires_at <= context.now.toString()) continue;
    const { ticket_id } = await getRow(context, waitlistRecord, other.waitlist_id, { deleted: true });
    const ticket = ticket_id === null ? undefined : await findRow(context, ticketRecord, ticket_id);
    const { message } = await planMessage(context, {
      kind: 'waitlist_taken',
      contact_id: other.contact_id,
      ...(ticket ? { ticket_id: ticket.id } : {}),
      send_at: context.now.add({ minutes: mailAfter_minutes }).toString(),
      facts: {
        ...whenInWords(context, other.starts_at),
        ...(ticket ? was(context, ticket.scheduled_at) : {}),
      },
    });
    if (message) await updateRow(context, offerRecord, other.id, { message_id: message.id });
  }
}

/** They have seen on the page what a mail was to tell them. */
export async function forgetMail(context: Context, { message_id }: Offer): Promise<void> {
  if (message_id === null) return;
  const message = await findRow(context, messageRecord, message_id, { lock: true });
  if (message?.kind !== 'waitlist_taken' || message.status !== 'pending') return;
  await updateRow(context, messageRecord, message.id, {
    status: 'cancelled',
    error: 'The customer has seen on the page of the offer that it is taken.',
  });
}
