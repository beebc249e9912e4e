import { z } from 'zod';
import { byAmount, currenciesOf, defineAnalysis, rowsBehind, visitsOf } from './analysis.ts';
import { besideLastYear } from './beside-last-year.ts';
import { beginningsOf } from './first-day.ts';
import { askedSpan, spanParams, spanWords, yearBefore } from './periods.ts';
import { listServices } from './service-queries.ts';
import { amountOf, changeWords, measureWords, mostlyWords } from './words.ts';

const line = z.object({
  service_id: z.string().nullable(),
  /** Null for what is on no price list. */
  service: z.string().nullable(),
  kind: z.string().nullable(),
  currency: z.string(),
  visits: z.number(),
  quantity: z.number(),
  amount_cents: z.number(),
  /** Of one visit. */
  average_cents: z.number().nullable(),
  /** Of all work in this currency. */
  share_percent: z.number().nullable(),
  last_year_cents: z.number(),
  percent: z.number().nullable(),
  /** What `tickets` is asked for to list these very visits. */
  tickets: z.record(z.string(), z.string()),
});

/** What each service brought, against the same days a year before (ANA-02, ANA-03). */
export const serviceTypes = defineAnalysis({
  type: 'analytics_service_types',
  summary:
    'What each service brought in a period against the same days a year before: visits, quantity, amount, average, share.',
  keywords: ['services', 'what sells', 'line items', 'breakdown', 'by service', 'products', 'share'],
  row: line,
  default_fields: [
    'service',
    'currency',
    'visits',
    'quantity',
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
    const found = await listServices(context, [span, before]);
    const began = await beginningsOf(context, 'work');
    const isLike = began.isWhole(before);
    const lines = byAmount(
      context,
      besideLastYear(found, row => row.service_id, { quantity: 0 }, isLike).map(({ row, sums }) => {
        const { service_id, service, reference, kind, currency, visits, quantity } = row;
        return {
          service_id,
          service,
          kind,
          currency,
          visits,
          quantity,
          ...sums,
          tickets: rowsBehind(
            {
              ...visitsOf(span),
              ...(service_id === null ? { filter: 'off_list' } : { service_id: reference ?? service_id }),
            },
            currency,
            found,
          ),
        };
      }),
      row => row.service ?? '',
    );
    const says = currenciesOf(context, lines).map(currency => {
      const own = lines.filter(each => each.currency === currency);
      const all = own.reduce((sum, each) => sum + each.amount_cents, 0);
      const last = own.reduce((sum, each) => sum + each.last_year_cents, 0);
      const mostly = mostlyWords(
        own.map(each => ({ name: each.service ?? 'work off the price list', cents: each.amount_cents })),
      );
      return `${spanWords(span)}: ${amountOf('work', all, currency)}, ${isLike ? changeWords(all, last, 'the same days a year before') : began.words}${mostly === undefined ? '' : `, ${mostly}`}.`;
    });
    return {
      lines,
      about: { measure: measureWords.work, span, ...(isLike ? { before } : {}), says, more: began.facts },
    };
  },
});
