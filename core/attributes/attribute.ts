import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { attributeKey } from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { attributeDocument } from './document.ts';
import { replaceOthers } from './facts.ts';
import { ensureKey } from './keys.ts';
import { setRejected } from './queries.ts';
import { keyNamed, listDocumentSources, valueIs } from './read-queries.ts';
import { attributeColumns, attributeRow } from './record.ts';

/** A fact about a customer, set by hand or extracted from what was written (NOT-01…03). */
export const attributeRecord = defineRecord({
  name: 'attribute',
  plural: 'attributes',
  table: 'attributes',
  summary:
    'Facts about customers, one a row (pet: dog), with source and whether somebody has confirmed them.',
  keywords: ['fact', 'pet', 'dog', 'elderly', 'screens', 'gate code', 'extraction', 'unconfirmed'],
  reference: { prefix: 'AT', start: 1001 },
  columns: attributeColumns,
  row: attributeRow,
  label: row => showAttribute(attributeRow.parse(row)),
  writable: z.strictObject({}),
  default_fields: [
    'id',
    'reference',
    'contact_id',
    'key',
    'value',
    'details',
    'is_confirmed',
    'confirmed_by',
    'source',
    'extracted_by',
  ],
  sorts: ['created_at', 'key', 'updated_at'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    /** A key or one of its aliases. */
    key: attributeKey.optional(),
    value: z.string().max(300).optional(),
    is_confirmed: z.boolean().optional(),
    note_id: ref('note').optional(),
  }),
  where: (params, context) => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.key ? [sql`key = ${keyNamed(context, params.key)}`] : []),
    ...(params.value ? [valueIs(sql`value`, params.value)] : []),
    ...(params.is_confirmed === undefined ? [] : [sql`is_confirmed = ${params.is_confirmed}::boolean`]),
    ...(params.note_id ? [sql`note_id = ${params.note_id}::uuid`] : []),
  ],
  filters: {
    unconfirmed: { summary: 'extracted, and nobody has confirmed it yet', where: sql`confirmed_at is null` },
  },
  actions: {
    delete: {
      summary: 'Drop a wrong fact; no extraction brings it again. Can be restored.',
      permission: { level: 'soft_limit' },
    },
  },
  async afterDelete(context, id) {
    await setRejected(context, id, true);
  },
  async afterRestore(context, id) {
    await setRejected(context, id, false);
    await makeRoom(context, id);
  },
  alsoIndexed: row => [{ kind: 'contact', id: row.contact_id }],
  documents: async (context, ids) => (await listDocumentSources(context, ids)).map(attributeDocument),
});

/** A value that is brought back is the one a single-valued key has. */
async function makeRoom(context: Context, id: string): Promise<void> {
  const row = attributeRow.parse(await getRow(context, attributeRecord, id));
  await findRow(context, contactRecord, row.contact_id, { lock: true, deleted: true });
  await replaceOthers(context, await ensureKey(context, row.key), row);
}
