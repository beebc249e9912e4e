import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { sql } from '../kernel/database/sql.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { phoneTerms, readPhone } from '../kernel/words/phone.ts';
import { customFields, emailAddress, freeText, line, rowFacts, tags } from '../kernel/words/text-schemas.ts';
import { countContacts, listByName, listContacts } from './queries.ts';

const kinds = ['customer', 'prospect', 'partner'] as const;
const statuses = ['active', 'inactive', 'archived'] as const;

export const companyRow = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  legal_name: z.string().nullable(),
  kind: z.enum(kinds),
  status: z.enum(statuses),
  industry: z.string().nullable(),
  website: z.string().nullable(),
  main_phone: z.string().nullable(),
  billing_email: z.string().nullable(),
  tags: z.array(z.string()),
  notes: z.string().nullable(),
  source: z.string(),
  custom_fields: z.record(z.string(), z.unknown()),
  import_batch_id: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});

/** An account: a firm that contacts work for (COM-01, CFL-06, CFL-09). */
export const companyRecord = defineRecord({
  name: 'company',
  plural: 'companies',
  table: 'companies',
  summary: 'Firms that customers work for or that pay the bills.',
  keywords: ['account', 'business', 'firm', 'organization'],
  reference: { prefix: 'CO', start: 101 },
  columns: {
    id: 'uuid',
    reference: 'text',
    name: 'text',
    legal_name: 'text',
    kind: 'text',
    status: 'text',
    industry: 'text',
    website: 'text',
    main_phone: 'text',
    billing_email: 'text',
    tags: 'text[]',
    notes: 'text',
    source: 'text',
    custom_fields: 'jsonb',
    import_batch_id: 'uuid',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: companyRow,
  label: row => String(row.name),
  writable: z.strictObject({
    name: line,
    legal_name: line.optional(),
    kind: z.enum(kinds).optional(),
    status: z.enum(statuses).optional(),
    industry: line.optional(),
    website: z.string().max(300).optional(),
    main_phone: z.string().min(3).max(40).optional(),
    billing_email: emailAddress.optional(),
    tags: tags.optional(),
    notes: freeText.optional(),
    custom_fields: customFields.optional(),
  }),
  clearable: ['legal_name', 'industry', 'website', 'main_phone', 'billing_email', 'notes'],
  default_fields: ['id', 'reference', 'name', 'kind', 'status', 'main_phone', 'tags'],
  sorts: ['name', 'created_at'],
  params: z.strictObject({
    kind: z.enum(kinds).optional(),
    status: z.enum(statuses).optional(),
    tag: z.string().max(50).optional(),
  }),
  where: params => [
    ...(params.kind ? [sql`kind = ${params.kind}`] : []),
    ...(params.status ? [sql`status = ${params.status}`] : []),
    ...(params.tag ? [sql`${params.tag} = any (tags)`] : []),
  ],
  includes: { audit_trail: historyInclude('company') },
  actions: {
    create: { summary: 'Add a company.', permission: { level: 'unrestricted' } },
    update: { summary: 'Change facts about a company.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove a company; can be restored.', permission: { level: 'soft_limit' } },
  },
  toColumns(context, input) {
    const { main_phone } = input;
    if (typeof main_phone !== 'string') return input;
    return { ...input, main_phone: readPhone(main_phone, context.organization.country, 'main_phone') };
  },
  async history(context, id) {
    const contacts = await countContacts(context, id);
    return contacts === 0
      ? undefined
      : `${contacts} contact${contacts === 1 ? '' : 's'} belong to this company`;
  },
  // Customers are found by the name of their company.
  async afterWrite(context, row, before) {
    if (!before || before.name === row.name) return;
    for (const id of await listContacts(context, String(row.id))) context.reindex('contact', id);
  },
  findByName: listByName,
  documentOf(row) {
    const company = companyRow.parse(row);
    const { main_phone } = company;
    return {
      id: company.id,
      reference: company.reference,
      title: company.name,
      detail: [company.industry, main_phone].filter(Boolean).join(', '),
      names: [company.name, company.legal_name, company.industry, company.billing_email, ...company.tags]
        .filter(Boolean)
        .join(' '),
      terms: [...referenceTerms(company.reference), ...(main_phone ? phoneTerms(main_phone) : [])].join(' '),
      body: [company.notes, company.website].filter(Boolean).join('\n'),
    };
  },
});
