import { z } from 'zod';
import { raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// Customers that may be one. Reads contacts, contact_keys and addresses.

const pairRow = z.object({ a: z.string(), b: z.string() });

/** A value that more customers have than this tells nobody apart. */
const mostAlike = 60;
/** So many pairs are compared at most. */
const mostPairs = 20_000;

/**
 * Pairs of living customers that share something: a way to reach them, their name, their street, or one name and the town.
 * Of one customer when asked for, of all otherwise; of one only who shares something with them is looked at further.
 */
export function listPairs(
  context: ReadContext,
  contactId: string | undefined,
): Promise<{ a: string; b: string }[]> {
  const ofOne = contactId === undefined ? raw('') : sql`and ${contactId}::uuid in (a.id, b.id)`;
  const shared =
    contactId === undefined ? undefined : sql`(${keyed(context, { only: sql`c.id = ${contactId}::uuid` })})`;
  return context.tx.many(
    pairRow,
    sql`
    with ${shared ? sql`own as materialized (select key from ${shared} as one),` : raw('')}
    keyed as materialized (
      ${keyed(context, { sharing: shared && sql`select key from own` })}
    ),
    telling as (select key from keyed group by key having count(*) between 2 and ${mostAlike}::integer)
    select distinct a.id as a, b.id as b
    from telling
    join keyed as a on a.key = telling.key
    join keyed as b on b.key = telling.key and b.id > a.id
    where true ${ofOne}
    limit ${mostPairs}::integer`,
  );
}

/** Customers with what they can be known by: all of them, `only` some, or with those keys alone that others have too. */
function keyed(
  { organization }: ReadContext,
  { only = sql`true`, sharing }: { only?: Sql; sharing?: Sql | undefined },
): Sql {
  const among = sharing ? sql`and s.key in (${sharing})` : raw('');
  return sql`
    select c.id, s.key
    from contacts as c
    join contact_keys as k on k.organization_id = c.organization_id and k.contact_id = c.id
    cross join lateral (values (k.key)) as s (key)
    where c.organization_id = ${organization.id}::uuid
      and c.deleted_at is null
      and not c.is_system
      and (k.key like 'email:%' or k.key like 'phone:%')
      and ${only}
      ${among}
    union
    select c.id, s.key
    from contacts as c
    left join addresses as a on a.organization_id = c.organization_id and a.contact_id = c.id and a.deleted_at is null
    cross join lateral (
      values
        ('name ' || lower(c.full_name)),
        ('name ' || lower(c.last_name) || ' ' || lower(c.first_name)),
        ('street ' || regexp_replace(lower(a.line1), '^[0-9]+[a-z]? +', '') || ' ' || lower(a.city)),
        ('street ' || regexp_replace(lower(a.line1), '^[0-9]+[a-z]? +', '') || ' ' || lower(a.postal_code)),
        ('town ' || lower(c.first_name) || ' ' || lower(a.postal_code)),
        ('town ' || lower(c.last_name) || ' ' || lower(a.postal_code)),
        ('town ' || lower(c.first_name) || ' ' || lower(a.city)),
        ('town ' || lower(c.last_name) || ' ' || lower(a.city))
    ) as s (key)
    where c.organization_id = ${organization.id}::uuid
      and c.deleted_at is null
      and not c.is_system
      and s.key is not null
      and ${only}
      ${among}`;
}

const partyRow = z.object({
  id: z.string(),
  reference: z.string(),
  kind: z.enum(['person', 'organization']),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  nickname: z.string().nullable(),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  places: z.array(
    z.object({
      line1: z.string(),
      line2: z.string().nullable(),
      city: z.string().nullable(),
      state: z.string().nullable(),
      postal_code: z.string().nullable(),
    }),
  ),
});
export type PartyRow = z.infer<typeof partyRow>;

/** Customers as they are compared. */
export function listParties(context: ReadContext, ids: readonly string[]): Promise<PartyRow[]> {
  return context.tx.many(
    partyRow,
    sql`
    select c.id, c.reference, c.kind, c.first_name, c.last_name, c.full_name, c.nickname,
      array(select e ->> 'email' from jsonb_array_elements(c.emails) as e) as emails,
      array(select p ->> 'number' from jsonb_array_elements(c.phones) as p) as phones,
      coalesce(
        (
          select jsonb_agg(
            jsonb_build_object(
              'line1', a.line1, 'line2', a.line2, 'city', a.city, 'state', a.state, 'postal_code', a.postal_code
            )
          )
          from addresses as a
          where a.organization_id = c.organization_id
            and a.contact_id = c.id
            and a.deleted_at is null
        ),
        '[]'
      ) as places
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.id = any (${[...ids]}::uuid[])`,
  );
}

const idRow = z.object({ id: z.string() });

/** So many customers are compared with a file at most. */
const mostNamed = 20_000;

/** Living customers with one of these full names, or at one of these streets; both in small letters. */
export async function listNamedOrAt(
  context: ReadContext,
  { names, lines }: { names: readonly string[]; lines: readonly string[] },
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select c.id
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.deleted_at is null
      and (
        lower(c.full_name) = any (${[...names]}::text[])
        or c.id in (
          select a.contact_id
          from addresses as a
          where a.organization_id = ${context.organization.id}::uuid
            and a.deleted_at is null
            and lower(a.line1) = any (${[...lines]}::text[])
        )
      )
    limit ${mostNamed}::integer`,
  );
  return rows.map(({ id }) => id);
}

const countRow = z.object({ part: z.string(), value: z.string(), with_it: z.number(), of: z.number() });

/** How many living customers have each first and last name, town and postal code, of how many. */
export function countValues(context: ReadContext) {
  const organization = sql`${context.organization.id}::uuid`;
  return context.tx.many(
    countRow,
    sql`
    with living as (
      select id, lower(first_name) as given, lower(last_name) as family
      from contacts
      where organization_id = ${organization}
        and deleted_at is null
    ),
    said as (
      select 'given' as part, given as value from living
      union all
      select 'family', family from living
      union all
      select v.part, v.value
      from addresses as a
      cross join lateral (values ('town', lower(a.city)), ('postal_code', lower(a.postal_code))) as v (part, value)
      where a.organization_id = ${organization}
        and a.deleted_at is null
    )
    select part, value, count(*) as with_it, (select count(*) from living) as of
    from said
    where value is not null
    group by part, value
    having count(*) > 1`,
  );
}
