import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import { sql } from '../kernel/database/sql.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { freeText, line, rowFacts } from '../kernel/words/text-schemas.ts';
import { addressDocument } from './document.ts';
import { formatAddress } from './format.ts';
import { countTickets, listLike, listVisitIds } from './queries.ts';

const types = ['home', 'work', 'billing', 'shipping', 'service', 'other'] as const;

export const addressRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string().nullable(),
  company_id: z.string().nullable(),
  type: z.enum(types),
  label: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
  country: z.string(),
  notes: z.string().nullable(),
  import_batch_id: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Address = z.infer<typeof addressRow>;

/** A place where services are performed; a contact may have several (CON-02, CFL-11). */
export const addressRecord = defineRecord({
  name: 'address',
  plural: 'addresses',
  table: 'addresses',
  summary: 'Places where work is done or bills go, each with its contact or company.',
  keywords: ['street', 'location', 'property', 'house', 'site'],
  reference: { prefix: 'A', start: 1001 },
  columns: {
    id: 'uuid',
    reference: 'text',
    contact_id: 'uuid',
    company_id: 'uuid',
    type: 'text',
    label: 'text',
    line1: 'text',
    line2: 'text',
    city: 'text',
    state: 'text',
    postal_code: 'text',
    country: 'text',
    notes: 'text',
    import_batch_id: 'uuid',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: addressRow,
  label: row => formatAddress(addressRow.parse(row)),
  writable: z.strictObject({
    contact_id: ref('contact').optional(),
    company_id: ref('company').optional(),
    line1: line,
    line2: line.optional(),
    city: line.optional(),
    state: line.optional(),
    postal_code: z.string().trim().min(1).max(20).optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'two capital letters, such as US')
      .optional(),
    type: z.enum(types).optional(),
    label: line.optional(),
    notes: freeText.optional(),
  }),
  clearable: ['company_id', 'line2', 'city', 'state', 'postal_code', 'label', 'notes'],
  default_fields: [
    'id',
    'reference',
    'contact_id',
    'type',
    'label',
    'line1',
    'line2',
    'city',
    'state',
    'postal_code',
  ],
  sorts: ['created_at', 'line1'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    company_id: ref('company').optional(),
    // Not `type`, which in /api/data names the kind of data.
    address_type: z.enum(types).optional(),
    city: z.string().max(200).optional(),
    postal_code: z.string().max(20).optional(),
  }),
  where: params => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.company_id ? [sql`company_id = ${params.company_id}::uuid`] : []),
    ...(params.address_type ? [sql`type = ${params.address_type}`] : []),
    ...(params.city ? [sql`lower(city) = lower(${params.city})`] : []),
    ...(params.postal_code ? [sql`postal_code = ${params.postal_code}`] : []),
  ],
  includes: { audit_trail: historyInclude('address') },
  actions: {
    create: { summary: 'Add an address to a customer or company.', permission: { level: 'unrestricted' } },
    update: { summary: 'Correct an address.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove an address; can be restored.', permission: { level: 'soft_limit' } },
  },
  async toColumns(context, input, before) {
    await requireLiving(context, contactRecord, input.contact_id, 'contact_id');
    await requireLiving(context, companyRecord, input.company_id, 'company_id');
    if (!before && !input.contact_id && !input.company_id) {
      throw invalid('contact_id', 'An address belongs to somebody.', {
        hint: 'Give contact_id or company_id.',
      });
    }
    return before ? input : { country: context.organization.country, ...input };
  },
  documentOf: row => addressDocument(addressRow.parse(row)),
  alsoIndexed: row => [{ kind: 'contact', id: row.contact_id }],
  // Visits are found by the place they are at.
  async afterWrite(context, row, before) {
    if (!before) return;
    for (const visit of await listVisitIds(context, String(row.id))) context.reindex('ticket', visit.id);
  },
  async history(context, id) {
    const visits = await countTickets(context, id);
    return visits === 0 ? undefined : `${visits} visit${visits === 1 ? ' was' : 's were'} booked here`;
  },
  findByName: listLike,
});
