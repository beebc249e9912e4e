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
import { countLines, listByName, listChoices } from './queries.ts';

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
  by_hand: ['update'],
  actions: {
    create: { summary: 'Add a service or product to the catalog.', permission: { level: 'unrestricted' } },
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
