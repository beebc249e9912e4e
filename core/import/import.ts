import { z } from 'zod';
import { list, moment, number, text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';

/** What is said of a row of the file: why it was refused, or what the owner should look at. */
const remark = z.object({
  row: z.number(),
  name: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** Written by an import, and by nobody else. */
const ours = { filled: true, writable: false } as const;

/** One run of an import with its report (IMX-01). Written by `import.square`, taken back by `import.undo`. */
export const importRecord = defineRecord({
  name: 'import',
  plural: 'imports',
  table: 'import_batches',
  summary: 'Runs of imports: lines read, taken, known already, refused and why.',
  keywords: ['csv', 'square', 'migration', 'upload'],
  reference: { prefix: 'I', start: 1 },
  fields: {
    source: text({ ...ours, list: true, filter: true, search: 'names', whose: 'ours' }),
    file_name: text({ writable: false, list: true, search: 'names' }),
    file_hash: text({ ...ours, whose: 'ours' }),
    rows_read: number({ ...ours, list: true, title: 'Lines read' }),
    created_count: number({ ...ours, list: true }),
    known_count: number({ ...ours, list: true }),
    refused: list(remark, { default: [], writable: false }),
    notices: list(remark, { default: [], writable: false }),
    undone_at: moment({ writable: false, list: true }),
  },
  actions: {},
  document: ({ source, file_name, created_count, created_at, undone_at }) => ({
    title: file_name ?? `Import from ${source}`,
    detail: `${created_count} customers, ${created_at}${undone_at === null ? '' : ', undone'}`,
    body: 'import',
  }),
});
