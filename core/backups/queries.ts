import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../kernel/database/sql.ts';

/** Every table but the record of migrations, which restoring makes by running them. */
export const allTables = (): Sql => sql`
  select c.relname::text as name,
    (
      select jsonb_agg(a.attname order by a.attnum)
      from pg_attribute as a
      where a.attrelid = c.oid
        and a.attnum > 0
        and not a.attisdropped
        and a.attgenerated = ''
    ) as columns,
    (
      select jsonb_agg(
        jsonb_build_object('name', a.attname, 'is_text', a.attcollation <> 0) order by k.place)
      from pg_index as i
      cross join unnest(i.indkey::smallint[]) with ordinality as k (number, place)
      join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number
      where i.indrelid = c.oid
        and i.indisprimary
    ) as key
  from pg_class as c
  where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and c.relname <> 'schema_migrations'
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
  order by c.relname collate "C"`;
export const tableShape = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  key: z.array(z.object({ name: z.string(), is_text: z.boolean() })),
});
export type TableShape = z.infer<typeof tableShape>;

/** Times, numbers and bytes are written alike whatever the server is set to. */
const writtenAlike: readonly Sql[] = [
  sql`set local time zone 'UTC'`,
  sql`set local datestyle = 'ISO, YMD'`,
  sql`set local intervalstyle = 'iso_8601'`,
  sql`set local extra_float_digits = 1`,
  sql`set local bytea_output = 'hex'`,
];

/** Rather an error than rows that row security keeps back. */
export const seeEverything: readonly Sql[] = [
  sql`set local role deskhand_owner`,
  sql`set local row_security = off`,
  sql`set local statement_timeout = 0`,
  sql`set local idle_in_transaction_session_timeout = 0`,
  ...writtenAlike,
];

/** The moment a reading transaction sees, to the microsecond. */
export const momentSeen = (): Sql => sql`
  select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment`;
export const momentRow = z.object({ moment: z.string() });

/** What restoring sets when it has become the owner. */
export const takeAllTime: readonly Sql[] = [sql`set local statement_timeout = 0`, ...writtenAlike];

const quoted = (name: string) => raw(`"${identifier(name).raw}"`);

/** The rows of a table in the order of its key, each as PostgreSQL writes a row, in a JSON text. */
export function rowsOfTable({ name, columns, key }: TableShape): Sql {
  const order = key.map(column =>
    column.is_text ? sql`t.${quoted(column.name)} collate "C"` : sql`t.${quoted(column.name)}`,
  );
  return sql`
    select to_json(row(${join(
      columns.map(column => sql`t.${quoted(column)}`),
      ', ',
    )})::text)::text as line
    from ${quoted(name)} as t
    order by ${join(order, ', ')}`;
}

/** What a line of this table is, for the time of the transaction. */
export const shapeOfLines = ({ name, columns }: Pick<TableShape, 'name' | 'columns'>): Sql => sql`
  create temporary table ${quoted(`backup_${name}`)} on commit drop as
  select ${join(
    columns.map(column => sql`${quoted(column)}`),
    ', ',
  )}
  from ${quoted(name)}
  with no data`;

/** Puts lines, a JSON array of them, into a table. */
export const insertRows = (
  { name, columns }: Pick<TableShape, 'name' | 'columns'>,
  lines: string,
): Sql => sql`
  insert into ${quoted(name)} (${join(
    columns.map(column => sql`${quoted(column)}`),
    ', ',
  )})
  select (parsed.line).*
  from (
    select given.line::pg_temp.${quoted(`backup_${name}`)} as line
    from json_array_elements_text(${lines}::json) as given (line)
    offset 0
  ) as parsed`;

/** Migrations put rows into a few tables; they come from the backup as well. */
export const emptyTable = (name: string): Sql => sql`delete from ${quoted(name)}`;

export const analyzeTable = (name: string): Sql => sql`analyze ${quoted(name)}`;

export const migrationsWithHashes = (): Sql =>
  sql`select name, hash from schema_migrations order by name collate "C"`;
export const migrationRow = z.object({ name: z.string(), hash: z.string() });

export const hasSchema = (): Sql => sql`select to_regclass('public.schema_migrations') is not null as here`;
export const hereRow = z.object({ here: z.boolean() });

/** What is there that is not ours: such a database is not empty, whatever our tables are. */
export const foreignTables = (): Sql => sql`
  select c.relname::text as name
  from pg_class as c
  where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p')
    and to_regclass('public.schema_migrations') is null
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
  limit 1`;

export const allBusinesses = (): Sql => sql`select slug, name from organizations order by slug collate "C"`;
export const businessRow = z.object({ slug: z.string(), name: z.string() });

/** Nobody founds a business while another installation's come in. */
export const keepOthersOut = sql`lock table organizations in access exclusive mode`;

/** Deliveries that waited at the moment of the backup, and go out when a worker starts. */
export const holdWaiting = (kinds: readonly string[]): Sql => sql`
  update jobs
  set attempts = max_attempts, locked_until = null, locked_by = null,
    last_error = 'It waited when the backup was taken, and may have gone out since: look before you try again.'
  where done_at is null
    and dead_at is null
    and run_at <= now()
    and (kind = any (${[...kinds]}::text[]) or lane = 'timers')`;
