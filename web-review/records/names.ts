import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { type Content, html } from '../html.ts';
import { type PageRequest, readMaybe } from '../site.ts';
import { bestPathOf, mayBrowse, nameOf } from './kind.ts';
import { isEmpty, type ShownRow } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** What fields that point to other rows say: the name of the row, and where it is shown. */
export interface Names {
  /** With the way to it. */
  link(record: string, id: unknown): Content;
  /** The name alone; undefined for what is gone or not for this person. */
  text(record: string, id: unknown): string | undefined;
}

interface Known {
  name: string;
  href: string;
}

/** Reads the rows that some rows point to, each once. */
export async function readNames(
  visit: PageRequest,
  pointing: readonly { record: RecordSpec; rows: readonly ShownRow[] }[],
): Promise<Names> {
  const wanted = new Map<string, { parent: RecordSpec; id: string }>();
  for (const { record, rows } of pointing) {
    for (const { column, field } of record.refs) {
      const parent = visit.site.app.registry.records.get(field.to?.record ?? '');
      if (!parent || !mayBrowse(visit, parent)) continue;
      for (const row of rows) {
        const id = row[column];
        if (!isEmpty(id)) wanted.set(`${parent.name}:${String(id)}`, { parent, id: String(id) });
      }
    }
  }
  const known = new Map<string, Known>();
  await Promise.all(
    [...wanted].map(async ([key, { parent, id }]) => {
      const row = await readMaybe(visit, { type: parent.plural, row: anyRow, id });
      if (row) known.set(key, { name: nameOf(parent, row), href: bestPathOf(visit, parent, row) });
    }),
  );
  const find = (record: string, id: unknown) => known.get(`${record}:${String(id)}`);
  return {
    text: (record, id) => find(record, id)?.name,
    link(record, id) {
      const row = find(record, id);
      if (row) return html`<a href="${row.href}"><bdi>${row.name}</bdi></a>`;
      return wanted.has(`${record}:${String(id)}`) ? 'removed since' : 'not shown';
    },
  };
}
