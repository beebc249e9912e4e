import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// What tells which of several customers is meant. Reads contacts and tickets; so does search_preferred_customers.

const preferred = z.object({
  id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  last_visit: z.string().nullable(),
});
export type Known = z.infer<typeof preferred>;

/** What some customers are called, and when their last visit is that was not cancelled. */
export const listPreferred = (context: ReadContext, ids: readonly string[]) =>
  context.tx.many(
    preferred,
    sql`
    select c.id, c.first_name, c.last_name, c.full_name, (
      select max(t.scheduled_at)
      from tickets as t
      where t.organization_id = c.organization_id
        and t.contact_id = c.id
        and t.status <> 'cancelled'
    ) as last_visit
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.id = any (${[...ids]}::uuid[])`,
  );

const found = preferred.extend({
  reference: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
  score: z.number(),
  /** How many were found in all. */
  total: z.number(),
});

/**
 * The customers that words find, in the order of how well they fit; left out are those who, whatever is preferred, cannot be among
 * the first `most`. Of more than can be counted sixty are looked at.
 */
export const findPreferred = (
  context: ReadContext,
  {
    terms,
    typed,
    recent,
    most,
  }: { terms: readonly string[]; typed: readonly string[]; recent: string; most: number },
) =>
  context.tx.many(
    found,
    sql`
    select record_id as id, reference, title, detail, score, first_name, last_name, coalesce(full_name, title) as full_name, last_visit, total
    from search_preferred_customers(
      ${[...terms]}::text[], ${[...typed]}::text[], ${recent}::timestamptz, ${most}::integer
    )`,
  );
