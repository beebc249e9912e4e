import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { rowFacts } from '../kernel/words/text-schemas.ts';

const remark = z
  .object({ row: z.number(), reason: z.string().optional(), message: z.string().optional() })
  .loose();

export const importRow = z.object({
  id: z.string(),
  reference: z.string(),
  source: z.string(),
  file_name: z.string().nullable(),
  file_hash: z.string(),
  rows_read: z.number(),
  created_count: z.number(),
  known_count: z.number(),
  refused: z.array(remark),
  notices: z.array(remark),
  undone_at: z.string().nullable(),
  ...rowFacts,
});

/** One run of an import with its report (IMX-01). Written by `import.square`, taken back by `import.undo`. */
export const importRecord = defineRecord({
  name: 'import',
  plural: 'imports',
  table: 'import_batches',
  summary: 'Runs of imports: rows read, taken, known already, refused and why.',
  keywords: ['csv', 'square', 'migration', 'upload'],
  reference: { prefix: 'I', start: 1 },
  columns: {
    id: 'uuid',
    reference: 'text',
    source: 'text',
    file_name: 'text',
    file_hash: 'text',
    rows_read: 'integer',
    created_count: 'integer',
    known_count: 'integer',
    refused: 'jsonb',
    notices: 'jsonb',
    undone_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: importRow,
  label: row => String(row.reference),
  writable: z.strictObject({}),
  default_fields: [
    'id',
    'reference',
    'source',
    'file_name',
    'rows_read',
    'created_count',
    'known_count',
    'undone_at',
  ],
  sorts: ['created_at'],
  params: z.strictObject({ source: z.string().max(40).optional() }),
  where: params => (params.source ? [sql`source = ${params.source}`] : []),
  actions: {},
  documentOf(row) {
    const { id, reference, source, file_name, created_count, created_at, undone_at } = importRow.parse(row);
    return {
      id,
      reference,
      title: file_name ?? `Import from ${source}`,
      detail: `${created_count} customers, ${created_at}${undone_at === null ? '' : ', undone'}`,
      names: [file_name, source].filter(Boolean).join(' '),
      terms: referenceTerms(reference).join(' '),
      body: 'import',
    };
  },
});
