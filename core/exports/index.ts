import { defineDomain } from '../kernel/registry/define.ts';
import { noteWritten } from './note-written.ts';
import { exportRecord } from './record.ts';

export const exports = defineDomain({
  name: 'export',
  label: 'exports',
  widens: 'what leaves the business',
  why_not_undone: 'what has left is not called back',
  summary: 'Taking data out: everything, some lists, or one customer’s file.',
  records: [exportRecord],
  actions: [noteWritten],
});
