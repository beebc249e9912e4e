import { z } from 'zod';
import { sql } from '../database/sql.ts';
import { pluralOf } from '../words/plural.ts';
import { type Field, type Fields, isFilled } from './field-shape.ts';
import { readFilters } from './filters.ts';
import type { AnyDefinition, Preset, RecordSpec, StoredRow } from './record.ts';
import { isFound, makeDocument } from './row-document.ts';
import { emptiable, held, leavable } from './shared-schemas.ts';

/** Everything the machinery asks of a record, from its table of fields: made once, when the domain is loaded. */
export function resolveRecord(definition: AnyDefinition): RecordSpec {
  const { fields, document, params = {}, lists_created_at, default_sort, is_found, ...said } = definition;
  const { reference, actions } = said;
  const named = Object.entries(fields);
  const soft_deletes = actions.delete !== undefined;
  const columns = {
    id: 'uuid',
    ...(reference ? { reference: 'text' } : {}),
    ...mapped(fields, field => field.column),
    ...(soft_deletes ? { deleted_at: 'timestamptz' } : {}),
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  };
  const row = z.object(rowShape(fields, reference !== undefined, soft_deletes));
  const writable = z.strictObject(
    givenShape(
      named.filter(([, { writable }]) => writable !== false).map(([name, { given }]) => [name, given]),
    ),
  );
  const changeable = z.strictObject(
    givenShape(
      named
        .filter(([, { writable }]) => writable === undefined)
        .map(([name, { given, required }]) => [name, given && required ? leavable(given) : given]),
    ),
  );
  const label = labelOf(definition);
  const noun = definition.noun ?? definition.name.replaceAll('_', ' ');
  return {
    ...said,
    ...(soft_deletes ? { filters: { ...said.filters, [deletedPreset]: deletedRows } } : {}),
    fields,
    table: definition.table ?? definition.plural,
    noun,
    nouns: definition.nouns ?? pluralOf(noun),
    columns,
    row,
    parsed: row,
    label,
    writable,
    changeable,
    clearable: named.filter(([, field]) => isClearable(field)).map(([name]) => name),
    default_fields: [
      'id',
      ...(reference ? ['reference'] : []),
      ...named.filter(([, { list }]) => list).map(([name]) => name),
      ...(lists_created_at ? ['created_at'] : []),
    ],
    sorts: sortsOf(fields, default_sort),
    ...readFilters(fields, params),
    soft_deletes,
    refs: named.flatMap(([column, field]) => (field.to ? [{ column, field }] : [])),
    ...(is_found === false || definition.documents || !isFound(fields)
      ? {}
      : { documentOf: (one: StoredRow) => makeDocument(fields, label, one, document) }),
  };
}

/** The preset of every list whose rows can be restored; all others show living rows alone. */
export const deletedPreset = 'deleted';

const deletedRows: Preset = { summary: 'deleted, can be restored', where: sql`deleted_at is not null` };

function rowShape(fields: Fields, isNumbered: boolean, softDeletes: boolean) {
  return {
    id: held.text,
    ...(isNumbered ? { reference: held.text } : {}),
    ...mapped(fields, field => field.row),
    ...(softDeletes ? { deleted_at: emptiable(held.text) } : {}),
    version: held.number,
    created_at: held.text,
    updated_at: held.text,
  };
}

const givenShape = (members: readonly (readonly [string, z.ZodType | undefined])[]): z.ZodRawShape =>
  Object.fromEntries(members.flatMap(([name, given]) => (given ? [[name, given]] : [])));

const isClearable = (field: Field): boolean =>
  field.writable === undefined && field.clear !== false && !isFilled(field);

/** Moments that every row has are sorted by as well. */
function sortsOf(fields: Fields, default_sort: string | undefined): string[] {
  const own = Object.entries(fields)
    .filter(([, { sort }]) => sort)
    .map(([name]) => name);
  const all = [...own, 'created_at', 'updated_at'];
  return default_sort === undefined ? all : [default_sort, ...all.filter(name => name !== default_sort)];
}

function labelOf({ fields, label, reference, name }: AnyDefinition): (row: StoredRow) => string {
  if (label) return label;
  const field = Object.entries(fields).find(([, field]) => field.label)?.[0];
  const member = field ?? (reference ? 'reference' : 'id');
  return row => String(row[member] ?? name);
}

function mapped<T>(fields: Fields, pick: (field: Field) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, pick(field)]));
}
