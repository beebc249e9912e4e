import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { dayBounds } from '../kernel/words/time.ts';
import { openSpans } from '../scheduling/business-hours.ts';
import { absenceRecord } from './absence.ts';
import { federalHolidays, type Holiday } from './holidays.ts';
import { listClosures } from './queries.ts';

const added = z.object({ reference: z.string(), date: z.string(), name: z.string() });

/**
 * Closes the business on the federal holidays of a year that are still to come. Days on which it is closed anyway, by its hours
 * or because somebody said so, are left alone, so that doing it twice adds nothing. Throws INVALID_STATE for a business of
 * another country, whose holidays nobody taught us.
 */
export const addHolidays = defineAction({
  domain: 'absence',
  name: 'add_holidays',
  summary: 'Close on the US federal holidays of a year that are still to come; each can be taken out again.',
  input: z.strictObject({ year: z.int().min(2000).max(2100) }),
  output: z.object({ added: z.array(added) }),
  permission: { level: 'soft_limit' },
  effect: 'create',
  undo: 'absence.delete',
  past: 'added',
  object: 'holidays',
  says: 'the holidays {made}',
  example: { year: 2027 },
  keywords: ['federal', 'public holidays', 'bank holidays', 'thanksgiving', 'christmas', 'closed'],
  async run(context, { year }) {
    if (context.organization.country !== 'US') {
      throw new DeskhandError('INVALID_STATE', 'Only the holidays of the United States are known here.', {
        hint: 'Add each day with absence.create, kind holiday.',
      });
    }
    const free = await stillOpen(context, federalHolidays(year));
    const rows: z.input<typeof added>[] = [];
    for (const { date, name } of free) {
      const row = await createRecord(context, absenceRecord, {
        kind: 'holiday',
        starts_at: date.toString(),
        ends_at: date.toString(),
        reason: name,
      });
      rows.push({ reference: row.reference, date: date.toString(), name });
    }
    if (rows.length === 0) context.unchanged();
    return { added: rows };
  },
});

/** Those to come on which the business would be open. */
async function stillOpen(context: Context, holidays: readonly Holiday[]): Promise<Holiday[]> {
  const { business_hours, time_zone } = context.organization;
  const [first, last] = [holidays[0], holidays.at(-1)];
  if (!first || !last) return [];
  const closed = await listClosures(context, {
    from: dayBounds(first.date, time_zone).from.toString(),
    to: dayBounds(last.date, time_zone).to.toString(),
  });
  const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
  return holidays.filter(({ date }) => {
    const { from, to } = dayBounds(date, time_zone);
    return (
      Temporal.PlainDate.compare(date, today) >= 0 &&
      openSpans(business_hours, time_zone, date, date).length > 0 &&
      !closed.some(
        ({ starts_at, ends_at }) =>
          Date.parse(starts_at) < to.epochMilliseconds && Date.parse(ends_at) > from.epochMilliseconds,
      )
    );
  });
}
