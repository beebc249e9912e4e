import type { Context } from '../kernel/pipeline/context.ts';
import {
  boolean,
  choice,
  currency,
  customFields,
  longText,
  money,
  number,
  text,
} from '../kernel/records/field.ts';
import { defineRecord, type RowIn } from '../kernel/records/record.ts';
import { invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { countLines, listByName, listChoices, listOpenAt } from './queries.ts';

export const pricings = ['fixed', 'flexible', 'per_unit'] as const;

/** A catalog entry and how it is priced: fixed, flexible (agreed per visit) or per unit (SVC-01…05). */
export const serviceRecord = defineRecord({
  name: 'service',
  plural: 'services',
  summary: 'The catalog: services and products with their pricing (fixed, flexible, per_unit).',
  keywords: ['catalog', 'price list', 'product', 'offer'],
  often: { rank: 3, members: ['is_active'] },
  reference: { prefix: 'S', start: 1 },
  fields: {
    name: text({ required: true, list: true, sort: true, label: true, search: 'names', whose: 'ours' }),
    description: longText({ search: 'body', whose: 'ours' }),
    kind: choice(['service', 'product'], { default: 'service', list: true, filter: true, search: 'body' }),
    pricing: choice(pricings, { required: true, list: true, filter: true }),
    price_cents: money({ clear: false, list: true }),
    currency: currency(),
    unit: text({ list: true, search: 'names', whose: 'ours' }),
    duration_minutes: number({ min: 5, max: 1440, list: true }),
    minutes_per_unit: number({ min: 1, max: 1440, list: true }),
    is_active: boolean({ default: true, list: true, filter: true }),
    custom_fields: customFields(),
  },
  readers: ['owner', 'admin', 'member', 'technician'],
  actions: {
    create: { summary: 'Add a service or product to the catalog.', permission: { level: 'unrestricted' } },
    update: {
      summary: 'Change a service; booked visits keep their prices.',
      permission: { level: 'unrestricted' },
      often: { rank: 3, members: ['service_id', 'name', 'price_cents', 'duration_minutes', 'is_active'] },
    },
    delete: { summary: 'Take a service out of the catalog.', permission: { level: 'soft_limit' } },
  },
  toColumns(_context, input, before) {
    const pricing = input.pricing ?? before?.pricing;
    if (pricing !== 'flexible' && (input.price_cents ?? before?.price_cents ?? null) === null) {
      throw invalid('price_cents', `A ${String(pricing)} service needs its price.`, {
        hint: '15000 is $150.00.',
      });
    }
    if ((input.minutes_per_unit ?? null) !== null && pricing !== 'per_unit') {
      throw invalid('minutes_per_unit', 'Only what is priced per unit takes its time per unit.', {
        hint: 'Give duration_minutes for the whole.',
      });
    }
    return input;
  },
  async afterWrite(context, service, before) {
    if (before && before.price_cents !== null && service.price_cents !== before.price_cents)
      await warnOfOldPrices(context, service, before.price_cents);
  },
  async history(context, id) {
    const lines = await countLines(context, id);
    return lines === 0 ? undefined : `it was booked ${lines} time${lines === 1 ? '' : 's'}`;
  },
  findByName: listByName,
  choices: listChoices,
  document: ({ kind, pricing, price_cents, currency, unit, is_active }) => ({
    detail: [
      kind,
      price_cents === null ? pricing : formatMoney(price_cents, currency),
      unit && `per ${unit}`,
      is_active ? undefined : 'not offered any more',
    ]
      .filter(Boolean)
      .join(', '),
  }),
});

export type Service = RowIn<typeof serviceRecord>;

/** Booked visits keep their prices: says which, and how they get the new one. */
async function warnOfOldPrices(
  context: Context,
  { id, currency }: { id: string; currency: string },
  old_cents: number,
): Promise<void> {
  const open = await listOpenAt(context, id, old_cents);
  const [first] = open;
  if (!first) return;
  const named = open.map(visit => visit.reference).join(', ');
  const more = first.total > open.length ? ` and ${first.total - open.length} more` : '';
  context.warn(
    `${first.total} open visit${first.total === 1 ? ' keeps' : 's keep'} ${formatMoney(old_cents, currency)}: ${named}${more}. ticket.update_line with unit_price_cents gives one the new price.`,
  );
}
