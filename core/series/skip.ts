import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { todayOf } from '../kernel/words/time.ts';
import { cancelVisit } from '../tickets/cancel.ts';
import { answerSeries, seriesAnswer } from './answer.ts';
import { datesOf } from './dates.ts';
import { lockVisits } from './queries.ts';
import { isToCome } from './replan.ts';
import { lockActive, nextTimes, seriesRecord } from './series.ts';
import { dateOrVisit, readDate } from './since.ts';

/** Leaves one date out (SCH-05); the others come as they would. Cancelling its visit does the same. */
export const skipSeries = defineAction({
  domain: 'series',
  name: 'skip',
  summary:
    'Leave out one date of visits that come again; the others stay. A visit made for it is cancelled, which is final.',
  input: z.strictObject({ series_id: ref('series'), on: dateOrVisit, reason: freeText.optional() }),
  output: seriesAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  locks: 'series_id',
  counts_as: 'series',
  undo: 'none',
  why_not_undone: 'a cancelled visit is final, ticket.rebook books it anew',
  past: 'skipped',
  example: { series_id: 'SER-1', on: '2027-01-12', reason: 'Customer is away' },
  keywords: ['leave out', 'not this time', 'pause', 'holiday', 'without'],
  async run(context, { series_id, on, reason }) {
    const series = await lockActive(context, series_id);
    const date = await readDate(context, series, on, 'on');
    if (date < todayOf(context).toString()) throw invalid('on', 'This day is past.', { got: on });
    const [visit, ...others] = (await lockVisits(context, series.id, date)).filter(
      ({ occurrence_on, status }) => occurrence_on === date && status !== 'cancelled',
    );
    if (visit && others.length === 0 && !isToCome(context, visit)) {
      throw new DeskhandError('INVALID_STATE', `${visit.reference} has begun already.`, { field: 'on' });
    }
    if (!visit && datesOf(series, date, date).length === 0) {
      throw invalid('on', `${series.reference} does not come on ${date}.`, {
        got: on,
        valid_options: nextTimes(context, series),
      });
    }
    if (visit) await cancelVisit(context, visit.id, reason);
    await updateRow(context, seriesRecord, series.id, { skipped: [...series.skipped, date].sort() });
    return answerSeries(context, series.id);
  },
});
