import { z } from 'zod';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { todayOf } from '../kernel/words/time.ts';
import { firstVisit, lockVisits } from './queries.ts';
import { isToCome, sayVisit } from './replan.ts';
import { nextTimes, seriesRecord } from './series.ts';

const words = z.array(z.string());

/** What every action of a series answers: the series, when it comes next, its visits in the calendar, and what needs somebody. */
export const seriesAnswer = seriesRecord.row.extend({
  /** The next five dates, in local time. */
  next: words,
  /** Visits that are made: `T-2009 Tue 2027-01-12 09:00 -06:00`. */
  visits: words,
  /** Those of them nobody could be sent to, with the reason. */
  to_be_placed: words.optional(),
  /** Visits that were changed by hand and stay as they are. */
  stays: words.optional(),
  /** How the customer was told of the first visit. */
  customer_told: z.string().optional(),
});

/** Reads the answer, and warns of visits nobody could be sent to. */
export async function answerSeries(
  context: Context,
  id: string,
  said: { stays?: readonly string[]; customer_told?: string | undefined } = {},
): Promise<z.input<typeof seriesAnswer>> {
  const series = await getRow(context, seriesRecord, id);
  const visits = (await lockVisits(context, id, todayOf(context).toString())).filter(visit =>
    isToCome(context, visit),
  );
  const to_place = visits.flatMap(visit =>
    visit.to_place_why === null ? [] : [`${sayVisit(context, visit)}: ${visit.to_place_why}`],
  );
  if (to_place.length > 0)
    context.warn(
      `To be placed, for nobody can go at that time: ${to_place.join('; ')}. Move them with ticket.reschedule, or send somebody with ticket.assign_technician.`,
    );
  const stays = said.stays ?? [];
  if (stays.length > 0)
    context.warn(
      `Changed by hand before, and as they are: ${stays.join('; ')}. also_changed: true takes them along.`,
    );
  return {
    ...series,
    next: nextTimes(context, series),
    visits: visits.map(visit => sayVisit(context, visit)),
    ...(to_place.length > 0 ? { to_be_placed: to_place } : {}),
    ...(stays.length > 0 ? { stays: [...stays] } : {}),
    ...(said.customer_told === undefined ? {} : { customer_told: said.customer_told }),
  };
}

/** The first visit of a series by its reference; undefined while none is made. */
export const firstVisitOf = (context: ReadContext, reference: string): Promise<{ id: string } | undefined> =>
  firstVisit(context, reference);
