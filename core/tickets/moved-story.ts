import type { Sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Include } from '../kernel/records/record.ts';
import { readStories, type StoryEvent, shown } from '../kernel/records/story.ts';
import { localTime } from '../kernel/words/time.ts';
import { listMoves, type Move } from './moved-queries.ts';

/**
 * The history of a visit. One that was moved and the one that took its place tell the move alike, in one entry (CFL-36):
 * `moved from Tue 2026-11-24 10:00 to Fri 2026-11-27 10:00 (T-2008 → T-2011)`.
 */
export const movedStory = (restriction: (context: ReadContext) => Sql | undefined): Include => ({
  summary: 'what happened, in words: who, what changed, why; newest first',
  async load(context, ids) {
    const moves = await listMoves(context, ids, restriction(context));
    const all = new Set([...ids, ...moves.flatMap(({ from_id, to_id }) => [from_id, to_id])]);
    const stories = await readStories(context, 'ticket', [...all]);
    for (const move of moves) tellMove(context, stories, move);
    return new Map(ids.map(id => [id, (stories.get(id) ?? []).map(shown)]));
  },
});

function tellMove(context: ReadContext, stories: Map<string, StoryEvent[]>, move: Move): void {
  const before = stories.get(move.from_id) ?? [];
  const after = stories.get(move.to_id) ?? [];
  // A visit begins with being booked.
  const booked = after.at(-1);
  if (!booked) return;
  const told = { ...booked, changed: [sayMove(context, move)] };
  const rest = before.filter(({ request_id }) => request_id === null || request_id !== booked.request_id);
  stories.set(move.to_id, [...after.slice(0, -1), told]);
  stories.set(move.from_id, [told, ...rest]);
}

/** `moved from Tue 2026-11-24 10:00 to Fri 2026-11-27 10:00 (T-2008 → T-2011)` */
export function sayMove(
  { organization }: ReadContext,
  { from_at, to_at, from_reference, to_reference }: Omit<Move, 'from_id' | 'to_id'>,
): string {
  const say = (moment: string) => localTime(moment, organization.time_zone).slice(0, 20);
  return `moved from ${say(from_at)} to ${say(to_at)} (${from_reference} → ${to_reference})`;
}
