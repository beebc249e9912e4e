import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { notFound } from '../kernel/words/errors.ts';
import { readDay, todayOf } from '../kernel/words/time.ts';
import type { Series } from './record.ts';

/** A date or a visit of the series: this one, and with `from` all after it. */
export const dateOrVisit = z
  .string()
  .min(3)
  .max(60)
  .meta({ description: 'a date, 2027-01-12, or a visit, T-2009' });

/** The date that is meant. Throws NOT_FOUND for a visit of another series. */
export async function readDate(
  context: Context,
  series: Series,
  text: string,
  field: string,
): Promise<string> {
  if (/^\d{4}-/.test(text)) return readDay(text.slice(0, 10), field).toString();
  const [visit] = await pickRows(
    context,
    { from: 'tickets', soft_deletes: false },
    z.object({ occurrence_on: z.string() }),
    sql`series_id = ${series.id}::uuid and (reference = ${text.trim().toUpperCase()} or id::text = ${text.trim().toLowerCase()})`,
  );
  if (visit) return visit.occurrence_on;
  throw notFound('visit of this series', text, {
    field,
    got: text,
    hint: `Look at the visits of ${series.reference}.`,
  });
}

/** The first date that changes: the past stays as it was. Today when nobody says since when. */
export async function readFrom(context: Context, series: Series, from: string | undefined): Promise<string> {
  const today = todayOf(context).toString();
  const wanted = from === undefined ? today : await readDate(context, series, from, 'from');
  return wanted > today ? wanted : today;
}
