import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { counted } from '../kernel/words/plural.ts';
import { todayOf } from '../kernel/words/time.ts';
import { currenciesOf, defineAnalysis } from './analysis.ts';
import { askedSpan, cutWords, periodsOf, spanParams, spanWords, steps } from './periods.ts';
import { listSums, listSumsOfService, measures } from './queries.ts';
import { amountOf, averageOf, countWords, measureWords, shareOf } from './words.ts';

const line = z.object({
  /** `2026-11`, `2026-Q4`, or the Monday of a week. */
  period: z.string(),
  from: z.string(),
  to: z.string(),
  is_running: z.boolean(),
  measure: z.enum(measures),
  currency: z.string(),
  amount_cents: z.number(),
  count: z.number(),
  customers: z.number(),
  average_cents: z.number().nullable(),
  /** Customers who had been served before; null where that is not asked for: other measures than work, and one service. */
  repeat_customers: z.number().nullable(),
  repeat_percent: z.number().nullable(),
});

/** How a measure goes, step by step (ANA-02, ANA-03); a period without anything is a line of zeros. */
export const trends = defineAnalysis({
  type: 'analytics_trends',
  summary:
    'How work, bills or money received go by week, month or quarter, newest first: amount, count, average, repeat customers; of one service with service_id.',
  keywords: [
    'trend',
    'by week',
    'by month',
    'by quarter',
    'average spend',
    'repeat customers',
    'over time',
    'season',
    'figures',
    'reports',
    'metrics',
  ],
  row: line,
  default_fields: [
    'period',
    'is_running',
    'currency',
    'amount_cents',
    'count',
    'customers',
    'average_cents',
    'repeat_percent',
  ],
  params: z.strictObject({
    measure: z.enum(measures).default('work'),
    step: z.enum(steps).default('month'),
    service_id: ref('service').optional(),
    ...spanParams,
  }),
  async run(context, { measure, step, service_id, ...params }) {
    if (service_id !== undefined && measure !== 'work')
      throw invalid('measure', 'One service is told by work alone.', {
        got: measure,
        valid_options: ['work'],
      });
    const span = askedSpan(context, params, step);
    const periods = periodsOf(span, step, todayOf(context)).reverse();
    const found =
      service_id === undefined
        ? await listSums(context, measure, periods)
        : (await listSumsOfService(context, service_id, periods)).map(row => ({
            ...row,
            new_customers: null,
          }));
    const lines = periods.flatMap(({ key, from, to, is_running }, n) =>
      currenciesOf(context, found).map(currency => {
        const sum = found.find(row => row.n === n && row.currency === currency);
        const { cents = 0, count = 0, customers = 0 } = sum ?? {};
        const isTold = measure === 'work' && service_id === undefined;
        const repeat = isTold ? customers - (sum?.new_customers ?? 0) : null;
        return {
          period: key,
          from: from.toString(),
          to: to.toString(),
          is_running,
          measure,
          currency,
          amount_cents: cents,
          count,
          customers,
          average_cents: averageOf(cents, count),
          repeat_customers: repeat,
          repeat_percent: repeat === null ? null : shareOf(repeat, customers),
        };
      }),
    );
    const says = currenciesOf(context, found).flatMap(currency => {
      const own = lines.filter(each => each.currency === currency);
      const best = own.reduce<(typeof own)[number] | undefined>(
        (most, each) => (each.amount_cents > (most?.amount_cents ?? 0) ? each : most),
        undefined,
      );
      const all = own.reduce((sum, each) => sum + each.amount_cents, 0);
      const count = own.reduce((sum, each) => sum + each.count, 0);
      const average = averageOf(all, count);
      return [
        `${spanWords(span)}: ${amountOf(measure, all, currency)}, ${counted(count, countWords[measure])}${average === null ? '' : `, ${amountOf(measure, average, currency).replace(/ .*/, '')} each on average`}${best && own.length > 1 ? `; best ${step} ${wordsOf(best)} with ${amountOf(measure, best.amount_cents, currency).replace(/ .*/, '')}` : ''}.`,
      ];
    });
    return {
      lines,
      about: { measure: measureWords[measure], span, says: [...says, ...cutWords(periods, step)] },
    };
  },
});

/** `Nov 2026`, `Q4 2026`, `Oct 19–25, 2026`. */
function wordsOf({ period, from, to }: z.infer<typeof line>): string {
  const [, year, quarter] = /^(\d{4})-(Q\d)$/.exec(period) ?? [];
  if (quarter !== undefined) return `${quarter} ${year}`;
  return spanWords({ from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) });
}
