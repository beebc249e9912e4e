import { z } from 'zod';
import { byAmount, currenciesOf, defineAnalysis, rowsBehind, visitsOf } from './analysis.ts';
import { besideLastYear } from './beside-last-year.ts';
import { beginningsOf } from './first-day.ts';
import { listNeighborhoods } from './neighborhood-queries.ts';
import { askedSpan, spanParams, spanWords, yearBefore } from './periods.ts';
import { measureWords } from './words.ts';

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
  keywords: [
    ...['neighborhood', 'area', 'region', 'zip', 'postal code', 'town', 'where', 'map'],
    ...['revenue', 'earns most', 'best neighbourhood'],
  ],
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
    const began = await beginningsOf(context, 'work');
    const isLike = began.isWhole(before);
    const lines = byAmount(
      context,
      besideLastYear(found, row => row.neighborhood, { customers: 0 }, isLike).map(({ row, sums }) => {
        const { neighborhood, city, currency, visits, customers } = row;
        return {
          neighborhood,
          city,
          currency,
          visits,
          customers,
          ...sums,
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
            `${spanWords(span)}: most work in ${first.neighborhood ?? 'places without a known address'} (${first.share_percent} % of the work${lines.some(each => each.currency !== currency) ? ` in ${currency}` : ''})${isLike ? '' : `; ${began.words}`}.`,
          ]
        : [];
    });
    return {
      lines,
      about: { measure: measureWords.work, span, ...(isLike ? { before } : {}), says, more: began.facts },
    };
  },
});
