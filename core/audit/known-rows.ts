import { isUuid } from '../kernel/database/ids.ts';
import type { StoredRow } from '../kernel/records/record.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { type Changed, sidesOf } from './differences.ts';
import { personIn } from './scene.ts';
import type { KnownRow } from './value-words.ts';

/** Reads rows by the names of their records; whatever the reader may not see is left out. */
export type FetchRows = (
  wanted: ReadonlyMap<string, readonly string[]>,
) => Promise<ReadonlyMap<string, readonly StoredRow[]>>;

/**
 * The rows that some changes speak of, by id, and those whose they are: what sentences about calls are made of. Two look-ups
 * of one statement a kind of record, however many calls there are.
 */
export async function readKnownRows(
  registry: Registry,
  changes: readonly Changed[],
  fetch: FetchRows,
): Promise<Map<string, KnownRow>> {
  const known = new Map<string, KnownRow>();
  const read = async (ids: readonly (readonly [string, string])[]) => {
    const wanted = new Map<string, Set<string>>();
    for (const [record, id] of ids) {
      if (known.has(id) || !isUuid(id) || !registry.records.has(record)) continue;
      wanted.set(record, (wanted.get(record) ?? new Set()).add(id));
    }
    if (wanted.size === 0) return;
    const found = await fetch(new Map([...wanted].map(([name, of]) => [name, [...of]])));
    for (const [name, rows] of found) {
      const record = registry.records.get(name);
      if (record) for (const row of rows) known.set(row.id, { record, row });
    }
  };
  await read(changes.flatMap(entry => pointedTo(registry, entry)));
  await read(
    [...known.values()].flatMap(({ record, row }) => {
      const id = personIn(record, row);
      const ref = record.refs.find(({ column }) => row[column] === id);
      return id === undefined || !ref?.field.to ? [] : [[ref.field.to.record, id] as const];
    }),
  );
  return known;
}

/** The row itself, the one whose part it is, and every row its columns point to. */
function pointedTo(registry: Registry, entry: Changed): (readonly [string, string])[] {
  const pointed = Object.entries(entry.changes).flatMap(([name, value]) => {
    const record = registry.pointsTo(name) ?? registry.pointsTo(name.replace(/s$/, ''));
    if (record === undefined) return [];
    const { old: was, new: is } = sidesOf(value);
    return [was, is].flat().map(id => [record, String(id)] as const);
  });
  return [[entry.entity_type, entry.entity_id], [entry.subject_type, entry.subject_id], ...pointed];
}
