import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { WorkflowContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { moment } from '../kernel/words/time.ts';
import { likingOf } from '../scheduling/liking.ts';
import { type Crew, offeredSlot, offerHint, offerSlots, wishInput } from '../scheduling/offer.ts';
import { findFree } from '../scheduling/slots.ts';
import { firstVisitOf, seriesAnswer } from '../series/answer.ts';
import { weekdaysIn } from '../series/plan.ts';
import { planVisit } from '../tickets/create.ts';
import { newLine } from '../tickets/pricing.ts';
import { answerTaken, refusalOfTaken, sayWhoGoes, settledAnswer, takenAnswer } from '../tickets/taken.ts';
import { answerTicket } from '../tickets/ticket-answer.ts';
import { readVisitTime } from '../tickets/visit-time.ts';

const input = z.strictObject({
  contact_id: ref('contact'),
  lines: z.array(newLine).max(50).optional().meta({ description: 'services by name or reference' }),
  scheduled_at: moment.optional(),
  ...wishInput,
  technician_id: ref('member').optional(),
  address_id: ref('address').optional(),
  notes: freeText.optional(),
  repeat: z.string().min(3).max(200).optional().meta({ description: 'every 6 weeks' }),
  notify_customer: z.boolean().optional(),
});
type Wish = z.output<typeof input>;

const repeated = seriesAnswer
  .pick({ reference: true, repeats: true, ends_on: true, next: true, to_be_placed: true })
  .strip();

/** Customer, availability, visit, confirmation in one call (MCP-06). A time books; a wish answers the best free slots. */
export const scheduleAppointment = defineWorkflow({
  name: 'schedule_appointment',
  title: 'Book an appointment',
  deed: { verb: 'book', past: 'booked', object: 'visit', about: 'ticket' },
  summary:
    'Book a visit at scheduled_at with a free technician and mail the customer; without a time, or when busy, answers free slots.',
  input,
  output: z.object({
    booked: z.boolean(),
    ticket: z.looseObject({}).optional(),
    /** The series of a visit that comes again, with its next five dates. */
    series: repeated.optional(),
    ...settledAnswer,
    ...takenAnswer,
    slots: z.array(offeredSlot).optional(),
    /** What the customer likes, as it is known; it orders the slots. */
    customer_likes: z.string().optional(),
    hint: z.string().optional(),
  }),
  uses: ['ticket.create', 'series.create'],
  refusalIn: refusalOfTaken,
  example: {
    contact_id: 'Jane Smith',
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
    scheduled_at: '2026-12-01T09:00',
  },
  card: 'slots',
  keywords: ['book', 'schedule', 'appointment', 'visit', 'job', 'free time', 'slot'],
  async run(context, wish) {
    const { minutes, customer, place } = await planVisit(context, wish);
    const liking = await likingOf(context, customer);
    const crew: Crew = {
      minutes,
      liking,
      postal_code: place?.postal_code,
      ...(wish.technician_id === undefined ? {} : { technicianIds: [wish.technician_id] }),
    };
    const known = liking.words === undefined ? {} : { customer_likes: liking.words };
    if (wish.scheduled_at === undefined) {
      const weekdays = wish.repeat === undefined ? undefined : weekdaysIn(wish.repeat);
      const slots = await offerSlots(context, weekdays ? { ...wish, weekdays } : wish, crew);
      return { booked: false, slots, ...known, hint: offerHint(slots) };
    }
    const starts = readVisitTime(context, wish.scheduled_at);
    const technician = await chooseTechnician(context, { wish, starts, crew });
    if (technician === undefined) {
      const taken = await answerTaken(context, { crew, starts, wanted: crew.technicianIds });
      return { booked: false, ...taken, ...known };
    }
    const {
      from: _from,
      to: _to,
      preference: _preference,
      near: _near,
      technician_id: _technician,
      repeat,
      ...facts
    } = wish;
    const visit = {
      ...withoutUndefined(facts),
      duration_minutes: minutes,
      technician_ids: [technician],
      notify_customer: wish.notify_customer ?? true,
    };
    if (repeat !== undefined) return { ...(await bookSeries(context, visit, { repeat, starts })), ...known };
    const scheduled_at = starts.toString();
    const { customer_told, ...ticket } = await context.call('ticket.create', { ...visit, scheduled_at });
    return { booked: true, ticket, ...sayWhoGoes({ ...ticket, customer_told }), ...known };
  },
});

/** Books a visit that comes again; answers the first one, and when the next ones are. */
async function bookSeries(
  context: WorkflowContext,
  { scheduled_at: _at, ...visit }: Record<string, unknown>,
  { repeat, starts }: { repeat: string; starts: Temporal.Instant },
) {
  const local = starts.toZonedDateTimeISO(context.organization.time_zone);
  const { customer_told, ...made } = await context.call('series.create', {
    ...visit,
    rule: repeat,
    starts_on: local.toPlainDate().toString(),
    start_time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  });
  const series = repeated.parse(made);
  const first = await firstVisitOf(context, series.reference);
  const ticket = first && (await answerTicket(context, first.id));
  return { booked: true, series, ...(ticket ? { ticket, ...sayWhoGoes({ ...ticket, customer_told }) } : {}) };
}

/** The technician for a time: the wanted one if free, else whom the customer likes, else the first free one; or nobody. */
async function chooseTechnician(
  context: WorkflowContext,
  { wish, starts, crew }: { wish: Wish; starts: Temporal.Instant; crew: Crew },
): Promise<string | undefined> {
  const ends = starts.add({ minutes: crew.minutes });
  const { liking, postal_code } = crew;
  const free = await findFree(context, { from: starts.toString(), to: ends.toString(), postal_code });
  const only = wish.technician_id;
  if (only !== undefined) return free.find(({ id }) => id === only)?.id;
  return (free.find(({ id }) => id === liking?.technician?.id) ?? free[0])?.id;
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
