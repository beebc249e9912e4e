import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { listAway, sayAway } from '../absences/away.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { capital } from '../kernel/words/capital.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay, todayOf } from '../kernel/words/time.ts';
import { fewSlots } from './few-slots.ts';
import { findSlots, type SlotWish } from './slots.ts';

export const slotRow = z.object({
  technician_id: z.string(),
  technician: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  local: z.string(),
  /** `Theo is in Madison that morning`; with `near`. */
  near: z.string().optional(),
});

/** Free times for a visit (SCH-03, GAP-05). Technicians see their own. */
export const availability = defineView({
  type: 'availability',
  whose: 'ours',
  domain: 'scheduling',
  summary:
    'Free times: working hours minus booked visits, absences and closed days, by technician, duration and half of the day.',
  keywords: ['free', 'slots', 'opening', 'when can we'],
  often: { rank: 1 },
  row: slotRow,
  params: z.strictObject({
    from: day.optional(),
    to: day.optional(),
    duration_minutes: z.int().min(5).max(1440).optional(),
    technician_id: ref('member').optional(),
    preference: z.enum(['morning', 'afternoon', 'any']).optional(),
    few: z.boolean().optional().meta({ description: 'a few times spread over the days, rather than all' }),
    near: z.boolean().optional().meta({
      description: 'with contact_id: days when somebody is near come first, and why is said',
    }),
    contact_id: ref('contact').optional().meta({ description: 'what this customer likes comes first; few' }),
  }),
  default_fields: ['technician', 'technician_id', 'starts_at', 'local', 'near'],
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params, limit }) {
    const today = todayOf(context);
    const fromDay = params.from === undefined ? today : readDay(params.from, 'from');
    const toDay = params.to === undefined ? fromDay.add({ days: 6 }) : readDay(params.to, 'to');
    const days = fromDay.until(toDay).days;
    if (Temporal.PlainDate.compare(toDay, fromDay) < 0) {
      throw invalid('to', '"to" comes before "from".', { got: params.to });
    }
    if (days > 61) throw invalid('to', 'Ask for at most two months at once.', { got: params.to });
    const own = context.actor.role === 'technician' ? (context.actor.id ?? undefined) : undefined;
    const technicianId = own ?? params.technician_id;
    const wish = {
      fromDay,
      toDay,
      durationMinutes: params.duration_minutes ?? 60,
      most: limit,
      ...(technicianId === undefined ? {} : { technicianIds: [technicianId] }),
      ...(params.near ? { near: true } : {}),
      ...(params.preference === undefined ? {} : { preference: params.preference }),
    };
    const isFew = params.few || params.near || params.contact_id !== undefined;
    const [slots] = await Promise.all([
      isFew ? fewSlots(context, wish, params.contact_id) : findSlots(context, wish),
      tellAway(context, wish),
    ]);
    return { rows: slots.map(slot => ({ ...slot })) };
  },
});

/** Of days that are missing somebody wants to know why: closed days, and when the technician that was asked for is away. */
async function tellAway(
  context: ReadContext,
  { fromDay, toDay, technicianIds = [] }: Pick<SlotWish, 'fromDay' | 'toDay' | 'technicianIds'>,
): Promise<void> {
  const { time_zone } = context.organization;
  const away = await listAway(context, {
    memberIds: technicianIds,
    from: dayBounds(fromDay, time_zone).from.toString(),
    to: dayBounds(toDay, time_zone).to.toString(),
  });
  if (away.length === 0) return;
  const told = away.slice(0, mostTold).map(each => sayAway(context, each));
  const more = away.length > mostTold ? `; and ${away.length - mostTold} more, in absences` : '';
  const text = told.join('; ');
  context.warn(`${capital(text)}${more}.`);
}

const mostTold = 5;
