import type { Answer, PageRequest } from '../site.ts';
import { deleteFromForm, restoreFromForm, toRow } from './delete.ts';
import { changeFromForm, createFromForm, showEdit, showNew } from './edit.ts';
import { sendList } from './file.ts';
import { listKinds, listRecords, toList } from './list.ts';
import { showDeleted, showRecord } from './record.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** The pages every record has, made of its fields: list, one row, forms. */
export function addRecords(page: Route, form: Route): void {
  page('/records', listKinds);
  page('/records/:plural', listRecords);
  form('/records/:plural/file', sendList);
  page('/records/:plural/file', toList);
  page('/records/:plural/new', request => showNew(request));
  form('/records/:plural/new', createFromForm);
  page('/records/:plural/:ref', request => showRecord(request));
  page('/records/:plural/:ref/edit', request => showEdit(request));
  form('/records/:plural/:ref/edit', changeFromForm);
  form('/records/:plural/:ref/delete', deleteFromForm);
  page('/records/:plural/:ref/delete', toRow);
  page('/records/:plural/:ref/deleted', request => showDeleted(request));
  form('/records/:plural/:ref/restore', restoreFromForm);
  page('/records/:plural/:ref/restore', toRow);
}
