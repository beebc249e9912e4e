import { z } from 'zod';
import { counted } from '../kernel/words/plural.ts';
import { defineAnalysis } from './analysis.ts';
import { listCustomers } from './customer-queries.ts';
import { askedSpan, spanParams, spanWords, yearBefore } from './periods.ts';
import { measureWords, shareOf } from './words.ts';

const standings = ['new', 'repeat', 'lost'] as const;

const line = z.object({
  contact_id: z.string(),
  reference: z.string(),
  customer: z.string(),
  currency: z.string(),
  standing: z.enum(standings),
  visits: z.number(),
  amount_cents: z.number(),
  last_year_cents: z.number(),
  last_visit_at: z.string(),
});

/**
 * Who was served: new (the first visit ever), repeat, and lost (served in the same days a year before, not since, and nothing
 * is planned). Those who brought most come first.
 */
export const customerFigures = defineAnalysis({
  type: 'analytics_customers',
  summary:
    'Customers of a period, best first: new, repeat, or lost (served in the same days a year before, not since, nothing planned), with how many there are of each.',
  keywords: [
    ...['best customers', 'new customers', 'lost customers', 'repeat', 'loyal', 'churn', 'top'],
    ...['who has not been here for a year', 'not seen', 'not visited since', 'lapsed', 'came back'],
  ],
  whose: 'theirs',
  row: line,
  default_fields: [
    'reference',
    'customer',
    'currency',
    'standing',
    'visits',
    'amount_cents',
    'last_year_cents',
    'last_visit_at',
  ],
  params: z.strictObject({ standing: z.enum(standings).optional(), ...spanParams }),
  async run(context, { standing, ...params }, page) {
    const span = askedSpan(context, params);
    const before = yearBefore(span);
    const spans = [span, before] as const;
    const { customers: found, counts } = await listCustomers(context, spans, {
      standing,
      limit: page.limit + 1,
      after: page.after,
    });
    page.isCut = true;
    const says = counts.map(({ currency, ...count }) => {
      const served = count.new + count.repeat;
      const share = shareOf(count.repeat, served);
      const where = counts.length > 1 ? ` in ${currency}` : '';
      return `${spanWords(span)}: ${counted(served, 'customer')} served${where}, ${count.new} for the first time, ${count.repeat} again${share === null ? '' : ` (${Math.round(share)} %)`}; ${count.lost} lost.`;
    });
    const lines = found.map(({ cents, ...row }) => ({ ...row, amount_cents: cents }));
    return {
      lines,
      about: {
        measure: measureWords.work,
        span,
        before,
        says,
        more: { counts: Object.fromEntries(counts.map(({ currency, ...count }) => [currency, count])) },
      },
    };
  },
});
