import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import type { WorkflowContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { localTime, movedFrom, newMoment } from '../kernel/words/time.ts';
import { postalCodeOf } from '../scheduling/drives.ts';
import { likingOf } from '../scheduling/liking.ts';
import { offeredSlot, offerHint, offerSlots, wishInput } from '../scheduling/offer.ts';
import { chooseCrew, chooseVisitToMove, crewToOffer, type MovedCrew } from '../tickets/move.ts';
import { sayMove } from '../tickets/moved-story.ts';
import { answerTaken, refusalOfTaken, sayWhoGoes, settledAnswer, takenAnswer } from '../tickets/taken.ts';
import { listCrew } from '../tickets/technicians.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { readFutureTime } from '../tickets/visit-time.ts';
import { tellOfGapAfter } from '../waitlist/opened.ts';

const input = z.strictObject({
  ticket_id: ref('ticket').optional(),
  contact_id: ref('contact').optional(),
  scheduled_at: newMoment.optional(),
  ...wishInput,
  technician_id: ref('member').optional(),
  reason: freeText.optional().meta({ description: 'why, in words: required of agents, as the reasoning' }),
  notify_customer: z.boolean().optional(),
});
type Wish = z.output<typeof input>;

/**
 * The customer wants another time (MCP-07): the old visit is cancelled and a new one booked that is linked to it, both or
 * neither, so the history shows why (CFL-36). Without a time it answers free ones. Cancelling wants a reasoning, and what
 * the owner wants to decide waits as a whole (MCP-16, MCP-17).
 */
export const handleRescheduleRequest = defineWorkflow({
  name: 'handle_reschedule_request',
  title: 'Move an appointment',
  deed: {
    verb: 'move',
    past: 'moved',
    object: 'visit',
    about: 'ticket',
    says: 'the visit {it}[ for {whose}] to {scheduled_at}',
  },
  summary:
    'Move a visit, or the only one of a customer, to scheduled_at with its services and prices; without a time answers free slots.',
  input,
  output: z.object({
    moved: z.boolean(),
    /** `moved from Tue 2026-11-24 10:00 to Fri 2026-11-27 10:00 (T-2008 → T-2011) by Dana` */
    story: z.string().optional(),
    ticket: z.looseObject({}).optional(),
    was: z.object({ reference: z.string(), local: z.string() }),
    ...settledAnswer,
    ...takenAnswer,
    slots: z.array(offeredSlot).optional(),
    /** What the customer likes, as it is known; it orders the slots. */
    customer_likes: z.string().optional(),
    hint: z.string().optional(),
  }),
  uses: ['ticket.cancel', 'ticket.rebook'],
  refusalIn: refusalOfTaken,
  reasoning_in: 'reason',
  // Whoever rebooks the old one, as its cancelling advises, books the customer twice.
  why_not_undone: 'the old visit stays cancelled; move the new one back to its time instead',
  example: { ticket_id: 'T-2001', scheduled_at: '2026-12-03T10:00' },
  card: 'slots',
  keywords: ['reschedule', 'move', 'postpone', 'another time', 'cannot make it'],
  async run(context, wish) {
    const ticket = await chooseVisitToMove(context, wish);
    const minutes = wish.duration_minutes ?? ticket.duration_minutes;
    const was = {
      reference: ticket.reference,
      local: localTime(ticket.scheduled_at, context.organization.time_zone),
    };
    const liking = await likingOf(context, await getRow(context, contactRecord, ticket.contact_id));
    const offered = async () => ({
      ...(await crewToOffer(context, ticket, wish)),
      minutes,
      liking,
      exceptTicket: ticket.id,
      postal_code: await postalCodeOf(context, ticket.id),
    });
    const known = liking.words === undefined ? {} : { customer_likes: liking.words };
    if (wish.scheduled_at === undefined) {
      const slots = await offerSlots(context, wish, await offered());
      return { moved: false, was, slots, ...known, hint: offerHint(slots) };
    }
    const { time_zone } = context.organization;
    const wanted = movedFrom(ticket.scheduled_at, wish.scheduled_at, time_zone, 'scheduled_at');
    const starts = readNewTime(context, wanted, ticket, wish);
    const crew = await chooseCrew(context, { ticket, wish, starts, minutes });
    if (!crew) {
      const wanted = wish.technician_id === undefined ? undefined : [wish.technician_id];
      const taken = await answerTaken(context, { crew: await offered(), starts, wanted });
      return { moved: false, was, ...taken, ...known };
    }
    const technicianIds = await listCrew(context, ticket.id);
    const freed = [{ technicianIds, from: ticket.scheduled_at, to: ticket.ends_at }];
    const { customer_told, ...moved } = await tellOfGapAfter(context, freed, () =>
      move(context, { ticket, wish, starts, minutes, crew }),
    );
    const { reference, scheduled_at } = rebooked.parse(moved);
    const said = sayMove(context, {
      from_at: ticket.scheduled_at,
      from_reference: ticket.reference,
      to_at: scheduled_at,
      to_reference: reference,
    });
    const story = `${said} by ${context.actor.name}`;
    return { moved: true, story, was, ticket: moved, ...sayWhoGoes({ ...moved, customer_told }) };
  },
});

const rebooked = z.object({ reference: z.string(), scheduled_at: z.string() });

/** As long as a reason may be; what it is moved to stands in front. */
const longestText = 20_000;

function readNewTime(context: WorkflowContext, text: string, ticket: Ticket, wish: Wish): Temporal.Instant {
  const starts = readFutureTime(context, text);
  const isOther = !starts.equals(Temporal.Instant.from(ticket.scheduled_at));
  if (isOther || wish.duration_minutes !== undefined || wish.technician_id !== undefined) return starts;
  throw invalid('scheduled_at', `${ticket.reference} is at that time already.`, {
    got: text,
    hint: 'Leave scheduled_at out to see free times.',
  });
}

async function move(
  context: WorkflowContext,
  {
    ticket,
    wish,
    starts,
    minutes,
    crew,
  }: { ticket: Ticket; wish: Wish; starts: Temporal.Instant; minutes: number; crew: MovedCrew },
) {
  const why = wish.reason ?? context.request.reasoning;
  const when = localTime(starts, context.organization.time_zone);
  for (const { name, by } of crew.replaced) context.warn(`${name} is not free then; ${by} goes instead.`);
  await context.call('ticket.cancel', {
    ticket_id: ticket.id,
    cancel_reason: `Rescheduled to ${when}${why === undefined ? '' : `: ${why}`}`.slice(0, longestText),
  });
  return context.call('ticket.rebook', {
    ticket_id: ticket.id,
    scheduled_at: starts.toString(),
    duration_minutes: minutes,
    technician_ids: crew.ids,
    notify_customer: wish.notify_customer ?? true,
  });
}
