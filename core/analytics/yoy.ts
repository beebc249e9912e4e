import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { counted } from '../kernel/words/plural.ts';
import { todayOf } from '../kernel/words/time.ts';
import { currenciesOf, defineAnalysis } from './analysis.ts';
import { type Beginnings, beginningsOf } from './first-day.ts';
import {
  askedSpan,
  cutWords,
  type Period,
  periodsOf,
  type Span,
  spanParams,
  spanWords,
  yearBefore,
} from './periods.ts';
import { listSums, type Measure, measures, type Sums } from './queries.ts';
import { listServices } from './service-queries.ts';
import {
  amountOf,
  averageOf,
  changeWords,
  countWords,
  measureWords,
  mostlyWords,
  percentOf,
} from './words.ts';

const line = z.object({
  /** `2026-11`. */
  month: z.string(),
  /** The days that are compared: those of the running month so far. */
  from: z.string(),
  to: z.string(),
  last_year_from: z.string(),
  last_year_to: z.string(),
  is_running: z.boolean(),
  measure: z.enum(measures),
  currency: z.string(),
  amount_cents: z.number(),
  last_year_cents: z.number(),
  difference_cents: z.number(),
  /** Null when there was nothing last year, and when the first day of all lies in the middle of those days. */
  percent: z.number().nullable(),
  /** Visits, invoices or payments, as the measure is. */
  count: z.number(),
  last_year_count: z.number(),
  customers: z.number(),
  last_year_customers: z.number(),
  /** Those whose first visit ever it was; null for other measures than work. */
  new_customers: z.number().nullable(),
  last_year_new_customers: z.number().nullable(),
  average_cents: z.number().nullable(),
  last_year_average_cents: z.number().nullable(),
});
type Line = z.infer<typeof line>;

/** Each month against the same month of the year before (ANA-01); the running one against the same days. */
export const yearOverYear = defineAnalysis({
  type: 'analytics_yoy',
  summary:
    'Each month against the same month last year, the running one against the same days: work, billed or received, visits, customers, new ones, average.',
  keywords: [
    'year over year',
    'compared with last year',
    'turnover',
    'revenue',
    'how are we doing',
    'growth',
    'sales',
    'statistics',
    'figures',
    'reports',
    'metrics',
  ],
  row: line,
  default_fields: [
    'month',
    'is_running',
    'currency',
    'amount_cents',
    'last_year_cents',
    'percent',
    'count',
    'last_year_count',
    'customers',
    'new_customers',
    'average_cents',
  ],
  params: z.strictObject({ measure: z.enum(measures).default('work'), ...spanParams }),
  async run(context, { measure, ...params }, { fields }) {
    const span = askedSpan(context, params);
    const months = periodsOf(span, 'month', todayOf(context)).reverse();
    const spans = months.flatMap(month => [month, yearBefore(month)]);
    const isTold = fields.some(name => name.endsWith('new_customers'));
    const sums = await listSums(context, measure, spans, isTold);
    const began = await beginningsOf(context, measure);
    const lines = months.flatMap((month, at) =>
      currenciesOf(context, sums).map(currency => {
        const line = lineOf(
          month,
          { measure, currency },
          sumAt(sums, 2 * at, currency),
          sumAt(sums, 2 * at + 1, currency),
        );
        return began.isWhole(yearBefore(month)) ? line : { ...line, percent: null };
      }),
    );
    return {
      lines,
      about: {
        measure: measureWords[measure],
        span,
        ...(began.isWhole(yearBefore(span)) ? { before: yearBefore(span) } : {}),
        says: [...(await sayings(context, measure, span, { lines, began })), ...cutWords(months, 'month')],
        more: began.facts,
      },
    };
  },
});

const sumAt = (sums: readonly Sums[], n: number, currency: string): Sums =>
  sums.find(sum => sum.n === n && sum.currency === currency) ?? {
    n,
    currency,
    cents: 0,
    count: 0,
    customers: 0,
    new_customers: null,
  };

function lineOf(
  month: Period,
  { measure, currency }: Pick<Line, 'measure' | 'currency'>,
  now: Sums,
  before: Sums,
): Line {
  const last = yearBefore(month);
  const newOnes = (sum: Sums) => (measure === 'work' ? (sum.new_customers ?? 0) : null);
  return {
    month: month.key,
    from: month.from.toString(),
    to: month.to.toString(),
    last_year_from: last.from.toString(),
    last_year_to: last.to.toString(),
    is_running: month.is_running,
    measure,
    currency,
    amount_cents: now.cents,
    last_year_cents: before.cents,
    difference_cents: now.cents - before.cents,
    percent: percentOf(now.cents, before.cents),
    count: now.count,
    last_year_count: before.count,
    customers: now.customers,
    last_year_customers: before.customers,
    new_customers: newOnes(now),
    last_year_new_customers: newOnes(before),
    average_cents: averageOf(now.cents, now.count),
    last_year_average_cents: averageOf(before.cents, before.count),
  };
}

/** Of each currency: the newest month against the year before, what it was mostly, and the whole period. */
async function sayings(
  context: ReadContext,
  measure: Measure,
  span: Span,
  { lines, began }: { lines: readonly Line[]; began: Beginnings },
): Promise<string[]> {
  const [newest] = lines;
  if (!newest) return [];
  const month = spanOf(newest.from, newest.to);
  const services = measure === 'work' ? await listServices(context, [month]) : [];
  return currenciesOf(context, lines).flatMap(currency => {
    const own = lines.filter(line => line.currency === currency);
    const [now] = own;
    if (!now) return [];
    const than = `the same days of ${month.from.year - 1}`;
    const isMonth = month.from.day === 1 && month.to.day === month.to.daysInMonth;
    const mostly = mostlyWords(
      services.flatMap(row =>
        row.currency === currency
          ? [{ name: row.service ?? 'work off the price list', cents: row.cents }]
          : [],
      ),
    );
    const last = spanOf(now.last_year_from, now.last_year_to);
    const change = began.isWhole(last)
      ? changeWords(now.amount_cents, now.last_year_cents, isMonth ? spanWords(last) : than)
      : began.words;
    const said = `${spanWords(month)}: ${amountOf(measure, now.amount_cents, currency)}, ${counted(now.count, countWords[measure])}, ${change}${mostly === undefined ? '' : `, ${mostly}`}.`;
    if (own.length === 1) return [said];
    const all = sumOf(own, 'amount_cents');
    const whole = began.isWhole(yearBefore(span))
      ? changeWords(all, sumOf(own, 'last_year_cents'), 'the same days a year before')
      : began.words;
    return [`${said} ${spanWords(span)}: ${amountOf(measure, all, currency)}, ${whole}.`];
  });
}

const spanOf = (from: string, to: string): Span => ({
  from: Temporal.PlainDate.from(from),
  to: Temporal.PlainDate.from(to),
});

const sumOf = (lines: readonly Line[], name: 'amount_cents' | 'last_year_cents'): number =>
  lines.reduce((sum, each) => sum + each[name], 0);
