import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../../core/kernel/context.ts';
import { defineWorkflow } from '../../core/kernel/define.ts';
import { DeskhandError, invalid } from '../../core/kernel/errors.ts';
import { ref } from '../../core/kernel/refs.ts';
import { freeText } from '../../core/kernel/schema.ts';
import { day, moment, readDay, readMoment } from '../../core/kernel/time.ts';
import { findFree, findSlots, type Slot } from '../../core/scheduling/slots.ts';
import { planVisit } from '../../core/tickets/create.ts';
import { newLine } from '../../core/tickets/pricing.ts';

const input = z.strictObject({
  contact_id: ref('contact'),
  lines: z.array(newLine).max(50).optional().meta({ description: 'services by name or reference' }),
  scheduled_at: moment.optional(),
  from: day.optional(),
  to: day.optional(),
  preference: z.enum(['morning', 'afternoon', 'any']).optional(),
  duration_minutes: z.int().min(5).max(1440).optional(),
  technician_id: ref('member').optional(),
  address_id: ref('address').optional(),
  notes: freeText.optional(),
  notify_customer: z.boolean().optional(),
});
type Wish = z.output<typeof input>;

const slot = z.object({ technician: z.string(), starts_at: z.string() });

const output = z.object({
  booked: z.boolean(),
  ticket: z.looseObject({}).optional(),
  slots: z.array(slot).optional(),
  hint: z.string().optional(),
});

const mostSlots = 5;

/** Customer, availability, visit, confirmation in one call (MCP-06). A time books; a wish answers the best free slots. */
export const scheduleAppointment = defineWorkflow({
  name: 'schedule_appointment',
  title: 'Book an appointment',
  summary:
    'Book a visit at scheduled_at with a free technician and mail the customer; without a time, or when busy, answers free slots.',
  input,
  output,
  uses: ['ticket.create'],
  keywords: ['book', 'appointment', 'visit'],
  async run(context, wish) {
    const plan = await planVisit(context, wish);
    if (wish.scheduled_at === undefined) return offer(context, wish, plan.minutes);
    const starts = readMoment(wish.scheduled_at, context.organization.time_zone, 'scheduled_at');
    const technician = await chooseTechnician(context, wish, starts, plan.minutes);
    if (technician === undefined) {
      const slots = await nextSlots(context, wish, starts, plan.minutes);
      return { booked: false, slots, hint: 'Nobody is free then; these are the next free times.' };
    }
    const { from: _from, to: _to, preference: _preference, technician_id: _technician, ...facts } = wish;
    const ticket = await context.call('ticket.create', {
      ...withoutUndefined(facts),
      scheduled_at: starts.toString(),
      duration_minutes: plan.minutes,
      technician_ids: [technician],
      notify_customer: wish.notify_customer ?? true,
    });
    return { booked: true, ticket };
  },
});

async function offer(context: Context, wish: Wish, minutes: number): Promise<z.input<typeof output>> {
  const today = context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
  const fromDay = wish.from === undefined ? today : readDay(wish.from, 'from');
  const toDay = wish.to === undefined ? fromDay.add({ days: 6 }) : readDay(wish.to, 'to');
  if (Temporal.PlainDate.compare(toDay, fromDay) < 0)
    throw invalid('to', '"to" comes before "from".', { got: wish.to });
  if (fromDay.until(toDay).days > 61) throw invalid('to', 'Look at two months at most.', { got: wish.to });
  const slots = await findSlots(context, { ...whoAndHow(wish, minutes), fromDay, toDay });
  return {
    booked: false,
    slots: distinct(slots),
    hint:
      slots.length > 0
        ? 'Nothing is booked yet: call again with scheduled_at set to one of the slots.'
        : 'No free time there: ask for other days or a shorter duration.',
  };
}

/** The technician for a time: the wanted one if free, else the first free one; undefined when nobody is. */
async function chooseTechnician(
  context: Context,
  wish: Wish,
  starts: Temporal.Instant,
  minutes: number,
): Promise<string | undefined> {
  const period = { from: starts.toString(), to: starts.add({ minutes }).toString() };
  const free = await findFree(context, period);
  if (wish.technician_id !== undefined) return free.find(member => member.id === wish.technician_id)?.id;
  if (free.length > 0) return free[0]?.id;
  return undefined;
}

async function nextSlots(context: Context, wish: Wish, starts: Temporal.Instant, minutes: number) {
  const fromDay = starts.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
  const slots = await findSlots(context, {
    ...whoAndHow(wish, minutes),
    fromDay,
    toDay: fromDay.add({ days: 13 }),
  });
  if (slots.length > 0) return distinct(slots);
  throw new DeskhandError('CONFLICT', 'Nobody is free then, nor in the two weeks after.', {
    field: 'scheduled_at',
    hint: 'Ask availability for later days, or check business hours and bookable members.',
  });
}

const whoAndHow = (wish: Wish, minutes: number) => ({
  durationMinutes: minutes,
  most: 200,
  preference: wish.preference ?? ('any' as const),
  ...(wish.technician_id === undefined ? {} : { technicianIds: [wish.technician_id] }),
});

/** The best starts, each once: a customer chooses a time, not a technician. */
function distinct(slots: readonly Slot[]): { technician: string; starts_at: string }[] {
  const byStart = new Map<string, string>();
  for (const { technician, starts_at } of slots)
    if (!byStart.has(starts_at)) byStart.set(starts_at, technician);
  return [...byStart].slice(0, mostSlots).map(([starts_at, technician]) => ({ technician, starts_at }));
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
