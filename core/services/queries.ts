import { z } from 'zod';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { formsOf } from '../search/synonyms.ts';
import { serviceRecord } from './service.ts';

/**
 * Services whose name holds what somebody wrote, or something like each of its words, or of what means the same ("int/ext
 * windows", "screen claening", "inside and outside"), best first. One common word is not enough: "Roof Cleaning" must not book the gutters.
 */
export function listByName(context: ReadContext, text: string): Promise<Candidate[]> {
  return listCandidates(context, serviceRecord, {
    where: sql`(
      name ilike ${anywhere(text)}
      or (${join(likeEach(text), ' and ')})
      or word_similarity(name, ${text}) > 0.7
    )`,
    order: sql`similarity(name, ${text}) desc`,
  });
}

/** Conditions on a name, one for each word that says something: it has something like it. Beyond twelve nobody reads on. */
function likeEach(text: string): Sql[] {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word.length > 2 && !joining.has(word));
  if (words.length === 0) return [sql`false`];
  return words.slice(0, 12).map(word => {
    if (sides.has(word)) return sql`name ilike any (${formsOf(word).map(anywhere)}::text[])`;
    const likeness = [word, ...formsOf(word)].map(form => sql`word_similarity(${form}, name)`);
    return sql`greatest(${join(likeness, ', ')}) > 0.35`;
  });
}

// Opposites that are spelt alike: "interior" is no slip of "exterior".
const sides = new Set(['inside', 'interior', 'outside', 'exterior']);

const joining = new Set(['and', 'the', 'for', 'with']);

/** The catalog, for whoever named something that is not in it; at most twenty. */
export function listChoices(context: ReadContext): Promise<Candidate[]> {
  return listCandidates(context, serviceRecord, { where: sql`is_active`, order: sql`name`, most: 20 });
}

export async function countLines(context: ReadContext, serviceId: string): Promise<number> {
  const { count } = await context.tx.one(
    z.object({ count: z.number() }),
    sql`
    select count(*) as count
    from ticket_lines
    where organization_id = ${context.organization.id}::uuid
      and service_id = ${serviceId}::uuid`,
  );
  return count;
}

const named = z.object({ id: z.string(), name: z.string() });

export const listNames = (context: ReadContext) =>
  pickRows(context, { from: 'services', soft_deletes: false }, named, sql`true order by id limit 1000`);

const outdated = z.object({
  id: z.string(),
  ticket_id: z.string(),
  reference: z.string(),
  unit_price_cents: z.number(),
  /** Whether it was agreed on for this visit, as the price of a flexible service is once it is no estimate. */
  is_agreed: z.boolean(),
});
export type Outdated = z.infer<typeof outdated>;

/**
 * The lines of open visits on which a service stands at a price of the catalog that it has no more, the next visit first. A
 * price is the catalog's when it was that at the time it came on the line; any other was set by hand. A visit that was moved
 * has its prices from the visit before.
 */
export const listOutdated = (context: ReadContext, serviceId: string, price_cents: number) =>
  context.tx.many(
    outdated,
    sql`
    with changed as (
      select created_at, (changes -> 'price_cents' ->> 'old')::bigint as was_cents
      from audit_log
      where organization_id = ${context.organization.id}::uuid
        and subject_type = 'service'
        and subject_id = ${serviceId}::uuid
        and entity_type = 'service'
        and changes -> 'price_cents' ->> 'old' is not null
    )
    select l.id, t.id as ticket_id, t.reference, l.unit_price_cents,
      l.pricing = 'flexible' and not t.is_price_estimated as is_agreed
    from ticket_lines as l
    join tickets as t on t.organization_id = l.organization_id and t.id = l.ticket_id
    cross join lateral (
      select h.action, h.created_at
      from audit_log as h
      where h.organization_id = l.organization_id
        and h.subject_type = 'ticket'
        and h.subject_id = t.id
        and h.entity_type = 'ticket_line'
        and h.entity_id = l.id
        and h.changes ? 'unit_price_cents'
      order by h.id desc
      limit 1
    ) as priced
    where l.organization_id = ${context.organization.id}::uuid
      and l.service_id = ${serviceId}::uuid
      and l.deleted_at is null
      and l.unit_price_cents <> ${price_cents}::bigint
      and t.status in ('scheduled', 'in_progress')
      and (
        l.unit_price_cents = (
          select was_cents from changed where changed.created_at > priced.created_at order by changed.created_at limit 1
        )
        or (
          t.rescheduled_from_id is not null
          and priced.action = 'create'
          and l.unit_price_cents in (select was_cents from changed)
        )
      )
    order by t.scheduled_at, t.id, l.position`,
  );
