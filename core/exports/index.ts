import { defineDomain } from '../kernel/registry/domain.ts';
import { besideView } from './beside.ts';
import { customerFileView } from './customer-file.ts';
import { expireExports, expiryTimer } from './expire.ts';
import { fileView } from './file.ts';
import { finishExport } from './finish.ts';
import { writeExport } from './job.ts';
import { exportList } from './list.ts';
import { noteWritten } from './note-written.ts';
import { exportRecord } from './record.ts';
import { listRowsView } from './rows.ts';
import { runExport } from './run.ts';

export const exports = defineDomain({
  name: 'export',
  label: 'exports',
  widens: 'what leaves the business',
  why_not_undone: 'what has left is not called back',
  summary: 'Taking everything out of the business.',
  records: [exportRecord],
  actions: [runExport, exportList, noteWritten, finishExport, expireExports],
  jobs: [writeExport],
  views: [fileView, listRowsView, besideView, customerFileView],
  timers: [expiryTimer],
});
