import { z } from 'zod';
import { boolean, choice, list, moment, number, text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { kinds } from './csv/targets.ts';
import { countRows } from './words.ts';

/** What is said of a row of the file: why it was refused, or what the owner should look at. */
const remark = z.object({
  row: z.number(),
  name: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  /** The row as it was, without numbers that are not kept. */
  cells: z.array(z.string()).optional(),
});

/** Written by an import, and by nobody else. */
const ours = { filled: true, writable: false } as const;

/** One run of an import with its report (IMX-01). Written by `import.csv` and `import.square`, taken back by `import.undo`. */
export const importRecord = defineRecord({
  name: 'import',
  plural: 'imports',
  table: 'import_batches',
  summary: 'Runs of imports: lines read, taken, known already, refused and why.',
  keywords: ['csv', 'square', 'migration', 'upload'],
  reference: { prefix: 'I', start: 1 },
  fields: {
    source: text({ ...ours, list: true, filter: true, search: 'names', whose: 'ours' }),
    kind: choice(kinds, { default: 'contacts', writable: false, list: true, filter: true }),
    file_name: text({ writable: false, list: true, search: 'names' }),
    file_hash: text({ ...ours, whose: 'ours' }),
    rows_read: number({ ...ours, list: true, title: 'Lines read' }),
    created_count: number({ ...ours, list: true }),
    known_count: number({ ...ours, list: true }),
    taken_rows: number({ default: 0, writable: false, list: true }),
    matched_rows: number({ default: 0, writable: false, list: true }),
    refused_count: number({ default: 0, writable: false, list: true, title: 'Not taken' }),
    /** A large file comes in parts: how many were taken so far, of how many kilobytes, and whether that is all of it. */
    parts: number({ default: 1, writable: false, told: false }),
    is_finished: boolean({ default: true, writable: false, filter: true, title: 'Read to its end' }),
    read_kb: number({ default: 0, writable: false, told: false }),
    file_kb: number({ default: 0, writable: false, told: false }),
    /** The heading of the file. */
    columns: list(z.string(), { default: [], writable: false }),
    refused: list(remark, { default: [], writable: false }),
    notices: list(remark, { default: [], writable: false }),
    undone_at: moment({ writable: false, list: true }),
  },
  actions: {},
  document: ({ source, kind, file_name, created_count, created_at, undone_at }) => ({
    title: file_name ?? `Import from ${source}`,
    detail: `${countRows(created_count, kind)}, ${created_at}${undone_at === null ? '' : ', undone'}`,
    body: 'import',
  }),
});
