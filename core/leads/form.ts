import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { line, rowFacts } from '../kernel/words/text-schemas.ts';

export const leadFormRow = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  public_key: z.string(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});

const forOwners = { roles: ['owner', 'admin'] } as const;

/**
 * A form on a website of the business that hands in inquiries (GAP-10). Its key stands in public HTML and opens nothing
 * else; a removed form takes nothing any more.
 */
export const leadFormRecord = defineRecord({
  name: 'lead_form',
  plural: 'lead_forms',
  table: 'lead_forms',
  summary: 'Forms on websites that hand in leads, each with the public key that goes into its HTML.',
  keywords: ['web form', 'contact form', 'website', 'embed', 'form key'],
  reference: { prefix: 'LF', start: 101 },
  columns: {
    id: 'uuid',
    reference: 'text',
    name: 'text',
    public_key: 'text',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: leadFormRow,
  label: row => String(row.name),
  writable: z.strictObject({ name: line }),
  default_fields: ['id', 'reference', 'name', 'public_key', 'created_at'],
  sorts: ['name', 'created_at'],
  params: z.strictObject({}),
  where: () => [],
  includes: { audit_trail: historyInclude('lead_form') },
  actions: {
    create: {
      summary: 'Open a form for a website; answers the public key for its HTML.',
      permission: { level: 'requires_authorization' },
      ...forOwners,
    },
    update: { summary: 'Rename a form.', permission: { level: 'unrestricted' }, ...forOwners },
    delete: {
      summary: 'Close a form: nothing comes in by it any more; can be restored.',
      permission: { level: 'requires_authorization' },
      ...forOwners,
    },
  },
  documentOf(row) {
    const { id, reference, name } = leadFormRow.parse(row);
    const terms = referenceTerms(reference).join(' ');
    return { id, reference, title: name, detail: 'form of a website', names: name, terms, body: '' };
  },
  toColumns: (_context, input, before) =>
    before ? input : { ...input, public_key: `form_${randomBytes(32).toString('base64url')}` },
});
