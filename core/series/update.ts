import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { readValues } from '../kernel/records/read-values.ts';
import { listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid, requireChange } from '../kernel/words/errors.ts';
import { todayOf } from '../kernel/words/time.ts';
import { memberRecord } from '../members/member.ts';
import { requireBookable } from '../tickets/assignment.ts';
import { requirePlace } from '../tickets/requirements.ts';
import { tellOfGapAfter } from '../waitlist/opened.ts';
import { answerSeries, seriesAnswer } from './answer.ts';
import { datesOf, nextMoments } from './dates.ts';
import { keepLines } from './lines.ts';
import { horizonOf, makeVisits } from './make.ts';
import { readPlan } from './plan.ts';
import type { Series } from './record.ts';
import { replan } from './replan.ts';
import { lockActive, seriesRecord } from './series.ts';
import { dateOrVisit, readFrom } from './since.ts';

const { contact_id: _contact, ...changeable } = seriesRecord.writable.partial().shape;
const clearable = ['address_id', 'ends_on', 'notes'] as const;

const input = z.strictObject({
  series_id: ref('series'),
  ...changeable,
  clear: z.array(z.enum(clearable)).max(clearable.length).optional(),
  from: dateOrVisit.optional(),
  also_changed: z
    .boolean()
    .optional()
    .meta({ description: 'also visits that were changed by hand, which else stay as they are' }),
});
type Changes = Omit<z.output<typeof input>, 'series_id' | 'from' | 'also_changed' | 'clear'>;

/** Changes a series from a date on (SCH-05): this visit and all after it. One visit alone is changed like any visit. */
export const updateSeries = defineAction({
  domain: 'series',
  name: 'update',
  summary:
    'Change visits that come again, from a date or visit on (today when left out): rule, times, services, prices, technicians.',
  input,
  output: seriesAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  counts_as: 'series',
  example: {
    series_id: 'SER-1',
    from: '2027-01-12',
    start_time: '10:00',
    lines: [{ service_id: 'Gutter Cleaning' }],
    technician_ids: ['Theo'],
  },
  keywords: ['all future', 'this and following', 'from now on', 'move', 'change time', 'every week', 'price'],
  async run(context, { series_id, from, also_changed = false, clear = [], ...changes }) {
    requireChange(
      { ...changes, ...(clear.length > 0 ? { clear } : {}) },
      'series_id',
      Object.keys(changeable),
    );
    const before = await lockActive(context, series_id);
    const since = await readFrom(context, before, from);
    await makeBefore(context, before, since);
    const emptied = Object.fromEntries(clear.map(name => [name, null]));
    const columns = await readChanges(context, { before, since, changes });
    const series = await updateRow(context, seriesRecord, before.id, { ...columns, ...emptied });
    const stays = await tellOfGapAfter(context, [], () =>
      replan(context, { before, series, from: since, also_changed }),
    );
    const until = horizonOf(context);
    if (series.made_until === null || series.made_until < until)
      await updateRow(context, seriesRecord, before.id, { made_until: until });
    return answerSeries(context, before.id, { stays });
  },
});

/** More visits at once than anybody wants to see before a change. */
const mostBefore = 100;

/** What comes before the change is made as it was, however far ahead that is. Throws VALIDATION_ERROR for too far. */
export async function makeBefore(context: Context, series: Series, since: string): Promise<void> {
  const last = Temporal.PlainDate.from(since).subtract({ days: 1 }).toString();
  if (last <= horizonOf(context)) return;
  const farthest = todayOf(context).add({ years: 2 }).toString();
  if (since > farthest || datesOf(series, todayOf(context).toString(), last).length > mostBefore) {
    throw invalid('from', 'This is too far ahead: all visits before it would have to be made now.', {
      got: since,
      hint: 'Change it when the time is nearer, or end it then and book another series.',
    });
  }
  await makeVisits(context, series, last);
}

async function readChanges(
  context: Context,
  { before, since, changes }: { before: Series; since: string; changes: Changes },
): Promise<Partial<Series>> {
  const { rule, starts_on, start_time, ends_on, lines, technician_ids, ...plain } = changes;
  const isPlanned = [rule, starts_on, start_time, ends_on].some(given => given !== undefined);
  if (plain.address_id) await requirePlace(context, before.contact_id, plain.address_id);
  const crew = technician_ids && [...new Set(technician_ids)];
  if (crew) requireBookable(await listByIds(context, memberRecord, crew), crew);
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...(await readValues(context, seriesRecord, given, before)),
    ...(crew ? { technician_ids: crew } : {}),
    ...(lines ? { lines: await keepLines(context, lines) } : {}),
    ...(isPlanned ? newPlan(context, { before, since, changes }) : {}),
  };
}

function newPlan(
  context: Context,
  { before, since, changes }: { before: Series; since: string; changes: Changes },
): Partial<Series> {
  const { rule, starts_on, start_time, ends_on } = changes;
  if (starts_on !== undefined && starts_on < since)
    throw invalid('starts_on', 'The new plan would begin before the change.', {
      got: starts_on,
      hint: `It changes from ${since} on.`,
    });
  // A new rhythm is counted from the next date there is, which stays where it can.
  const next = nextFrom(context, before, since);
  const plan = readPlan(context, {
    rule: rule ?? before.rule,
    starts_on: starts_on ?? (rule === undefined ? before.starts_on : next),
    start_time: start_time ?? before.start_time,
    ends_on: ends_on ?? before.ends_on,
  });
  return plan;
}

function nextFrom(context: Context, series: Series, since: string): string {
  const inWindow = datesOf(series, since, Temporal.PlainDate.from(since).add({ years: 2 }).toString())[0];
  return (
    inWindow ??
    nextMoments(context, series, 1)[0]
      ?.toZonedDateTimeISO(context.organization.time_zone)
      .toPlainDate()
      .toString() ??
    since
  );
}
