import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { mayBrowse, pathOf } from '../records/kind.ts';
import { mayRead, type PageRequest, type Redirect, readMaybe, recordOf } from '../site.ts';

/**
 * Where a record opens: on the page made for such records, on that of the one it is shown with (a note with its
 * customer), else on its generic page. Undefined for one that this person has no page for.
 */
export function recordHref(
  request: PageRequest,
  { kind, id, reference }: { kind: string; id: string; reference: string | null },
): string | undefined {
  const { registry } = request.site.app;
  const page = registry.pathOf(kind);
  const record = registry.records.get(kind);
  const name = reference ?? id;
  if (page && !page.path.startsWith('/records/'))
    return mayRead(request, page.view) ? `${page.path}/${name}` : undefined;
  if (!record || !mayBrowse(request, record)) return undefined;
  return ownersOf(request, record).length > 0 ? `/open/${kind}/${name}` : pathOf(record, { reference: name });
}

/** The fields that say with which records one is shown, and the pages those have. */
function ownersOf(request: PageRequest, record: RecordSpec): { column: string; path: string }[] {
  const { registry } = request.site.app;
  return record.refs.flatMap(({ column, field }) => {
    const page = field.to?.as === undefined ? undefined : registry.pathOf(field.to.record);
    return page && !page.path.startsWith('/records/') && mayRead(request, page.view)
      ? [{ column, path: page.path }]
      : [];
  });
}

const anyRow = z.record(z.string(), z.unknown());

/** Leads to the page a note, a fact, a call or an address is shown on. Throws NOT_FOUND. */
export async function openRecord(request: PageRequest): Promise<Redirect> {
  const record = request.site.app.registry.records.get(String(request.http.params.kind));
  const owners = record && mayBrowse(request, record) ? ownersOf(request, record) : [];
  const row =
    record && owners.length > 0
      ? await readMaybe(request, { type: record.plural, row: anyRow, id: recordOf(request) })
      : undefined;
  if (!record || !row) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const owner = owners.find(({ column }) => typeof row[column] === 'string');
  return { redirect: owner ? `${owner.path}/${String(row[owner.column])}` : pathOf(record, row) };
}
