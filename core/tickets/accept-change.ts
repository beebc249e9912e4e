import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { localTime, moment } from '../kernel/words/time.ts';
import { offerSlots } from '../scheduling/offer.ts';
import { isAtWork } from '../scheduling/presence.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { reserveTechnicians } from './assignment.ts';
import { chooseCrew, crewToOffer, type MovedCrew } from './move.ts';
import { readNewPeriod, tellOfNewTime, writeNewPeriod } from './new-time.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import { insertTechnician } from './queries.ts';
import { answerTaken } from './taken.ts';
import { listCrew, takeOff } from './technicians.ts';
import { lockOpenTicket, type Ticket } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';
import { readFutureTime } from './visit-time.ts';

/**
 * Gives a customer the other time they asked for (EML-06): the visit is moved there if it is still free, its people come along or
 * others who are free go instead, and the customer is told. Who asked in words alone is given a time with `scheduled_at`, and
 * is asked whether that suits them. Throws CONFLICT with what is free when the time is taken by now.
 */
export const acceptChange = defineAction({
  domain: 'ticket',
  name: 'accept_change',
  summary:
    'Move a visit to the time its customer asked for, and tell them; scheduled_at when they asked in words alone.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    scheduled_at: moment.optional(),
    notify_customer: z.boolean().optional(),
  }),
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'ticket_id',
  past: 'accepted',
  object: 'change of a visit',
  says: 'the change of the visit {it}[ for {whose}] to {scheduled_at}',
  example: { ticket_id: 'T-2001' },
  touches: ['email'],
  keywords: ['agree', 'asked for', 'another time', 'request', 'wish', 'reschedule'],
  async run(context, { ticket_id, scheduled_at, notify_customer = true }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    requireAsked(ticket);
    const starts = await readWish(context, ticket, scheduled_at);
    const isAsked = starts.epochMilliseconds === Date.parse(ticket.asked_for_at ?? '');
    const crew = await findCrew(context, ticket, starts);
    // What a customer has asked for needs no second yes.
    const told = { notify: notify_customer, is_agreed: isAsked };
    const technicianIds = await listCrew(context, ticket.id);
    await moveTo(context, ticket, { starts, crew, told });
    const customer_told = notify_customer ? await tellOfNewTime(context, ticket, isAsked) : undefined;
    await tellOfGap(context, [{ technicianIds, from: ticket.scheduled_at, to: ticket.ends_at }]);
    return { ...(await answerTicket(context, ticket.id)), customer_told };
  },
});

function requireAsked({ reference, confirmation_status }: Ticket): void {
  if (confirmation_status === 'modify_requested') return;
  throw new DeskhandError('INVALID_STATE', `The customer of ${reference} asks for no other time.`, {
    field: 'ticket_id',
    state: confirmation_status,
    hint: 'Move it with ticket.reschedule, or book the customer anew with handle_reschedule_request.',
  });
}

/** Throws VALIDATION_ERROR, with what is free, for a wish in words alone, and for a time at which nobody works unless it is said. */
async function readWish(
  context: Context,
  ticket: Ticket,
  text: string | undefined,
): Promise<Temporal.Instant> {
  if (text !== undefined) return readFutureTime(context, text);
  const { asked_for_at, customer_words, reference } = ticket;
  const isToCome = asked_for_at !== null && Date.parse(asked_for_at) > context.now.epochMilliseconds;
  if (isToCome && (await isAtWork(context, { from: asked_for_at })))
    return Temporal.Instant.from(asked_for_at);
  const why = isToCome
    ? `The customer of ${reference} asked for ${localTime(asked_for_at, context.organization.time_zone).slice(0, 20)}, when you are closed.`
    : asked_for_at === null
      ? `The customer of ${reference} named no time${customer_words === null ? '' : `: ${quoteStart(customer_words, 200)}`}.`
      : `The time the customer of ${reference} asked for is past.`;
  throw invalid('scheduled_at', why, {
    slots: await offerSlots(context, {}, await crewOf(context, ticket)),
    hint: 'Give scheduled_at, one of the slots for example.',
  });
}

const crewOf = async (context: Context, ticket: Ticket) => ({
  ...(await crewToOffer(context, ticket, {})),
  minutes: ticket.duration_minutes,
  exceptTicket: ticket.id,
});

async function findCrew(context: Context, ticket: Ticket, starts: Temporal.Instant): Promise<MovedCrew> {
  const minutes = ticket.duration_minutes;
  const crew = await chooseCrew(context, { ticket, wish: {}, starts, minutes });
  if (crew) return crew;
  const { hint: _, ...taken } = await answerTaken(context, {
    crew: await crewOf(context, ticket),
    starts,
    wanted: undefined,
  });
  const when = localTime(starts, context.organization.time_zone).slice(0, 20);
  throw new DeskhandError('CONFLICT', `${when} is taken by now; nothing was moved.`, {
    field: 'scheduled_at',
    ...taken,
    hint: 'Call again with scheduled_at set to one of the slots, or call the customer.',
  });
}

async function moveTo(
  context: Context,
  ticket: Ticket,
  {
    starts,
    crew,
    told,
  }: { starts: Temporal.Instant; crew: MovedCrew; told: { notify: boolean; is_agreed: boolean } },
): Promise<void> {
  for (const { name, by } of crew.replaced) context.warn(`${name} is not free then; ${by} goes instead.`);
  const period = readNewPeriod(context, ticket, { scheduled_at: starts.toString() });
  await reserveTechnicians(context, crew.ids, period, ticket.id);
  for (const id of await listCrew(context, ticket.id))
    if (!crew.ids.includes(id)) await takeOff(context, ticket.id, id);
  await writeNewPeriod(context, ticket, period, told);
  for (const id of crew.ids) await insertTechnician(context, ticket.id, id);
  if (crew.ids.length === 0) await warnNobodyYet(context, ticket.id, period);
}
