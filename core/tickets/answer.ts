import type { Temporal } from 'temporal-polyfill';
import { interactionRecord } from '../interactions/interaction.ts';
import { inBusinessHours } from '../interactions/write.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { endCallsOfAnswered } from './answer-by-phone.ts';
import { lockFollowUpsOf } from './answer-queries.ts';
import { settleMails } from './cycle.ts';
import type { Answer } from './record.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { dayAndTime } from './told-visit.ts';

/** What a customer says to the time of a visit. */
export interface GivenAnswer {
  answer: Answer;
  /** The other time they would like. */
  asked_for: Temporal.Instant | undefined;
  /** In their words. */
  words: string | undefined;
}

/**
 * Writes down what the customer of a locked visit says to its time (TKT-11, EML-07), and sees to what follows from it in the
 * same transaction: nobody who has answered is asked again, who cannot come is not reminded, and somebody of the office has to
 * follow it up when the customer answered by themselves. The last answer stands; the same one again changes nothing.
 */
export async function answerVisit(context: Context, ticket: Ticket, given: GivenAnswer): Promise<void> {
  const asked_for_at = given.asked_for?.toString() ?? null;
  // What the office writes down says nothing of what the customer wrote before.
  const customer_words = given.words ?? (context.actor.kind === 'customer' ? null : ticket.customer_words);
  if (isSame(ticket, { answer: given.answer, asked_for_at, customer_words })) return;
  const visit = await updateRow(context, ticketRecord, ticket.id, {
    confirmation_status: given.answer,
    answered_at: context.now.toString(),
    asked_for_at,
    ...(customer_words === ticket.customer_words ? {} : { customer_words }),
  });
  await settleMails(context, visit);
  await endCallsOfAnswered(context, ticket.id, given.answer);
  if (context.actor.kind === 'customer') await followAnswer(context, ticket, given);
}

const isSame = (
  ticket: Ticket,
  {
    answer,
    asked_for_at,
    customer_words,
  }: { answer: Answer; asked_for_at: string | null; customer_words: string | null },
): boolean =>
  ticket.confirmation_status === answer &&
  timeOf(ticket.asked_for_at) === timeOf(asked_for_at) &&
  (ticket.customer_words ?? '') === (customer_words ?? '');

const timeOf = (moment: string | null): number | undefined =>
  moment === null ? undefined : Date.parse(moment);

/**
 * What an earlier answer asked the office to do is settled by this one, and the next business hour looks at this one. However often
 * somebody changes their mind there is one thing to see to, and it waits since the first time.
 */
async function followAnswer(
  context: Context,
  ticket: Ticket,
  { answer, asked_for, words }: GivenAnswer,
): Promise<void> {
  if (answer === 'accepted') return endFollowUpsOf(context, ticket.id, 'canceled');
  const say = (moment: Temporal.Instant | string) => dayAndTime(context, moment.toString());
  const subject =
    answer === 'declined'
      ? `Declined ${ticket.reference} of ${say(ticket.scheduled_at)}: find another time`
      : `Asks for ${asked_for ? say(asked_for) : 'another time'} instead of ${say(ticket.scheduled_at)} (${ticket.reference})`;
  const said = { occurred_at: context.now.toString(), subject, body: words ?? null };
  const due = { follow_up_at: inBusinessHours(context, 1).toString(), follow_up_status: 'pending' as const };
  const [last] = await lockFollowUpsOf(context, ticket.id);
  if (last) {
    const isWaiting = last.follow_up_status === 'pending';
    await updateRow(context, interactionRecord, last.id, { ...said, ...(isWaiting ? {} : due) });
    return;
  }
  await insertRow(context, interactionRecord, {
    id: newId(),
    type: 'email_inbound',
    direction: 'inbound',
    contact_id: ticket.contact_id,
    ticket_id: ticket.id,
    is_auto_generated: true,
    ...said,
    ...due,
  });
}

/** What a customer's own answer asked the office to do is done, or not needed any more. */
export async function endFollowUpsOf(
  context: Context,
  ticketId: string,
  status: 'completed' | 'canceled',
): Promise<void> {
  for (const { id, follow_up_status } of await lockFollowUpsOf(context, ticketId))
    if (follow_up_status === 'pending')
      await updateRow(context, interactionRecord, id, { follow_up_status: status });
}
