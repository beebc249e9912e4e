import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { todayOf } from '../kernel/words/time.ts';
import { cancelVisit } from '../tickets/cancel.ts';
import { tellOfGapAfter } from '../waitlist/opened.ts';
import { answerSeries, seriesAnswer } from './answer.ts';
import { changedByHand } from './by-hand.ts';
import { lockVisits } from './queries.ts';
import type { Series } from './record.ts';
import { isToCome, sayVisit } from './replan.ts';
import { lockActive, seriesRecord } from './series.ts';
import { dateOrVisit, readFrom } from './since.ts';
import { makeBefore } from './update.ts';

/** Ends visits that come again (SCH-05): those that are made for later are cancelled, unless they were changed by hand. */
export const endSeries = defineAction({
  domain: 'series',
  name: 'end',
  summary:
    'End visits that come again, from a date or visit on (now when left out); visits made for later are cancelled, which is final.',
  input: z.strictObject({
    series_id: ref('series'),
    from: dateOrVisit.optional(),
    end_reason: freeText.optional(),
    also_changed: z.boolean().optional().meta({ description: 'cancel visits that were changed by hand too' }),
  }),
  output: seriesAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  locks: 'series_id',
  counts_as: 'series',
  undo: 'none',
  why_not_undone: 'a cancelled visit is final, series.create starts another series',
  example: { series_id: 'SER-1', end_reason: 'They moved away' },
  keywords: ['stop', 'cancel all', 'no more', 'quit', 'unsubscribe'],
  async run(context, { series_id, from, end_reason, also_changed = false }) {
    const series = await lockActive(context, series_id);
    const since = await readFrom(context, series, from);
    await makeBefore(context, series, since);
    const open = (await lockVisits(context, series.id, since)).filter(visit => isToCome(context, visit));
    const byHand = await changedByHand(context, open);
    const staying = also_changed ? [] : open.filter(({ id }) => byHand.has(id));
    const why = end_reason ?? context.request.reasoning ?? null;
    const reason = why ?? `${series.reference} has ended`;
    await tellOfGapAfter(context, [], async () => {
      for (const visit of open) if (!staying.includes(visit)) await cancelVisit(context, visit.id, reason);
    });
    await close(context, series, { since, why });
    return answerSeries(context, series.id, { stays: staying.map(visit => sayVisit(context, visit)) });
  },
});

async function close(
  context: Context,
  series: Series,
  { since, why }: { since: string; why: string | null },
): Promise<void> {
  const last = Temporal.PlainDate.from(since).subtract({ days: 1 }).toString();
  const ends_on = series.ends_on !== null && series.ends_on < last ? series.ends_on : last;
  // Until then it goes on; the timer ends it after its last day.
  const isOver = since <= todayOf(context).toString();
  await updateRow(context, seriesRecord, series.id, {
    ends_on,
    end_reason: why,
    ...(isOver ? { status: 'ended' as const, ended_at: context.now.toString() } : {}),
  });
}
