import { contactRecord } from '../contacts/contact.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { findRow, getRow, updateRow } from '../kernel/records/record-queries.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { planMessage } from '../messages/plan.ts';
import { messageRecord } from '../messages/scheduled-message.ts';
import { addBusinessTime } from '../scheduling/business-hours.ts';
import { taskRecord } from '../tasks/task.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { listed, whenInWords } from '../tickets/told-visit.ts';
import { endCall } from './call.ts';
import { offerRecord } from './offer-record.ts';
import type { EndedOffer } from './queries.ts';
import type { Waiting } from './ranking.ts';
import type { Entry, Offer } from './record.ts';
import { waitlistRecord } from './waitlist.ts';
import { dayAndTime, firstNameOf } from './words.ts';

/** Tells a customer of an offer: by mail with a link of their own, or somebody calls them. Answers how, in words. */
export async function tellOffer(context: Context, offer: Offer, waiting: Waiting): Promise<string> {
  const entry = await getRow(context, waitlistRecord, waiting.id);
  const { message, told, obstacle } = await planMessage(context, {
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
    calls_itself: true,
  });
  if (message && !obstacle) {
    await updateRow(context, offerRecord, offer.id, { message_id: message.id });
    return told;
  }
  const task = await planCall(context, offer, waiting);
  await updateRow(context, offerRecord, offer.id, { task_id: task.id });
  return `${told}; ${task.reference} has the words to say`;
}

/** The services of a visit that is still to be booked; those of a booked one are known from it. */
const servicesOf = ({ lines }: Pick<Entry, 'lines'>) =>
  lines.length === 0 ? {} : { services: listed(lines.map(({ name }) => name)) };

/** The time they have so far. */
function was(context: Context, moment: string) {
  const { appointment_date, appointment_time } = whenInWords(context, moment);
  return { previous_date: appointment_date, previous_time: appointment_time };
}

/** A free time does not wait: at once, which is a moment after now. */
const callWithin_minutes = 0.5;

/** Whoever cannot be written to is called, with the words to say. */
async function planCall(context: Context, offer: Offer, waiting: Waiting) {
  const { phone, full_name } = await getRow(context, contactRecord, offer.contact_id);
  const { country, business_hours, time_zone } = context.organization;
  const number = phone === null ? undefined : formatPhone(phone, country);
  return createRecord(context, taskRecord, {
    title: `Call ${full_name}: an earlier time is free`.slice(0, 200),
    // Nobody is called before the office opens.
    due_at: addBusinessTime(context.now, callWithin_minutes, business_hours, time_zone).toString(),
    contact_id: offer.contact_id,
    ...(waiting.ticket_id === null ? {} : { ticket_id: waiting.ticket_id }),
    note: [...(number === undefined ? [] : [number]), ...wordsOf(context, offer, waiting)].join('\n'),
  });
}

/** What whoever calls says, and how the answer is written down. */
function wordsOf(context: Context, offer: Offer, { booked }: Waiting): string[] {
  const instead =
    booked === undefined ? '' : `, instead of ${dayAndTime(context, new Date(booked.at).toISOString())}`;
  return [
    `“We could come sooner: on ${dayAndTime(context, offer.starts_at)}${instead}. Would that suit you?”`,
    `If it does, take ${offer.reference} for them, until ${dayAndTime(context, offer.expires_at)}. Somebody else may be faster.`,
  ];
}

/** So long whoever was offered the same can still see on the page that it is taken, before a mail says so. */
const mailAfter_minutes = 15;

/**
 * Says to those who were offered a time that it is taken: a mail goes out a little later, unless they have seen it on the page by
 * then. Nobody is called any more.
 */
export async function tellMissed(context: Context, others: readonly EndedOffer[]): Promise<void> {
  for (const other of others) {
    await endCall(context, other, 'cancelled');
    if (other.message_id === null || other.expires_at <= context.now.toString()) continue;
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
