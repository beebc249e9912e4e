import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ArchiveColumn } from './format.ts';
import { columnsLeftOut, type LeftOut, rowsLeftOut } from './what-leaves.ts';

const tableRow = z.object({
  name: z.string(),
  /** `organization_id`, and `id` of the businesses themselves. */
  owned_by: z.string(),
  key: z.array(z.object({ name: z.string(), is_text: z.boolean() })),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      is_generated: z.boolean(),
      is_needed: z.boolean(),
    }),
  ),
});
export type TableOfBusiness = z.infer<typeof tableRow>;

/** Every table whose rows are a business's, found by the catalog, with what a line of each is made of. */
export const tablesOfBusiness = (): Sql => sql`
  select c.relname::text as name,
    case c.relname when 'organizations' then 'id' else 'organization_id' end as owned_by,
    (
      select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'is_text', a.attcollation <> 0)
        order by k.place), '[]')
      from pg_constraint as p
      cross join unnest(p.conkey) with ordinality as k (number, place)
      join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number
      where p.conrelid = c.oid
        and p.contype = 'p'
    ) as key,
    (
      select jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'is_generated', a.attgenerated <> '',
        'is_needed', a.attnotnull and not a.atthasdef) order by a.attnum)
      from pg_attribute as a
      where a.attrelid = c.oid
        and a.attnum > 0
        and not a.attisdropped
    ) as columns
  from pg_class as c
  where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and (
      c.relname = 'organizations'
      or exists (
        select
        from pg_attribute as a
        where a.attrelid = c.oid
          and a.attname = 'organization_id'
          and not a.attisdropped
      )
    )
  order by c.relname collate "C"`;
export const tablesShape = tableRow;

/** Times, bytes and numbers are written alike whatever the server is set to. */
export const plainValues: readonly Sql[] = [
  sql`set local time zone 'UTC'`,
  sql`set local datestyle = 'ISO, YMD'`,
  sql`set local intervalstyle = 'iso_8601'`,
  sql`set local extra_float_digits = 1`,
];

/** A large table is read and sorted in more than the ten seconds of a call. */
export const takeYourTime = sql`set local statement_timeout = '10min'`;

/** Becomes the application inside one business: row level security stands behind every statement from here on. */
export const actIn = (organizationId: string): Sql =>
  sql`select set_ctx(${organizationId}::uuid, null, '{"kind": "system", "name": "export"}'::jsonb)`;

export const migrationsRun = () => sql`select name from schema_migrations order by name collate "C"`;

/** The moment a reading transaction sees, to the microsecond. */
export const momentOf = () => sql`
  select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment`;

export const businessOf = (organizationId: string) => sql`
  select id, slug, name
  from organizations
  where id = ${organizationId}::uuid`;

const quoted = (name: string) => raw(`"${identifier(name).raw}"`);

/**
 * The rows of a table as lines of JSON in the order of its key. Numbers and times keep every digit, bytes are base64, and
 * the JSON value null, which a line could not tell from no value, is named in `$null`.
 */
export function linesOf(
  table: Pick<TableOfBusiness, 'name' | 'owned_by' | 'key'>,
  columns: readonly ArchiveColumn[],
  organizationId: string,
): Sql {
  const cells = columns.map(({ name, type }) =>
    type === 'bytea'
      ? sql`replace(encode(t.${quoted(name)}, 'base64'), E'\n', '') as ${quoted(name)}`
      : sql`t.${quoted(name)}`,
  );
  const order = table.key.map(({ name, is_text }) =>
    is_text ? sql`t.${quoted(name)} collate "C"` : sql`t.${quoted(name)}`,
  );
  const json = columns.filter(({ type }) => type === 'jsonb').map(({ name }) => name);
  const nulls = join(
    json.map(name => sql`case when t.${quoted(name)} = 'null' then ${raw(`'${name}'`)} end`),
    ', ',
  );
  const line = sql`(select row_to_json(line)::text from (select ${join(cells, ', ')}) as line)`;
  const marked = sql`case when ${join(
    json.map(name => sql`t.${quoted(name)} = 'null'`),
    ' or ',
  )}
    then left(${line}, -1) || ',"$null":' || array_to_json(array_remove(array[${nulls}]::text[], null)) || '}'
    else ${line} end`;
  const kept = rowsLeftOut[table.name]?.kept;
  return sql`
    select ${json.length === 0 ? line : marked} as line
    from ${quoted(table.name)} as t
    where t.${quoted(table.owned_by)} = ${organizationId}::uuid
      ${kept === undefined ? sql`` : sql`and t.${raw(kept)}`}
    order by ${join(order, ', ')}`;
}

