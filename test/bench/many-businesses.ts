import type pg from 'pg';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { nameOf } from './questions.ts';

// Businesses as actions make them, and thousands more that are the same but for who they are: made of rows, because by actions
// ten thousand of them take hours.

/** Made by actions: `word` stands in whatever must be one business's own, and nowhere else. */
export interface MadeBusiness {
  organization_id: string;
  caller: Caller;
  word: string;
}

/** The first reference of a customer. */
export const firstCustomer = 1001;

/** A business whose customers have an address, a visit that was and one to come each, all by actions. */
export async function makeBusiness(
  db: Database,
  app: App,
  word: string,
  customers: number,
): Promise<MadeBusiness> {
  const { organization_id, owner_id } = await foundBusiness(db, {
    slug: word,
    name: `Window Cleaning ${word}`,
    time_zone: 'America/Chicago',
    owner: { email: `${word}@many.example`, name: 'Olivia Bright' },
  });
  const caller: Caller = { via: 'member', organization_id, user_id: owner_id };
  const done = async (action: string, data: Record<string, unknown>) =>
    (await app.execute(caller, { action, data }, { request_id: newId() })).data;
  const service = await done('service.create', {
    name: 'Window Cleaning',
    pricing: 'fixed',
    price_cents: 20_000,
  });
  for (let number = 0; number < customers; number += 1) {
    const contact = await done('contact.create', { full_name: nameOf(number) });
    const line1 = `${number + 1} Oak Street`;
    const at = { line1, city: 'Huntsville', state: 'AL', postal_code: String(35_700 + (number % 80)) };
    const address = await done('address.create', { contact_id: contact.id, ...at });
    const visit = { contact_id: contact.id, address_id: address.id, lines: [{ service_id: service.id }] };
    // Some forty a day, as in a business that grows.
    const ago = (sign: number) =>
      new Date(Date.now() + sign * (number + 2) * 36 * 60_000).toISOString().slice(0, 16).concat('Z');
    await done('ticket.record_visit', { ...visit, scheduled_at: ago(-1), duration_minutes: 60, close: {} });
    await done('ticket.create', { ...visit, scheduled_at: ago(1), duration_minutes: 60, technician_ids: [] });
  }
  return { organization_id, caller, word };
}

/** Copies are made so many at a time. */
const together = 100;

/**
 * Copies businesses until there are `count` copies, the models in turn: every row of every table that belongs to a business, found in
 * the catalog. Each copy has ids of its own, and points to its own rows by them, in texts and documents too. Without triggers: what
 * they do has been done once, and is copied. Answers the businesses that were made.
 */
export async function copyBusinesses(
  client: pg.ClientBase,
  models: readonly MadeBusiness[],
  count: number,
  say: (text: string) => void,
): Promise<string[]> {
  await client.query('set session_replication_role = replica');
  await client.query('set synchronous_commit = off');
  await client.query(mapping);
  const statements = await copyStatements(client);
  const made: string[] = [];
  for (let from = 0; from < count; from += together) {
    for (const [turn, { organization_id, word }] of models.entries()) {
      const numbers = Array.from({ length: Math.min(together, count - from) }, (_, at) => from + at).filter(
        number => number % models.length === turn,
      );
      const ids = numbers.map(() => newId());
      const words = numbers.map(number => `copy${String(number).padStart(6, '0')}x`);
      await client.query('begin');
      for (const text of statements) await client.query(text, [organization_id, word, ids, words]);
      await client.query('commit');
      made.push(...ids);
    }
    if (from % 1000 === 0) say(`${made.length} businesses`);
  }
  await client.query('reset session_replication_role');
  return made;
}

// An id keeps the half by which it is in order; the other half becomes the copy's own. The business itself is told from the rest.
const mapping = `
  create or replace function pg_temp.own_id(id uuid, model uuid, own uuid) returns uuid immutable language sql return
    case when id = model then own
    else encode(overlay(uuid_send(id) placing substring(decode(md5(id::text || own::text), 'hex') for 7) from 10), 'hex')::uuid end;
  create or replace function pg_temp.ids_in(value text) returns text[] immutable language sql return (
    select array_agg(distinct m[1])
    from regexp_matches(value, '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'g') as m
  );
  create or replace function pg_temp.own_text(value text, ids text[], model uuid, own uuid) returns text immutable language plpgsql as $$
  declare
    id text;
  begin
    foreach id in array ids loop
      value := replace(value, id, pg_temp.own_id(id::uuid, model, own)::text);
    end loop;
    return value;
  end $$`;

/** With the ids in it, which are looked for once in the model. */
const ownText = (value: string, ids: string) =>
  `replace(case when ${ids} is null then ${value} else pg_temp.own_text(${value}, ${ids}, $1, o.id) end, $2, o.word)`;

