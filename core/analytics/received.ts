import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { formatMoney } from '../kernel/words/money.ts';
import { counted } from '../kernel/words/plural.ts';
import { todayOf } from '../kernel/words/time.ts';
import { currenciesOf, defineAnalysis, rowsBehind } from './analysis.ts';
import { askedSpan, cutWords, periodsOf, spanParams, spanWords, steps } from './periods.ts';
import { listMoved, listOpen } from './queries.ts';
import { measureWords } from './words.ts';

const receivedLine = z.object({
  period: z.string(),
  from: z.string(),
  to: z.string(),
  is_running: z.boolean(),
  currency: z.string(),
  payments: z.number(),
  received_cents: z.number(),
  refunded_cents: z.number(),
  net_cents: z.number(),
});

/** Money that came in, and what of it was given back, each on its own day. */
export const moneyReceived = defineAnalysis({
  type: 'analytics_received',
  summary:
    'Money received by week, month or quarter, newest first: what came in, what was given back, what stays.',
  keywords: ['figures', 'cash flow', 'income', 'payments', 'refunds', 'money in', 'received'],
  row: receivedLine,
  default_fields: [
    'period',
    'is_running',
    'currency',
    'payments',
    'received_cents',
    'refunded_cents',
    'net_cents',
  ],
  params: z.strictObject({ step: z.enum(steps).default('month'), ...spanParams }),
  async run(context, { step, ...params }) {
    const span = askedSpan(context, params, step);
    const periods = periodsOf(span, step, todayOf(context)).reverse();
    const found = await listMoved(context, periods);
    const lines = periods.flatMap(({ key, from, to, is_running }, n) =>
      currenciesOf(context, found).map(currency => {
        const moved = found.find(row => row.n === n && row.currency === currency);
        const { payments = 0, received_cents = 0, refunded_cents = 0 } = moved ?? {};
        return {
          period: key,
          from: from.toString(),
          to: to.toString(),
          is_running,
          currency,
          payments,
          received_cents,
          refunded_cents,
          net_cents: received_cents - refunded_cents,
        };
      }),
    );
    const says = currenciesOf(context, found).map(currency => {
      const own = lines.filter(line => line.currency === currency);
      const came = own.reduce((sum, line) => sum + line.received_cents, 0);
      const back = own.reduce((sum, line) => sum + line.refunded_cents, 0);
      const payments = own.reduce((sum, line) => sum + line.payments, 0);
      return `${spanWords(span)}: ${formatMoney(came, currency)} came in by ${counted(payments, 'payment')}${back > 0 ? `, ${formatMoney(back, currency)} was given back` : ''}.`;
    });
    return {
      lines,
      about: { measure: measureWords.received, span, says: [...says, ...cutWords(periods, step)] },
    };
  },
});

const ages = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const;

/** Between which due days the bills of an age lie. */
function dueIn(age: (typeof ages)[number], today: Temporal.PlainDate): Record<string, string> {
  const ago = (days: number) => today.subtract({ days }).toString();
  switch (age) {
    case 'not_due':
      return { due_from: today.toString() };
    case 'days_1_30':
      return { due_from: ago(30), due_to: ago(1) };
    case 'days_31_60':
      return { due_from: ago(60), due_to: ago(31) };
    case 'days_61_90':
      return { due_from: ago(90), due_to: ago(61) };
    default:
      return { due_to: ago(91) };
  }
}

const openLine = z.object({
  /** How many days past the day by which it was to be paid. */
  age: z.enum(ages),
  currency: z.string(),
  invoices: z.number(),
  customers: z.number(),
  due_cents: z.number(),
  /** What `invoices` is asked for to list these very bills. */
  invoice_filter: z.record(z.string(), z.string()),
});

/** What is still to be paid today, by how long it is overdue. */
export const moneyOpen = defineAnalysis({
  type: 'analytics_open',
  summary: 'What customers owe today by age: not due, 1–30, 31–60, 61–90 and over 90 days overdue.',
  keywords: ['receivables', 'aging', 'overdue', 'open', 'owed', 'unpaid', 'debtors'],
  row: openLine,
  default_fields: ['age', 'currency', 'invoices', 'customers', 'due_cents', 'invoice_filter'],
  params: z.strictObject({}),
  async run(context) {
    const today = todayOf(context);
    const found = await listOpen(context, today.toString());
    const lines = currenciesOf(context, found).flatMap(currency =>
      ages.map(age => {
        const row = found.find(each => each.age === age && each.currency === currency);
        const { invoices = 0, customers = 0, due_cents = 0 } = row ?? {};
        return {
          age,
          currency,
          invoices,
          customers,
          due_cents,
          invoice_filter: rowsBehind({ filter: 'open', ...dueIn(age, today) }, currency, found),
        };
      }),
    );
    const says = currenciesOf(context, found).map(currency => {
      const own = lines.filter(line => line.currency === currency);
      const all = own.reduce((sum, line) => sum + line.due_cents, 0);
      const late = own.reduce((sum, line) => sum + (line.age === 'not_due' ? 0 : line.due_cents), 0);
      return `Today: ${formatMoney(all, currency)} open, ${late === 0 ? 'nothing' : formatMoney(late, currency)} of it overdue.`;
    });
    return {
      lines,
      about: {
        measure: 'open: invoices that are out, less what was paid on them, by the day they were due',
        span: { from: today, to: today },
        says,
      },
    };
  },
});
