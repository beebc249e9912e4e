import { defineDomain } from '../kernel/registry/define.ts';
import { importRecord } from './import.ts';
import { importSquare } from './square.ts';
import { undoImport } from './undo.ts';

export const imports = defineDomain({
  name: 'import',
  area: 'customers',
  summary: 'Taking over customers from other systems.',
  records: [importRecord],
  actions: [importSquare, undoImport],
});
