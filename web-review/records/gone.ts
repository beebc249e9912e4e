import { z } from 'zod';
import { deletedPreset } from '../../core/kernel/records/derive.ts';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { type PageRequest, type Redirect, readMaybe } from '../site.ts';
import { deletedPathOf, mayBrowse } from './kind.ts';

const anyRow = z.record(z.string(), z.unknown());

/**
 * Leads from the page of something that was deleted to what it held, and to the way back: histories and lists of what was
 * done name it still. Throws the error that the page was refused with where nothing was deleted there for this person.
 */
export async function whereItWas(request: PageRequest, error: unknown): Promise<Redirect> {
  const { method, path, params } = request.http;
  const ref = String(params.ref);
  const isMissing = error instanceof DeskhandError && error.code === 'NOT_FOUND';
  if (!isMissing || method !== 'GET' || !looksLikeReference(ref) || !path.endsWith(`/${ref}`)) throw error;
  const { records, references } = request.site.app.registry;
  const type = references.typeOf(ref);
  const record = [...records.values()].find(({ plural }) => plural === type);
  if (!record?.soft_deletes || !mayBrowse(request, record)) throw error;
  const row = await readMaybe(request, {
    type: record.plural,
    row: anyRow,
    id: ref,
    query: { filter: deletedPreset },
  });
  if (!row) throw error;
  return { redirect: deletedPathOf(record, row) };
}
