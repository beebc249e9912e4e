import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** What we have heard of an address, which is written in small letters. */
export interface Trouble {
  email: string;
  status: 'bounced' | 'complained';
  /** UTC, ISO 8601. */
  since: string;
  /** Codes of a mail service or server, no text of theirs. */
  reason?: string | undefined;
}

/** Writes trouble down, unless more is known: a complaint stays one, whatever is heard later. */
export async function keepTrouble({ tx, organization }: ReadContext, trouble: Trouble): Promise<void> {
  const { email, status, since, reason } = trouble;
  await tx.run(sql`
    insert into mail_troubles as t (organization_id, email, status, since, reason)
    values (${organization.id}::uuid, ${email}, ${status}, ${since}::timestamptz, ${reason ?? null})
    on conflict (organization_id, email) do update
    set status = excluded.status, since = excluded.since, reason = excluded.reason
    where t.status <> 'complained' and excluded.status = 'complained'`);
}

/** What we have heard of an address, whoever has it; undefined when mail arrives there. */
export const findTrouble = ({ tx, organization }: ReadContext, email: string) =>
  tx.maybe(
    z.object({ status: z.enum(['bounced', 'complained']), since: z.string() }),
    sql`
    select status, since
    from mail_troubles
    where organization_id = ${organization.id}::uuid
      and email = ${email}`,
  );

export async function forgetTrouble({ tx, organization }: ReadContext, email: string): Promise<void> {
  await tx.run(sql`
    delete from mail_troubles
    where organization_id = ${organization.id}::uuid
      and email = ${email}`);
}

/** Lets the customers who are written to at this address stand as it does; a trigger knows how. */
export async function refreshStatus({ tx, organization }: ReadContext, email: string): Promise<void> {
  await tx.run(sql`
    update contacts as c
    set email_status = 'ok'
    from contact_keys as k
    where k.organization_id = ${organization.id}::uuid
      and k.key = ${`email:${email}`}
      and c.organization_id = k.organization_id
      and c.id = k.contact_id
      and lower(c.email) = ${email}`);
}
