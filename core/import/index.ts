import { defineDomain } from '../kernel/registry/define.ts';
import { importCsv } from './csv/csv.ts';
import { previewCsv } from './csv/preview.ts';
import { importRecord } from './import.ts';
import { importSquare } from './square.ts';
import { undoImport } from './undo.ts';

export const imports = defineDomain({
  name: 'import',
  area: 'customers',
  summary: 'Taking over what there is in other programs: customers, visits, services and more.',
  records: [importRecord],
  actions: [previewCsv, importCsv, importSquare, undoImport],
});
