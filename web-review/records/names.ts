import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { type Content, html } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { bestPathOf, mayBrowse, nameOf } from './kind.ts';
import { isEmpty, type ShownRow } from './value.ts';

/** What fields that point to other rows say: the name of the row, and where it is shown. */
export interface Names {
  /** With the way to it. */
  link(record: string, id: unknown): Content;
  /** The name alone; undefined for what is gone or not for this person. */
  text(record: string, id: unknown): string | undefined;
  /** What somebody would type for it; undefined as above. */
  reference(record: string, id: unknown): string | undefined;
}

interface Known {
  name: string;
  href: string;
  reference: string | undefined;
}

/** Rows, and the record whose fields say what they point to. */
export type Pointing = readonly { record: RecordSpec; rows: readonly ShownRow[] }[];

/** Reads the rows that some rows point to, by id or reference: all of a page in one go, each once. */
export async function readNames(request: PageRequest, pointing: Pointing): Promise<Names> {
  const { app } = request.site;
  const wanted = wantedBy(request, pointing);
  const found =
    wanted.size === 0
      ? new Map<string, readonly ShownRow[]>()
      : await app.readRows(
          request.caller,
          new Map([...wanted].map(([name, ids]) => [name, [...ids]])),
          request.facts,
        );
  const known = new Map<string, Known>();
  for (const [name, rows] of found) {
    const parent = app.registry.records.get(name);
    if (!parent) continue;
    for (const row of rows) {
      const reference = typeof row.reference === 'string' ? row.reference : undefined;
      const one = { name: nameOf(parent, row), href: bestPathOf(request, parent, row), reference };
      known.set(`${name}:${String(row.id)}`, one);
      if (reference !== undefined) known.set(`${name}:${reference}`, one);
    }
  }
  const find = (record: string, id: unknown) => known.get(`${record}:${String(id)}`);
  return {
    text: (record, id) => find(record, id)?.name,
    reference: (record, id) => find(record, id)?.reference,
    link(record, id) {
      const row = find(record, id);
      if (row) return html`<a href="${row.href}"><bdi>${row.name}</bdi></a>`;
      return wanted.get(record)?.has(String(id)) ? 'removed since' : 'not shown';
    },
  };
}

/** The record that several ids in one field are of: who goes to the visits of a series. */
export function severalOf({ site }: PageRequest, { name }: RecordSpec, field: string): string | undefined {
  const refs = site.app.registry.actions.get(`${name}.create`)?.refs ?? [];
  return refs.find(({ path: [first, ...deeper] }) => first === field && deeper.length === 1)?.record;
}

/** What the fields of some rows point to, of records that this person may browse. */
function wantedBy(request: PageRequest, pointing: Pointing): ReadonlyMap<string, ReadonlySet<string>> {
  const { records } = request.site.app.registry;
  const wanted = new Map<string, Set<string>>();
  for (const { record, rows } of pointing) {
    const lists = Object.keys(record.fields).map(
      column => [column, severalOf(request, record, column)] as const,
    );
    const refs = record.refs.map(({ column, field }) => [column, field.to?.record] as const);
    for (const [column, to = ''] of [...refs, ...lists]) {
      const parent = records.get(to);
      if (!parent || !mayBrowse(request, parent)) continue;
      const ids = rows.flatMap(row => row[column]).filter(id => !isEmpty(id));
      if (ids.length === 0) continue;
      const known = wanted.get(parent.name) ?? new Set<string>();
      wanted.set(parent.name, known);
      for (const id of ids) known.add(String(id));
    }
  }
  return wanted;
}
