import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const covered = ['own', 'business'] as const;

export const feedRow = z.object({
  id: z.string(),
  member_id: z.string(),
  covers: z.enum(covered),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
});

export function insertFeed(
  context: ReadContext,
  feed: { id: string; member_id: string; covers: string; hash: string },
) {
  return context.tx.one(
    feedRow,
    sql`
    insert into calendar_feeds (organization_id, id, member_id, covers, token_hash)
    values (
      ${context.organization.id}::uuid, ${feed.id}::uuid, ${feed.member_id}::uuid, ${feed.covers},
      decode(${feed.hash}, 'hex')
    )
    returning id, member_id, covers, revoked_at, created_at`,
  );
}

/** Ends the living feeds of a person, those of one kind when given; how many that were. */
export const endFeedsOfMember = (context: ReadContext, memberId: string, covers?: string): Promise<number> =>
  context.tx.run(sql`
    update calendar_feeds
    set revoked_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and member_id = ${memberId}::uuid
      and (${covers ?? null}::text is null or covers = ${covers ?? null}::text)
      and revoked_at is null`);

/** Ends one feed; of one person only when given. Undefined when there is no such living one. */
export function endFeed(context: ReadContext, id: string, memberId: string | undefined) {
  return context.tx.maybe(
    feedRow,
    sql`
    update calendar_feeds
    set revoked_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and (${memberId ?? null}::uuid is null or member_id = ${memberId ?? null}::uuid)
      and revoked_at is null
    returning id, member_id, covers, revoked_at, created_at`,
  );
}