/** What becomes of a column in a copy, by its type; every other is the same. */
const ownValue: Record<string, (column: string, ids: string) => string> = {
  uuid: column => `pg_temp.own_id(${column}, $1, o.id)`,
  text: ownText,
  'text[]': (column, ids) => `(${ownText(`${column}::text`, ids)})::text[]`,
  jsonb: (column, ids) => `(${ownText(`${column}::text`, ids)})::jsonb`,
  bytea: column => `sha256(${column} || uuid_send(o.id))`,
  // Every word begins with the business's own letters (core/kernel/search).
  tsvector: column =>
    `replace(' ' || replace(${column}::text, $2, o.word), ' ''' || search_prefix($1, s.kind), ' ''' || search_prefix(o.id, s.kind))::tsvector`,
};

const tableRow = z.object({
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});

/** The tables that belong to businesses, the businesses themselves and their people, with the columns that are written. */
const tablesOfBusinesses = `
  select c.relname as name, jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum) as columns
  from pg_class as c
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
  group by c.relname
  having bool_or(a.attname = 'organization_id') or c.relname in ('organizations', 'users')
  order by c.relname`;

async function findTables(client: pg.ClientBase): Promise<z.infer<typeof tableRow>[]> {
  const { rows } = await client.query(tablesOfBusinesses);
  return rows.map(row => tableRow.parse(row));
}

const theirs: Record<string, string> = {
  organizations: 's.id = $1',
  users: 's.id in (select id from members where organization_id = $1)',
};

async function copyStatements(client: pg.ClientBase): Promise<string[]> {
  return (await findTables(client)).map(({ name, columns }) => {
    const own = columns.map(
      ({ name: column, type }) => ownValue[type]?.(`s.${column}`, `s.ids_in_${column}`) ?? `s.${column}`,
    );
    const withIds = columns
      .filter(({ type }) => ['text', 'text[]', 'jsonb'].includes(type))
      .map(column => `, pg_temp.ids_in(s.${column.name}::text) as ids_in_${column.name}`);
    return `with s as materialized (
        select s.*${withIds.join('')}
        from ${name} as s
        where ${theirs[name] ?? 's.organization_id = $1'} and $2::text is not null
      )
      insert into ${name} (${columns.map(column => column.name).join(', ')})
      select ${own.join(', ')}
      from s
      cross join unnest($3::uuid[], $4::text[]) as o (id, word)
      order by o.id`;
  });
}

const sizes = z.object({ copies: z.coerce.number(), other: z.coerce.number() });
const statement = z.object({ text: z.string() });
const reference = z.object({ name: z.string(), stray: z.coerce.number() });

/**
 * What is wrong with businesses that were copied: rows they have more or fewer than their models, references that lead to no row of
 * the same business. Nothing when they are what actions make.
 */
export async function faultsOfCopies(
  client: pg.ClientBase,
  models: readonly MadeBusiness[],
  copied: number,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { name } of await findTables(client)) {
    if (name in theirs) continue;
    const { rows } = await client.query(sizesOf(name), [models.map(({ word }) => word)]);
    const { copies, other } = sizes.parse(rows[0]);
    if (copies !== copied) faults.push(`${copies} copies are there`);
    if (other > 0) faults.push(`${other} copies have more or fewer ${name} than any model`);
  }
  const { rows } = await client.query(strayReferences);
  for (const { text } of rows.map(row => statement.parse(row))) {
    const found = await client.query(text);
    const { name, stray } = reference.parse(found.rows[0]);
    if (stray > 0) faults.push(`${stray} rows lead nowhere by ${name}`);
  }
  return faults;
}

const sizesOf = (table: string) => `
  with sizes as (
    select o.slug, count(t.organization_id) as rows
    from organizations as o
    left join ${table} as t on t.organization_id = o.id
    where o.slug = any ($1) or o.slug like 'copy%x'
    group by o.id, o.slug
  )
  select count(*) filter (where slug like 'copy%x') as copies,
    count(*) filter (where slug like 'copy%x' and rows not in (select m.rows from sizes as m where m.slug = any ($1))) as other
  from sizes`;

/** For every foreign key a statement that counts the rows it does not hold for: they were written without it. */
const strayReferences = `
  select format(
    'select %L as name, count(*) as stray from %s as child where %s and not exists (select 1 from %s as parent where %s)',
    k.conname, k.conrelid::regclass,
    (select string_agg(format('child.%I is not null', a.attname), ' and ')
     from unnest(k.conkey) as n
     join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = n),
    k.confrelid::regclass,
    (select string_agg(format('parent.%I = child.%I', p.attname, c.attname), ' and ')
     from unnest(k.conkey, k.confkey) as n (child, parent)
     join pg_attribute as c on c.attrelid = k.conrelid and c.attnum = n.child
     join pg_attribute as p on p.attrelid = k.confrelid and p.attnum = n.parent)
  ) as text
  from pg_constraint as k
  where k.contype = 'f' and k.conparentid = 0 and k.connamespace = 'public'::regnamespace`;
