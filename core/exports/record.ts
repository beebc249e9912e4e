import { z } from 'zod';
import { choice, moment, own, ref, tags, text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';

/** Written by an export, and by nobody else. */
const ours = { writable: false, whose: 'ours' } as const;

/** `taken`: written by the command line, straight into a file of whoever sat there. */
export const exportStates = ['waiting', 'ready', 'taken', 'failed', 'gone'] as const;
export const listFormats = ['csv', 'json'] as const;
/** Of what: the whole business, some of its lists, or all that is known of one customer. */
export const exportKinds = ['everything', 'lists', 'customer'] as const;

/** So many days a file is kept for whoever asked. */
export const keptDays = 7;

/** One export (IMX-02, IMX-05, N12). Made by `export.run`, `contact.export`, and by the command line. */
export const exportRecord = defineRecord({
  name: 'export',
  plural: 'exports',
  summary: 'Exports that were made: of what, by whom, and until when the file is kept.',
  keywords: ['download', 'backup', 'take out', 'leave', 'data file'],
  reference: { prefix: 'EX', start: 1 },
  readers: ['owner'],
  fields: {
    title: text({ ...ours, filled: true, list: true, label: true, title: 'Of what' }),
    status: choice(exportStates, { ...ours, default: 'waiting', list: true, filter: true }),
    kind: choice(exportKinds, { ...ours, default: 'everything', filter: true }),
    lists: tags({ ...ours, told: false }),
    format: choice(listFormats, { ...ours, told: false }),
    contact_id: ref('contact', { ...ours, living: false, told: false }),
    file_name: text(ours),
    rows_count: own(z.int(), 'bigint', { ...ours, list: true, title: 'Records' }),
    size_bytes: own(z.int(), 'bigint', { ...ours, list: true, title: 'Bytes' }),
    sha256: text({ ...ours, internal: true, told: false }),
    error: text(ours),
    asked_by: text({ ...ours, filled: true, list: true }),
    ready_at: moment({ ...ours }),
    expires_at: moment({ ...ours, list: true, title: 'Kept until' }),
  },
  actions: {},
  document: ({ title, asked_by, created_at, file_name }) => ({
    title: `Export of ${title}`,
    detail: `${asked_by}, ${created_at}`,
    body: ['export', file_name].filter(Boolean).join('\n'),
  }),
});
