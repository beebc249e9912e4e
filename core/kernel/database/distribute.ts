import { z } from 'zod';
import type { OwnConnection } from './own-connection.ts';
import { sql } from './sql.ts';

/** Tables that belong to no organization, and stand whole on every node, each with its reason. */
export const referenceTables: Readonly<Record<string, string>> = {
  users: 'a sign-in address is unique over all businesses',
};

/** Tables that stay on the coordinator, each with its reason. */
export const localTables: Readonly<Record<string, string>> = {
  jobs: 'claimed across all businesses with "for update skip locked"',
  timers: 'claimed the same way',
  sessions: 'found by the hash of a secret before any business is known',
  sign_in_tokens: 'the same',
  call_counts: 'how often a credential calls, before anybody looks whose it is',
  paces: 'when the next mail may go, of all businesses together',
  oauth_entries: 'found by the hash of a secret before any business is known',
  webhook_strays: 'messages of which nobody knows whose they are',
  deleted_businesses: 'what is left of businesses that are gone',
  schema_migrations: 'what has run on this database',
};

const tableRow = z.object({ name: z.string(), by: z.string().nullable() });
const historyRow = z.object({ table: z.string(), arguments: z.string() });
const keyRow = z.object({ child: z.string(), name: z.string(), parent: z.string(), rule: z.string() });

/**
 * The statements that turn the schema of an installation into one that is distributed by business over the nodes of a Citus
 * cluster: the tables of businesses side by side, so that each call is served by one node. Foreign keys between a table that stays on the coordinator and
 * one that is distributed cannot be kept there; they go. Read from the catalog, in an order in which they can be run. Of an
 * installation that is distributed already only the tables that came since; of none, when none did. Throws for a table that has no organization_id and is on no list.
 */
export async function distribution(connection: Pick<OwnConnection, 'many'>): Promise<string[]> {
  const tables = await connection.many(
    tableRow,
    sql`
    select c.relname::text as name,
      case when c.relname = 'organizations' then 'id'
        when exists (
          select from pg_attribute as a
          where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
        ) then 'organization_id' end as by
    from pg_class as c
    where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
      and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname <> 'organizations', c.relname collate "C"`,
  );
  const keys = await connection.many(
    keyRow,
    sql`
    select c.conrelid::regclass::text as child, c.conname::text as name, c.confrelid::regclass::text as parent,
      pg_get_constraintdef(c.oid) as rule
    from pg_constraint as c
    where c.contype = 'f'
      and c.connamespace = 'public'::regnamespace
      and c.conparentid = 0
    order by c.conrelid::regclass::text collate "C", c.conname collate "C"`,
  );
  const histories = await connection.many(
    historyRow,
    sql`
    select tgrelid::regclass::text as table, substring(pg_get_triggerdef(oid) from 'audit_made(\\(.*\\))$') as arguments
    from pg_trigger
    where tgname = 'audit_made'
    order by tgrelid::regclass::text collate "C"`,
  );
  const done = await distributedAlready(connection);
  const isLocal = (name: string) => Object.hasOwn(localTables, name);
  const isReference = (name: string) => Object.hasOwn(referenceTables, name);
  const distributed = tables.filter(({ name }) => !isLocal(name) && !isReference(name) && !done.has(name));
  const lost = distributed.find(({ by }) => by === null);
  if (lost) throw new Error(`${lost.name} has no organization_id and is on no list of distribute.ts`);
  const parted = keys.filter(
    ({ child, parent }) => isLocal(child) !== isLocal(parent) || (isReference(child) && !isReference(parent)),
  );
  const { inOrder, putOff } = parentsFirst(
    distributed,
    keys.filter(
      ({ child, parent }) =>
        !isLocal(child) && !isLocal(parent) && !isReference(parent) && !done.has(child) && !done.has(parent),
    ),
  );
  return [
    ...(done.size > 0 ? [] : ['create extension if not exists citus']),
    // A trigger that sees all rows of a statement at once is refused there: the history takes them one by one.
    ...histories
      .filter(({ table }) => distributed.some(({ name }) => name === table))
      .flatMap(({ table, arguments: said }) => [
        `drop trigger audit_made on ${table}`,
        `create or replace trigger audit after insert or update or delete on ${table} for each row execute function audit_row${said}`,
      ]),
    ...[...parted, ...putOff].map(({ child, name }) => `alter table ${child} drop constraint ${name}`),
    ...Object.keys(referenceTables)
      .filter(name => !done.has(name))
      .map(name => `select create_reference_table('${name}')`),
    ...inOrder.map(({ name, by }) =>
      name === 'organizations'
        ? `select create_distributed_table('${name}', '${by}')`
        : `select create_distributed_table('${name}', '${by}', colocate_with => 'organizations')`,
    ),
    ...putOff.map(({ child, name, rule }) => `alter table ${child} add constraint ${name} ${rule}`),
  ];
}

const nameRow = z.object({ name: z.string() });

/** What Citus knows of already; nothing where it is not there. */
async function distributedAlready(connection: Pick<OwnConnection, 'many'>): Promise<Set<string>> {
  const known = await connection.many(
    nameRow,
    sql`select 'there' as name where to_regclass('pg_dist_partition') is not null`,
  );
  if (known.length === 0) return new Set();
  const rows = await connection.many(
    nameRow,
    sql`select logicalrelid::regclass::text as name from pg_dist_partition`,
  );
  return new Set(rows.map(({ name }) => name));
}

type Table = z.infer<typeof tableRow>;
type Key = z.infer<typeof keyRow>;

/**
 * Tables in an order in which each comes after those it points to: a table that points to one that is not distributed yet is
 * refused. Where two point to each other, the keys in the way are put off until both are.
 */
function parentsFirst(tables: readonly Table[], keys: readonly Key[]): { inOrder: Table[]; putOff: Key[] } {
  const inOrder: Table[] = [];
  const putOff: Key[] = [];
  let left = tables;
  let open = keys.filter(({ child, parent }) => child !== parent);
  while (left.length > 0) {
    const waiting = new Set(open.map(({ child }) => child));
    // Of tables that point to each other the one with the fewest such keys goes first, without them.
    const next = left.filter(({ name }) => !waiting.has(name));
    const [first] = next.length > 0 ? next : left.toSorted((a, b) => keysOf(open, a) - keysOf(open, b));
    if (first === undefined) break;
    putOff.push(...open.filter(({ child }) => child === first.name));
    inOrder.push(first);
    left = left.filter(table => table !== first);
    open = open.filter(({ child, parent }) => child !== first.name && parent !== first.name);
  }
  return { inOrder, putOff };
}

const keysOf = (keys: readonly Key[], { name }: Table): number =>
  keys.filter(({ child }) => child === name).length;
