import { isUuid, newId } from '../../core/kernel/database/ids.ts';
import type { JsonSchema } from '../../core/kernel/words/parse-input.ts';
import { askAgain } from '../support/ask-again.ts';
import type { Business, Office } from '../support/office.ts';
import { pickFrom, type Story } from './story.ts';

/** The word that stands in every name of the neighbour's story, and one of the same shape that stands nowhere. */
export const neighbourWord = 'Zyphim';
const unknownWord = 'Xqvorn';

/** Two ways to point to a record that an outsider must not be able to tell apart. */
export interface Pair {
  theirs: string;
  nobodys: string;
}

/** How one can point to a record of another business: by id, by reference, by name. */
export async function pairsFor(
  office: Office,
  neighbour: Business,
  story: Story,
  record: string,
): Promise<Pair[]> {
  const spec = office.app.registry.records.get(record);
  if (!spec) throw new Error(`there is no record ${record}`);
  const id = pickFrom(story, record);
  const [row] = await office.read(neighbour.owner, spec.plural, { id });
  if (!row) throw new Error(`the neighbour has no ${record}`);
  const name = spec.label(row);
  return [
    pairOf(id),
    ...(spec.reference
      ? [{ theirs: String(row.reference), nobodys: String(row.reference).replace(/\d+$/, '999999') }]
      : []),
    ...(name.includes(neighbourWord)
      ? [{ theirs: name, nobodys: name.replaceAll(neighbourWord, unknownWord) }]
      : []),
  ];
}

export const pairOf = (theirs: string): Pair => ({ theirs, nobodys: nobodys(theirs) });

/** Members that point somewhere although the schema does not say to which record: `id`, `key`, `entity_id`, … */
export function unmarkedPointers(schema: JsonSchema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    member.type === 'string' && member.ref === undefined && takesIds(member) && /(^|_)(id|key)$/.test(name)
      ? [name]
      : [],
  );
}

/** The key of a fact, a plain word, points nowhere. */
const takesIds = ({ pattern }: JsonSchema) =>
  typeof pattern !== 'string' || new RegExp(pattern).test(newId());

/** What one can point with: the newest id and reference in every table of a business, a key's beginning, a request id. */
export async function everyPointer({ database }: Office, business: Business): Promise<string[]> {
  const columns = await askAgain<{ table: string; column: string }>(
    database.owner,
    `
    select c.relname as table, a.attname as column
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attname in ('id', 'reference', 'prefix', 'request_id')
    where c.relnamespace = 'public'::regnamespace
      and c.relkind = 'r'
      and exists (select 1 from pg_attribute where attrelid = c.oid and attname = 'organization_id')
      and exists (select 1 from pg_attribute where attrelid = c.oid and attname = 'id')
    order by c.relname, a.attname`,
  );
  const queries = columns.map(
    ({ table, column }) =>
      `(select ${column}::text as pointer from ${table} where organization_id = $1 order by id desc limit 1)`,
  );
  const rows = await askAgain<{ pointer: string | null }>(database.owner, queries.join('\nunion\n'), [
    business.id,
  ]);
  return rows.flatMap(({ pointer }) => pointer ?? []);
}

/** A pointer of the same shape that points to nothing. */
export function nobodys(pointer: string): string {
  if (isUuid(pointer)) return newId();
  // A year stays the year: INV-2026-014, INV-2026-999.
  if (/^[A-Z]+(-\d+)+$/.test(pointer)) return pointer.replace(/\d+$/, number => number.replace(/\d/g, '9'));
  return `${pointer.slice(0, 3)}${'z'.repeat(pointer.length - 3)}`;
}
