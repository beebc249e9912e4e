import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, readDay } from '../kernel/words/time.ts';
import { fewSlots } from './few-slots.ts';
import { findSlots } from './slots.ts';

export const slotRow = z.object({
  technician_id: z.string(),
  technician: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  local: z.string(),
});

/** Free times for a visit (SCH-03, GAP-05). Technicians see their own. */
export const availability = defineView({
  type: 'availability',
  whose: 'ours',
  domain: 'scheduling',
  summary:
    'Free times: business hours minus booked visits, by technician, duration and preferred half of the day.',
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
    contact_id: ref('contact').optional().meta({ description: 'what this customer likes comes first; few' }),
  }),
  default_fields: ['technician', 'technician_id', 'starts_at', 'local'],
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params, limit }) {
    const today = context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
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
      ...(params.preference === undefined ? {} : { preference: params.preference }),
    };
    const slots =
      params.few || params.contact_id !== undefined
        ? await fewSlots(context, wish, params.contact_id)
        : await findSlots(context, wish);
    return { rows: slots.map(slot => ({ ...slot })) };
  },
});
