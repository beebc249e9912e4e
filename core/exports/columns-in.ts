import { DeskhandError } from '../kernel/words/errors.ts';
import type { FixUp } from './fix-ups.ts';
import type { ArchiveTable, Manifest } from './format.ts';
import { type ColumnIn, leftOutOf, type TableOfBusiness } from './queries.ts';
import { broken, newer } from './read-archive.ts';

/** How one table of an archive becomes rows of today's. */
export interface TableIn {
  archived: ArchiveTable;
  table: TableOfBusiness;
  columns: readonly ColumnIn[];
  /** Whether a line of today reads like the archived one, so that both checksums can be compared. */
  is_alike: boolean;
}

/** The fix-ups of migrations that had not run when the archive was written. */
export const fixUpsFor = ({ migrations }: Pick<Manifest, 'migrations'>, fixUps: readonly FixUp[]): FixUp[] =>
  fixUps.filter(({ migration }) => !migrations.some(ran => ran.startsWith(migration)));

/** Throws VALIDATION_ERROR for an archive in which a migration has run that this installation does not know. */
export function requireKnown({ migrations }: Pick<Manifest, 'migrations'>, here: readonly string[]): void {
  const known = new Set(here);
  if (migrations.some(name => !known.has(name))) throw newer();
}

/**
 * Where each column of today comes from, by name and by the fix-ups, for every table of the archive. Throws
 * VALIDATION_ERROR for a table or column nobody says anything about, and for one that must be filled and is not.
 */
export function tablesIn(
  { tables }: Pick<Manifest, 'tables'>,
  here: readonly TableOfBusiness[],
  fixUps: readonly FixUp[],
): TableIn[] {
  const found = tables.flatMap(archived => {
    const name = follow(
      archived.name,
      fixUps.map(({ tables: of }) => of),
    );
    if (name === null) return [];
    const table = here.find(one => one.name === name);
    if (!table) throw unknown(archived.name);
    return [tableIn(archived, table, fixUps)];
  });
  const names = found.map(({ table }) => table.name);
  if (new Set(names).size < names.length) throw broken('This archive has a table twice.');
  if (!names.includes('organizations')) throw broken('This archive has no business in it.');
  return found;
}

function tableIn(archived: ArchiveTable, table: TableOfBusiness, fixUps: readonly FixUp[]): TableIn {
  const sources = new Map<string, string>();
  for (const { name } of archived.columns) {
    const now = follow(
      name,
      fixUps.map(({ columns }) => columns?.[table.name]),
    );
    if (now === null) continue;
    if (!table.columns.some(column => column.name === now)) throw unknown(`${archived.name}.${name}`);
    if (sources.has(now)) throw broken(`${archived.name} has the column ${now} twice in this archive.`);
    sources.set(now, name);
  }
  const columns = table.columns.flatMap((column): ColumnIn[] => {
    const { name, type, is_generated, is_needed } = column;
    if (is_generated) return [];
    const from = sources.get(name);
    if (from !== undefined) return [{ name, type, from }];
    const filled =
      leftOutOf(table.name)[name]?.filled ??
      fixUps.map(fixUp => fixUp.filled?.[table.name]?.[name]).findLast(Boolean);
    if (filled !== undefined) return [{ name, type, from: undefined, filled }];
    if (is_needed) throw unknown(`what ${table.name}.${name} is`);
    return [];
  });
  const is_alike = archived.columns.every(({ name, type }) =>
    table.columns.some(column => column.name === name && column.type === type && sources.get(name) === name),
  );
  return { archived, table, columns, is_alike: is_alike && archived.name === table.name };
}

/** A name after all renames; null where one of them ends it. */
function follow(
  name: string,
  renames: readonly (Readonly<Record<string, string | null>> | undefined)[],
): string | null {
  let now: string | null = name;
  for (const rename of renames) {
    if (now !== null && rename && Object.hasOwn(rename, now)) now = rename[now] ?? null;
  }
  return now;
}

const unknown = (what: string) =>
  new DeskhandError('VALIDATION_ERROR', `This archive says ${what}, which this Deskhand has no place for.`, {
    hint: 'Nothing was restored. Restore it with the version that wrote it (README.txt in it says which), and update then.',
  });
