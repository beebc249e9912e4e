import { defineDomain } from '../kernel/registry/domain.ts';
import { importCsv } from './csv.ts';
import { importRecord } from './import.ts';
import { notTakenView } from './not-taken.ts';
import { previewCsv } from './preview-csv.ts';
import { importSquare } from './square.ts';
import { undoImport } from './undo.ts';

export const imports = defineDomain({
  name: 'import',
  area: 'customers',
  summary: 'Taking over what there is in other programs: customers, visits, services and more.',
  records: [importRecord],
  views: [notTakenView],
  actions: [previewCsv, importCsv, importSquare, undoImport],
});
