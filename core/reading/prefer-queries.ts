import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// What tells which of several customers is meant. Reads contacts and tickets.

const preferred = z.object({
  id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  last_visit: z.string().nullable(),
});

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
