import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { moment } from '../kernel/words/time.ts';
import { businessPhone } from '../organizations/letterhead.ts';
import { isAtWork } from '../scheduling/presence.ts';
import { answerVisit } from './answer.ts';
import { answers } from './record.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { dayAndTime } from './told-visit.ts';
import { readFutureTime } from './visit-time.ts';

/** As much as a customer may write. */
export const mostWords = 1000;

/**
 * The customer answers for themselves (TKT-11, EML-07, TEN-31), by the link of a mail: accept, decline, or ask for another
 * time, in words of their own or one of the free times they were shown. A second answer before the visit counts; the last one
 * stands. The words for what is refused are read by the customer.
 */
export const respondToTicket = defineAction({
  domain: 'ticket',
  name: 'respond',
  summary:
    'Answer an appointment as its customer: accept, decline or ask for another time; done by the link in a mail.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    answer: z.enum(answers),
    scheduled_at: moment.optional().meta({ description: 'the other time that is asked for' }),
    words: z.string().trim().max(mostWords).optional(),
  }),
  output: z.object({
    reference: z.string(),
    answer: z.enum(answers),
    /** `Tuesday, December 1 at 9:00 AM` */
    when: z.string(),
    asked_for: z.string().optional(),
  }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'answered',
  verb: 'answer',
  example: { ticket_id: 'T-2001', answer: 'accepted' },
  open_to: ['customer'],
  human_only: true,
  roles: [],
  async run(context, { ticket_id, answer, scheduled_at, words }) {
    if (context.actor.kind === 'customer' && context.link?.subject_id !== ticket_id)
      throw new DeskhandError('FORBIDDEN', 'This link is for another appointment.');
    const ticket = await getRow(context, ticketRecord, ticket_id, { lock: true });
    requireToCome(context, ticket);
    const asked_for =
      answer === 'modify_requested' ? await readWish(context, ticket, scheduled_at) : undefined;
    const said = words === '' ? undefined : words;
    if (answer === 'modify_requested' && asked_for === undefined && said === undefined)
      throw invalid('words', 'Please choose a time, or write to us when it would suit you.');
    await answerVisit(context, ticket, { answer, asked_for, words: said });
    return {
      reference: ticket.reference,
      answer,
      when: dayAndTime(context, ticket.scheduled_at),
      ...(asked_for === undefined ? {} : { asked_for: dayAndTime(context, asked_for.toString()) }),
    };
  },
});

/** Throws INVALID_STATE, with the way on, for a visit that is over, has begun, or was cancelled. */
function requireToCome(context: Context, ticket: Ticket): void {
  const why = whyOver(context, ticket);
  if (why !== undefined) throw new DeskhandError('INVALID_STATE', why, { state: ticket.status });
}

/** What its customer is told of a visit that nothing can be said to any more; undefined for one to come. */
export function whyOver(
  context: Pick<Context, 'now' | 'organization'>,
  { status, scheduled_at }: Ticket,
): string | undefined {
  const phone = settingOf(context, businessPhone);
  const call =
    phone === '' ? 'Please reply to our e-mail' : `Please call us at ${phoneWords(context, phone)}`;
  if (status === 'cancelled')
    return `This appointment was cancelled or moved. If you have a newer e-mail from us, please use that one. ${call} with any question.`;
  const hasBegun = Date.parse(scheduled_at) <= context.now.epochMilliseconds;
  if (status === 'scheduled' && !hasBegun) return undefined;
  return `This appointment has begun already, or is over. ${call} with any question.`;
}

export const phoneWords = ({ organization }: Pick<Context, 'organization'>, phone: string): string =>
  formatPhone(phone, organization.country);

/**
 * The other time they would like. Whatever is posted, a time at which nobody works was shown to nobody and is none: what else they
 * say is their answer then.
 */
async function readWish(
  context: Context,
  ticket: Ticket,
  text: string | undefined,
): Promise<Temporal.Instant | undefined> {
  if (text === undefined || text === '') return undefined;
  const wish = readFutureTime(context, text);
  if (wish.epochMilliseconds === Date.parse(ticket.scheduled_at))
    throw invalid('scheduled_at', 'Your appointment is at that time already.');
  const to = wish.add({ minutes: ticket.duration_minutes }).toString();
  return (await isAtWork(context, { from: wish.toString(), to })) ? wish : undefined;
}
