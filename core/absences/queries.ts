import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const awayRow = z.object({
  member_id: z.string().nullable(),
  name: z.string().nullable(),
  kind: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  reason: z.string().nullable(),
});

/** When somebody is away, or, with no member, the whole business is closed. */
export type Away = z.infer<typeof awayRow>;

/** Who of some people is away in a period, and when the business is closed, by time. */
export const listAwayIn = (
  context: ReadContext,
  { memberIds, from, to }: { memberIds: readonly string[]; from: string; to: string },
): Promise<Away[]> =>
  context.tx.many(
    awayRow,
    sql`
    select a.member_id, m.name, a.kind, a.starts_at, a.ends_at, a.reason
    from absences as a
    left join members as m on m.organization_id = a.organization_id and m.id = a.member_id
    where a.organization_id = ${context.organization.id}::uuid
      and a.deleted_at is null
      and a.ends_at > ${from}::timestamptz
      and a.starts_at < ${to}::timestamptz
      and (a.member_id is null or a.member_id = any (${[...memberIds]}::uuid[]))
    order by a.starts_at, a.member_id nulls first, a.id`,
  );

/** The days on which closures that cover some stretch of time begin and end, for who adds holidays: none twice. */
export const listClosures = (context: ReadContext, period: { from: string; to: string }) =>
  listAwayIn(context, { ...period, memberIds: [] });
