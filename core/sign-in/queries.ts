import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const session = z.object({
  id: z.string(),
  member_id: z.string(),
  member: z.string(),
  /** The one that is open in it; null before one was chosen. */
  business: z.string().nullable(),
  user_agent: z.string().nullable(),
  is_this: z.boolean(),
  is_own: z.boolean(),
  created_at: z.string(),
  last_used_at: z.string(),
  expires_at: z.string(),
});

/** The living sessions of whoever is acting, and of everybody in the business when they are its owner; the last used first. */
export function listSessions(context: ReadContext, limit: number) {
  return context.tx.many(
    session,
    sql`
    select id, member_id, member, business, user_agent, is_this, is_own, created_at, last_used_at, expires_at
    from list_sessions(${context.actor.id}::uuid, ${seesEverybody(context)}::boolean, ${context.session ?? null})
    order by is_this desc, is_own desc, last_used_at desc, id
    limit ${limit}::integer`,
  );
}

/** Ends one session, or without an id all of whoever is acting `except` one. Answers how many. */
export async function endSessionsOf(
  context: ReadContext,
  { id, except }: { id: string | null; except: string | undefined },
): Promise<number> {
  const { ended } = await context.tx.one(
    z.object({ ended: z.number() }),
    sql`
    select end_sessions_of(
      ${context.actor.id}::uuid, ${seesEverybody(context)}::boolean, ${except ?? null}, ${id}::uuid
    ) as ended`,
  );
  return ended;
}

/** Ends what somebody has open in this business. */
export async function endSessionsOfMember(context: ReadContext, memberId: string): Promise<void> {
  await context.tx.run(sql`select end_member_sessions(${memberId}::uuid)`);
}

const seesEverybody = ({ actor }: ReadContext): boolean => actor.kind === 'user' && actor.role === 'owner';
