import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** A briefing that was given. */
export const briefingRow = z.object({
  id: z.string(),
  day: z.string(),
  /** From when on decisions were told in it. */
  since: z.string(),
  /** The latest decision it told of; the next one goes on from there. */
  until: z.string(),
  /** Requests whose decision it told of shortly before `until`. */
  told: z.array(z.string()),
  counts: z.record(z.string(), z.number()),
  given_to: z.string(),
  /** Whether it was given within the last minute: whoever asks again then has lost the answer. */
  is_recent: z.boolean(),
  created_at: z.string(),
});

// Time is the database's, as for the decisions themselves. Nothing is told of what is still to come: whoever writes down
// a later time keeps no decision from the next briefing.
export const briefingColumns = sql`
  id, day::text as day, since, least(coalesce((facts ->> 'until')::timestamptz, since), created_at) as until,
  coalesce(facts -> 'told', '[]'::jsonb) as told, coalesce(facts -> 'counts', '{}'::jsonb) as counts,
  facts ->> 'given_to_name' as given_to, created_at > now() - interval '1 minute' as is_recent, created_at`;

export interface NewBriefing {
  day: string;
  since: string | undefined;
  until: string | undefined;
  told: readonly string[];
  counts: Readonly<Record<string, number>>;
}

/** The first briefing tells of everything since the business is here. */
export function insertBriefing(context: ReadContext, briefing: NewBriefing) {
  const { actor, organization } = context;
  const { day, since, until, told, counts } = briefing;
  const facts = { given_to: actor.id ?? actor.kind, given_to_name: actor.name, until, told, counts };
  return context.tx.one(
    briefingRow,
    sql`
    insert into briefings (organization_id, id, day, since, facts)
    values (
      ${organization.id}::uuid, ${newId()}::uuid, ${day}::date,
      least(
        now(),
        coalesce(
          ${since ?? null}::timestamptz,
          (
            select created_at
            from organizations
            where id = ${organization.id}::uuid
          )
        )
      ),
      ${JSON.stringify(facts)}::jsonb
    )
    returning ${briefingColumns}`,
  );
}
