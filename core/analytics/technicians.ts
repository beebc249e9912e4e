import { z } from 'zod';
import { formatMoney } from '../kernel/words/money.ts';
import { counted } from '../kernel/words/plural.ts';
import { byAmount, currenciesOf, defineAnalysis, rowsBehind, visitsOf } from './analysis.ts';
import { beginningsOf } from './first-day.ts';
import { askedSpan, spanParams, spanWords, yearBefore } from './periods.ts';
import { callbackDays, listTechnicians } from './technician-queries.ts';
import { measureWords, percentOf, shareOf } from './words.ts';

const line = z.object({
  technician_id: z.string(),
  technician: z.string(),
  currency: z.string(),
  visits: z.number(),
  /** On the clock, else as the visits were closed. */
  minutes: z.number(),
  /** A visit of several is shared between them to the cent. */
  amount_cents: z.number(),
  /** Of visits whose hours are known; null without any. */
  per_hour_cents: z.number().nullable(),
  callbacks: z.number(),
  /** Of the visits. */
  callback_percent: z.number().nullable(),
  last_year_cents: z.number(),
  percent: z.number().nullable(),
  /** What `tickets` is asked for to list these very visits. */
  tickets: z.record(z.string(), z.string()),
});

/** Who did how much, in which time, and where somebody had to come back. */
export const technicianFigures = defineAnalysis({
  type: 'analytics_technicians',
  summary: `Technicians in a period: visits, minutes, work, work per hour, and callbacks (back at the same address within ${callbackDays} days for the same service or for nothing).`,
  keywords: ['technicians', 'crew', 'hours', 'revenue per hour', 'productivity', 'callbacks', 'redo', 'team'],
  row: line,
  default_fields: [
    'technician',
    'currency',
    'visits',
    'minutes',
    'amount_cents',
    'per_hour_cents',
    'callbacks',
    'last_year_cents',
    'percent',
    'tickets',
  ],
  params: z.strictObject(spanParams),
  async run(context, params) {
    const span = askedSpan(context, params);
    const before = yearBefore(span);
    const found = await listTechnicians(context, [span, before]);
    const began = await beginningsOf(context, 'work');
    const isLike = began.isWhole(before);
    const lines = byAmount(
      context,
      found
        .filter(({ n }) => n === 0)
        .map(row => {
          const { technician_id, technician, currency, visits, minutes, cents, timed_cents, callbacks } = row;
          const last =
            found.find(
              each => each.n === 1 && each.technician_id === technician_id && each.currency === currency,
            )?.cents ?? 0;
          return {
            technician_id,
            technician,
            currency,
            visits,
            minutes,
            amount_cents: cents,
            per_hour_cents: minutes > 0 ? Math.round((timed_cents * 60) / minutes) : null,
            callbacks,
            callback_percent: shareOf(callbacks, visits),
            last_year_cents: last,
            percent: isLike ? percentOf(cents, last) : null,
            tickets: rowsBehind({ ...visitsOf(span), technician_id }, currency, found),
          };
        }),
      row => row.technician,
    );
    const says = currenciesOf(context, lines).flatMap(currency => {
      const own = lines.filter(each => each.currency === currency);
      const [first] = own;
      if (!first) return [];
      const callbacks = own.reduce((sum, each) => sum + each.callbacks, 0);
      return [
        `${spanWords(span)}: ${first.technician} did most, ${formatMoney(first.amount_cents, currency)} in ${counted(first.visits, 'visit')}; ${counted(callbacks, 'callback')} in all${isLike ? '' : `; ${began.words}`}.`,
      ];
    });
    return {
      lines,
      about: { measure: measureWords.work, span, ...(isLike ? { before } : {}), says, more: began.facts },
    };
  },
});
