import { z } from 'zod';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { hasService, serviceNames } from './visit-parts.ts';

// Customers by the visits they had and the facts known of them. Reads contacts, tickets, attributes and attribute_keys, and
// of visits what stands in visit-parts.ts.

/** Visits by time, in UTC, and by services: of each group one, by id. */
export interface VisitFilter {
  from: string | null;
  to: string | null;
  services: readonly (readonly string[])[];
}

/** A visit `t` that was not cancelled, within the period. */
const inPeriod = (context: ReadContext, { from, to }: VisitFilter): Sql => sql`
  t.organization_id = ${context.organization.id}::uuid
  and t.status <> 'cancelled'
  ${from === null ? sql`` : sql`and t.scheduled_at >= ${from}::timestamptz`}
  ${to === null ? sql`` : sql`and t.scheduled_at < ${to}::timestamptz`}`;

const contactId = z.object({ contact_id: z.string() });

/** Living customers with such visits, the one visited last first; of some when `among` is given. */
export async function listVisited(
  context: ReadContext,
  filter: VisitFilter,
  limit: number,
  among?: readonly string[],
): Promise<string[]> {
  const { services } = filter;
  const [first, ...others] = services;
  const wanted =
    others.length === 0 ? (first ? hasService(first) : sql`true`) : hasService([...new Set(services.flat())]);
  const rows = await context.tx.many(
    contactId,
    sql`
    select t.contact_id
    from tickets as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id and c.deleted_at is null
    where ${inPeriod(context, filter)}
      and ${wanted}
      ${among ? sql`and t.contact_id = any (${[...among]}::uuid[])` : sql``}
    group by t.contact_id
    ${
      others.length > 0
        ? sql`having ${join(
            services.map(ids => sql`bool_or(${hasService(ids)})`),
            ' and ',
          )}`
        : sql``
    }
    order by max(t.scheduled_at) desc, t.contact_id
    limit ${limit}::integer`,
  );
  return rows.map(row => row.contact_id);
}

/**
 * Living customers without such a visit, of some when `among` is given; otherwise those who have had another one before,
 * because whoever never was a customer is not missed.
 */
export async function listUnvisited(
  context: ReadContext,
  filter: VisitFilter,
  limit: number,
  among?: readonly string[],
): Promise<string[]> {
  const rows = await context.tx.many(
    contactId,
    sql`
    select c.id as contact_id
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.deleted_at is null
      and not exists (
        select 1
        from tickets as t
        where ${inPeriod(context, filter)}
          and t.contact_id = c.id
          ${filter.services.length > 0 ? sql`and ${join(filter.services.map(hasService), ' and ')}` : sql``}
      )
      ${
        among
          ? sql`and c.id = any (${[...among]}::uuid[])`
          : sql`and exists (
              select 1
              from tickets as b
              where b.organization_id = c.organization_id
                and b.contact_id = c.id
                and b.status <> 'cancelled'
            )`
      }
    order by c.id
    limit ${limit}::integer`,
  );
  return rows.map(row => row.contact_id);
}

const foundVisit = z.object({
  contact_id: z.string(),
  reference: z.string(),
  scheduled_at: z.string(),
  services: z.array(z.string()).nullable(),
});

/** The latest of such visits of each of some customers, with all that was done then. */
export function listLatestVisits(context: ReadContext, filter: VisitFilter, contactIds: readonly string[]) {
  const ids = [...new Set(filter.services.flat())];
  return context.tx.many(
    foundVisit,
    sql`
    select distinct on (t.contact_id) t.contact_id, t.reference, t.scheduled_at, ${serviceNames} as services
    from tickets as t
    where ${inPeriod(context, filter)}
      and t.contact_id = any (${[...contactIds]}::uuid[])
      ${ids.length > 0 ? sql`and ${hasService(ids)}` : sql``}
    order by t.contact_id, t.scheduled_at desc`,
  );
}

/** Of some customers those of whom a fact is known: by its key or an alias, by its words, or both. */
export async function listWithFact(
  context: ReadContext,
  contactIds: readonly string[],
  { key, words }: FactFilter,
): Promise<string[]> {
  const keyed = sql`(
    a.key = ${key ?? ''}
    or exists (
      select 1
      from attribute_keys as k
      where k.organization_id = a.organization_id
        and k.key = a.key
        and ${key ?? ''} = any (k.aliases)
    )
  )`;
  const said = sql`to_tsvector('english', concat_ws(' ', replace(a.key, '_', ' '), a.value #>> '{}', a.details::text))`;
  const rows = await context.tx.many(
    contactId,
    sql`
    select distinct a.contact_id
    from attributes as a
    where a.organization_id = ${context.organization.id}::uuid
      and a.contact_id = any (${[...contactIds]}::uuid[])
      and a.deleted_at is null
      ${key === undefined ? sql`` : sql`and ${keyed}`}
      ${words === '' ? sql`` : sql`and ${said} @@ plainto_tsquery('english', ${words})`}`,
  );
  return rows.map(row => row.contact_id);
}

const mention = z.object({ contact_id: z.string(), reference: z.string(), content: z.string() });
export type Mention = z.infer<typeof mention>;

/** Living customers of whom a note says some words, in any form; of each the newest such text, newest first. */
export const listNoting = (context: ReadContext, terms: readonly (readonly string[])[]): Promise<Mention[]> =>
  context.tx.many(
    mention,
    sql`
    select contact_id, reference, content
    from customers_noting(${terms.map(forms => forms.join('|'))}::text[])
    order by written_at desc, contact_id`,
  );

/** A fact by the name of its key, by words of it, or both. */
export interface FactFilter {
  key: string | undefined;
  words: string;
}

const keyRow = z.object({ key: z.string() });

/** The key that an alias stands for; undefined when it is none. */
export async function findKeyOf(context: ReadContext, alias: string): Promise<string | undefined> {
  const keys = { from: 'attribute_keys', soft_deletes: false };
  const [row] = await pickRows(context, keys, keyRow, sql`${alias} = any (aliases) limit 1`);
  return row?.key;
}
