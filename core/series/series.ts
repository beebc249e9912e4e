import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { nextMoments, type Plan } from './dates.ts';
import { listPlans } from './queries.ts';
import { type Series, seriesFields } from './record.ts';

/**
 * Visits that come again (SCH-04, SCH-05). Its visits are made some weeks ahead, each date exactly once, and are visits like
 * any other from then on: what is done to one by hand is done to this one, and stays when the series changes. What is said of
 * the series holds from a date on, for all visits after it.
 */
export const seriesRecord = defineRecord({
  name: 'series',
  plural: 'series',
  noun: 'series',
  nouns: 'series',
  summary: 'Visits that come again: for whom, every how many weeks or months, since when and until when.',
  keywords: [
    'recurring',
    'repeat',
    'regular',
    'every week',
    'every month',
    'subscription',
    'maintenance plan',
  ],
  reference: { prefix: 'SER', start: 1 },
  fields: seriesFields,
  by_hand: ['create', 'update'],
  filters: {
    active: { summary: 'that go on', where: () => sql`status = 'active'` },
  },
  ...namedAfter('series', {
    owners: ['contact_id'],
    usual: ['active'],
    at: { day: sql`r.starts_on`, else: sql`r.created_at` },
    label: sql`r.repeats`,
  }),
  actions: {},
  includes: {
    next: {
      summary: 'when it comes next, in local time',
      async load(context: ReadContext, ids: readonly string[]): Promise<Map<string, string[]>> {
        const all = await listPlans(context, ids);
        return new Map(all.map(({ id, ...plan }) => [id, nextTimes(context, plan)]));
      },
    },
  },
});

/** So many dates to come are told. */
const mostTold = 5;

/** When a series comes next by its rule, `Mon 2026-12-07 09:00 -06:00`; nothing for one that has ended. */
export const nextTimes = (context: ReadContext, series: Plan & Pick<Series, 'status'>): string[] =>
  series.status === 'ended'
    ? []
    : nextMoments(context, series, mostTold).map(starts => localTime(starts, context.organization.time_zone));

/** The locked row of a series that still goes on. Throws INVALID_STATE or NOT_FOUND. */
export async function lockActive(context: Context, id: string): Promise<Series> {
  const series = await getRow(context, seriesRecord, id, { lock: true });
  if (series.status === 'active') return series;
  throw new DeskhandError('INVALID_STATE', `${series.reference} has ended.`, {
    field: 'series_id',
    hint: 'Its visits stay as they are; series.create starts another one.',
  });
}
