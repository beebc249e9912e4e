import { contactRecord } from '../contacts/contact.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { taskRecord } from '../tasks/task.ts';
import { offerRecord } from './offer-record.ts';
import type { Waiting } from './ranking.ts';
import type { Offer } from './record.ts';

/** Tells a customer of an offer: by mail with a link of their own, or somebody calls them. Answers how, in words. */
export async function tellOffer(context: Context, offer: Offer, waiting: Waiting): Promise<string> {
  const customer = await getRow(context, contactRecord, offer.contact_id);
  const { email } = customer;
  if (email === null) return callTask(context, offer, waiting);
  await context.makeLink({ purpose: 'waitlist_offer', subject_id: offer.id, contact_id: customer.id });
  await updateRow(context, offerRecord, offer.id, { is_mailed: true });
  return `mailed to ${quote(email)}`;
}

/** Tells somebody kindly that the time they were offered is taken. */
export async function tellMissed(
  _context: Context,
  _offer: Offer,
  _other: { contact_id: string },
): Promise<void> {}

/** Whoever cannot be written to is called, with the words to say. */
async function callTask(context: Context, offer: Offer, waiting: Waiting): Promise<string> {
  const { phone, full_name } = await getRow(context, contactRecord, offer.contact_id);
  const { country } = context.organization;
  const number = phone === null ? undefined : formatPhone(phone, country);
  const task = await createRecord(context, taskRecord, {
    title: `Call ${full_name}: an earlier time is free`.slice(0, 200),
    due_at: context.now.toString(),
    contact_id: offer.contact_id,
    ...(waiting.ticket_id === null ? {} : { ticket_id: waiting.ticket_id }),
    note: wordsOf(context, offer, waiting),
  });
  return `not mailed: has no e-mail; ${task.reference} is to call ${number ?? 'them'}`;
}

/** What whoever calls says, and how the answer is written down. */
function wordsOf(context: Context, offer: Offer, { booked }: Waiting): string {
  const { time_zone } = context.organization;
  const when = (instant: string) => localTime(instant, time_zone).slice(0, 20);
  const instead = booked === undefined ? '' : ` instead of ${when(new Date(booked.at).toISOString())}`;
  return [
    `“We could come sooner: on ${when(offer.starts_at)}${instead}. Would that suit you?”`,
    `If so, take it with waitlist.accept ${offer.reference}, until ${when(offer.expires_at)}; others may be faster.`,
  ].join('\n');
}