/** Where one column of a table comes from when a line is read back. */
export interface ColumnIn {
  name: string;
  type: string;
  /** What it is called in the archive; undefined where the archive has none and `filled` stands in. */
  from: string | undefined;
  filled?: string;
}

/**
 * Puts lines of an archive into a table. Whose they are is not believed: every row becomes one of the business that is
 * restored.
 */
export function insertLines(
  table: Pick<TableOfBusiness, 'name' | 'owned_by'>,
  columns: readonly ColumnIn[],
  lines: string,
  organizationId: string,
): Sql {
  const read = columns.flatMap(({ from, type }) =>
    from === undefined ? [] : [sql`${quoted(from)} ${raw(type === 'bytea' ? 'text' : type)}`],
  );
  const cell = ({ name, type, from, filled }: ColumnIn): Sql => {
    if (name === table.owned_by) return sql`${organizationId}::uuid`;
    if (from === undefined) return sql`${raw(filled ?? 'default')}`;
    if (type === 'bytea') return sql`decode(x.${quoted(from)}, 'base64')`;
    if (type !== 'jsonb') return sql`x.${quoted(from)}`;
    return sql`case when ${raw(`'${identifier(from).raw}'`)} = any (x."$null") then 'null'::jsonb else x.${quoted(from)} end`;
  };
  const names = columns.map(({ name }) => sql`${quoted(name)}`);
  return sql`
    insert into ${quoted(table.name)} (${join(names, ', ')})
    select ${join(columns.map(cell), ', ')}
    from json_to_recordset(${lines}::json) as x (${join([...read, sql`"$null" text[]`], ', ')})`;
}

/** That several restores of one business come one after the other. */
export const lockBusiness = (organizationId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('restore ' || ${organizationId}, 0))`;

export const businessesLike = (business: { id: string; slug: string }) => sql`
  select id, slug, name
  from organizations
  where id = ${business.id}::uuid
    or slug = ${business.slug}`;

/** Triggers and foreign keys keep still while rows come back as they were; what keys promise is looked at afterwards. */
export const keepTriggersStill = sql`set local session_replication_role = 'replica'`;
export const tryOut = sql`savepoint tried`;
export const tookBack = sql`rollback to savepoint tried`;
export const actAsOwner = sql`set local role deskhand_owner`;

/** People of the archive who are somebody else here, or whose address is somebody else's. */
export const peopleInTheWay = (organizationId: string) => sql`
  select m.email
  from members as m
  join users as u on (u.id = m.id) <> (u.email = lower(m.email))
  where m.organization_id = ${organizationId}::uuid
    and (u.id = m.id or u.email = lower(m.email))
  order by m.email
  limit 3`;

export const insertPeople = (organizationId: string) => sql`
  insert into users (id, email, created_at)
  select id, lower(email), created_at
  from members
  where organization_id = ${organizationId}::uuid
  on conflict (id) do nothing`;

/** Every promise of a foreign key between tables of a business, from the catalog. */
export const foreignKeys = () => sql`
  select c.conname::text as name, c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
    (
      select jsonb_agg(jsonb_build_object('child', a.attname, 'parent', b.attname) order by k.place)
      from unnest(c.conkey, c.confkey) with ordinality as k (child, parent, place)
      join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.child
      join pg_attribute as b on b.attrelid = c.confrelid and b.attnum = k.parent
    ) as pairs
  from pg_constraint as c
  where c.contype = 'f'
    and c.connamespace = 'public'::regnamespace
  order by c.conname`;
export const foreignKey = z.object({
  name: z.string(),
  child: z.string(),
  parent: z.string(),
  pairs: z.array(z.object({ child: z.string(), parent: z.string() })),
});

/** How many rows of a business break what a foreign key promises. */
export function rowsWithoutParent(
  { child, parent, pairs }: z.infer<typeof foreignKey>,
  { owned_by }: Pick<TableOfBusiness, 'owned_by'>,
  organizationId: string,
): Sql {
  const filled = pairs.map(pair => sql`c.${quoted(pair.child)} is not null`);
  const same = pairs.map(pair => sql`p.${quoted(pair.parent)} = c.${quoted(pair.child)}`);
  return sql`
    select count(*)::int as rows
    from ${quoted(child)} as c
    where c.${quoted(owned_by)} = ${organizationId}::uuid
      and ${join(filled, ' and ')}
      and not exists (select from ${quoted(parent)} as p where ${join(same, ' and ')})`;
}

/** The columns that stay behind, by table. */
export const leftOutOf = (table: string): Readonly<Record<string, LeftOut>> => columnsLeftOut[table] ?? {};
