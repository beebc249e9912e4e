import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';

// What comes after a visit. Reads tickets, series and members.

const row = z.object({
  id: z.string(),
  reference: z.string(),
  repeats: z.string(),
  status: z.string(),
  next_at: z.string().nullable(),
});

/** Of visits that come again: `{reference, repeats: 'every 6 weeks', status, next: 'Tue 2027-01-12 09:00 -06:00'}`, by visit. */
export async function seriesOfVisits(
  context: ReadContext,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await context.tx.many(
    row,
    sql`
    select t.id, s.reference, s.repeats, s.status, (
      select min(n.scheduled_at)
      from tickets as n
      where n.organization_id = t.organization_id
        and n.series_id = t.series_id
        and n.status = 'scheduled'
        and n.scheduled_at > t.scheduled_at
    ) as next_at
    from tickets as t
    join series as s on s.organization_id = t.organization_id and s.id = t.series_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = any (${[...ids]}::uuid[])`,
  );
  return new Map(
    rows.map(({ id, next_at, ...series }) => [
      id,
      { ...series, next: next_at === null ? null : localTime(next_at, context.organization.time_zone) },
    ]),
  );
}

const coming = z.object({ repeats: z.string(), is_without_end: z.boolean(), next_at: z.string().nullable() });

/**
 * How a visit comes again, as its customer is told of it: `repeats: 'every 6 weeks'`, and when next as far as that is booked.
 * Undefined for a visit after which none comes.
 */
export async function comesAgain(
  context: ReadContext,
  ticketId: string,
): Promise<{ repeats: string; next_at: string | null } | undefined> {
  const found = await context.tx.maybe(
    coming,
    sql`
    select s.repeats, s.status = 'active' and s.ends_on is null and s.rule !~ '(COUNT|UNTIL)=' as is_without_end, (
      select min(n.scheduled_at)
      from tickets as n
      where n.organization_id = t.organization_id
        and n.series_id = t.series_id
        and n.status = 'scheduled'
        and n.scheduled_at > t.scheduled_at
    ) as next_at
    from tickets as t
    join series as s on s.organization_id = t.organization_id and s.id = t.series_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = ${ticketId}::uuid`,
  );
  return found && (found.is_without_end || found.next_at !== null) ? found : undefined;
}

const sending = z.object({ reference: z.string(), repeats: z.string(), names: z.array(z.string()) });

/** What of the series of a visit goes on: that it sends some people, whose names are answered. Undefined when it sends none of them. */
export const seriesStillSending = (
  context: ReadContext,
  ticketId: string,
  technicianIds: readonly string[],
): Promise<z.infer<typeof sending> | undefined> =>
  context.tx.maybe(
    sending,
    sql`
    select s.reference, s.repeats, array_agg(m.name order by m.name) as names
    from tickets as t
    join series as s on s.organization_id = t.organization_id and s.id = t.series_id and s.status = 'active'
    join members as m on m.organization_id = s.organization_id and m.id = any (${[...technicianIds]}::uuid[])
      and s.technician_ids ? m.id::text
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = ${ticketId}::uuid
    group by s.reference, s.repeats`,
  );
