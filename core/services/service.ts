import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { sql } from '../kernel/database/sql.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { cents, formatMoney } from '../kernel/words/money.ts';
import { customFields, freeText, line, rowFacts } from '../kernel/words/text-schemas.ts';
import { countLines, listByName, listChoices } from './queries.ts';

export const pricings = ['fixed', 'flexible', 'per_unit'] as const;

export const serviceRow = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(['service', 'product']),
  pricing: z.enum(pricings),
  price_cents: z.number().nullable(),
  currency: z.string(),
  unit: z.string().nullable(),
  duration_minutes: z.number().nullable(),
  is_active: z.boolean(),
  custom_fields: z.record(z.string(), z.unknown()),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Service = z.infer<typeof serviceRow>;

/** A catalog entry and how it is priced: fixed, flexible (agreed per visit) or per unit (SVC-01…05). */
export const serviceRecord = defineRecord({
  name: 'service',
  plural: 'services',
  table: 'services',
  summary: 'The catalog: services and products with their pricing (fixed, flexible, per_unit).',
  keywords: ['catalog', 'price list', 'product', 'offer'],
  reference: { prefix: 'S', start: 1 },
  columns: {
    id: 'uuid',
    reference: 'text',
    name: 'text',
    description: 'text',
    kind: 'text',
    pricing: 'text',
    price_cents: 'bigint',
    currency: 'text',
    unit: 'text',
    duration_minutes: 'integer',
    is_active: 'boolean',
    custom_fields: 'jsonb',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: serviceRow,
  label: row => String(row.name),
  writable: z.strictObject({
    name: line,
    description: freeText.optional(),
    kind: z.enum(['service', 'product']).optional(),
    pricing: z.enum(pricings),
    price_cents: cents.optional(),
    unit: line.optional(),
    duration_minutes: z.int().min(5).max(1440).optional(),
    is_active: z.boolean().optional(),
    custom_fields: customFields.optional(),
  }),
  clearable: ['description', 'unit', 'duration_minutes'],
  default_fields: [
    'id',
    'reference',
    'name',
    'kind',
    'pricing',
    'price_cents',
    'unit',
    'duration_minutes',
    'is_active',
  ],
  sorts: ['name', 'created_at'],
  params: z.strictObject({
    kind: z.enum(['service', 'product']).optional(),
    pricing: z.enum(pricings).optional(),
    is_active: z.boolean().optional(),
  }),
  where: params => [
    ...(params.kind ? [sql`kind = ${params.kind}`] : []),
    ...(params.pricing ? [sql`pricing = ${params.pricing}`] : []),
    ...(params.is_active === undefined ? [] : [sql`is_active = ${params.is_active}`]),
  ],
  includes: { audit_trail: historyInclude('service') },
  readers: ['owner', 'admin', 'member', 'technician'],
  actions: {
    create: { summary: 'Add a service or product to the catalog.', permission: { level: 'unrestricted' } },
    update: {
      summary: 'Change a service; booked visits keep their prices.',
      permission: { level: 'unrestricted' },
    },
    delete: { summary: 'Take a service out of the catalog.', permission: { level: 'soft_limit' } },
  },
  toColumns(context, input, before) {
    const pricing = input.pricing ?? before?.pricing;
    const price = input.price_cents ?? before?.price_cents;
    if (pricing !== 'flexible' && (price === undefined || price === null)) {
      throw invalid('price_cents', `A ${String(pricing)} service needs its price.`, {
        hint: '15000 is $150.00.',
      });
    }
    return before ? input : { ...input, currency: context.organization.currency };
  },
  async history(context, id) {
    const lines = await countLines(context, id);
    return lines === 0 ? undefined : `it was booked ${lines} time${lines === 1 ? '' : 's'}`;
  },
  findByName: listByName,
  choices: listChoices,
  documentOf(row) {
    const service = serviceRow.parse(row);
    return {
      id: service.id,
      reference: service.reference,
      title: service.name,
      detail: [
        service.kind,
        service.price_cents === null ? service.pricing : formatMoney(service.price_cents, service.currency),
        service.unit && `per ${service.unit}`,
        service.is_active ? undefined : 'not offered any more',
      ]
        .filter(Boolean)
        .join(', '),
      names: [service.name, service.unit].filter(Boolean).join(' '),
      terms: referenceTerms(service.reference).join(' '),
      body: [service.description, service.kind].filter(Boolean).join('\n'),
    };
  },
});
