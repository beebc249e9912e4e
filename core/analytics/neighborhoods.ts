import { z } from 'zod';
import { byAmount, currenciesOf, defineAnalysis, rowsBehind, visitsOf } from './analysis.ts';
import { listNeighborhoods } from './kinds-queries.ts';
import { askedSpan, spanParams, spanWords, yearBefore } from './periods.ts';
import { averageOf, measureWords, percentOf, shareOf } from './words.ts';

const line = z.object({
  /** A postal code, else a town; null where neither is known. */
  neighborhood: z.string().nullable(),
  city: z.string().nullable(),
  currency: z.string(),
  visits: z.number(),
  customers: z.number(),
  amount_cents: z.number(),
  average_cents: z.number().nullable(),
  share_percent: z.number().nullable(),
  last_year_cents: z.number(),
  percent: z.number().nullable(),
  /** What `tickets` is asked for to list these very visits. */
  tickets: z.record(z.string(), z.string()),
});

/** Where the work is, against the same days a year before (ANA-02, ANA-10). */
export const neighborhoods = defineAnalysis({
  type: 'analytics_neighborhoods',
  summary:
    'Work by neighbourhood (postal code, else town) in a period against the same days a year before: visits, customers, amount, share.',
  keywords: ['neighborhood', 'area', 'region', 'zip', 'postal code', 'town', 'where', 'map'],
  whose: 'theirs',
  row: line,
  default_fields: [
    'neighborhood',
    'city',
    'currency',
    'visits',
    'customers',
    'amount_cents',
    'average_cents',
    'share_percent',
    'last_year_cents',
    'percent',
    'tickets',
  ],
  params: z.strictObject(spanParams),
  async run(context, params) {
    const span = askedSpan(context, params);
    const before = yearBefore(span);
    const found = await listNeighborhoods(context, [span, before]);
    const now = found.filter(({ n }) => n === 0);
    const gone = found.filter(row => row.n === 1 && !now.some(isLike(row)));
    const lines = byAmount(
      context,
      [...now, ...gone.map(row => ({ ...row, visits: 0, customers: 0, cents: 0 }))].map(row => {
        const { neighborhood, city, currency, visits, customers, cents } = row;
        const last = found.find(each => each.n === 1 && isLike(row)(each))?.cents ?? 0;
        const all = now.reduce((sum, each) => sum + (each.currency === currency ? each.cents : 0), 0);
        return {
          neighborhood,
          city,
          currency,
          visits,
          customers,
          amount_cents: cents,
          average_cents: averageOf(cents, visits),
          share_percent: shareOf(cents, all),
          last_year_cents: last,
          percent: percentOf(cents, last),
          tickets: rowsBehind(
            { ...visitsOf(span), ...(neighborhood === null ? { filter: 'nowhere' } : { neighborhood }) },
            currency,
            found,
          ),
        };
      }),
      row => row.neighborhood ?? '',
    );
    const says = currenciesOf(context, lines).flatMap(currency => {
      const [first] = lines.filter(each => each.currency === currency && each.amount_cents > 0);
      return first
        ? [
            `${spanWords(span)}: most work in ${first.neighborhood ?? 'places without a known address'} (${first.share_percent} % of the work${lines.some(each => each.currency !== currency) ? ` in ${currency}` : ''}).`,
          ]
        : [];
    });
    return { lines, about: { measure: measureWords.work, span, before, says } };
  },
});

const isLike =
  (a: { neighborhood: string | null; currency: string }) =>
  (b: { neighborhood: string | null; currency: string }): boolean =>
    a.neighborhood === b.neighborhood && a.currency === b.currency;
