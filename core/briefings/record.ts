import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { requestNumbering } from '../kernel/pipeline/gate.ts';
import { defineLog } from '../kernel/records/log-view.ts';
import { filterBy } from '../kernel/records/record.ts';
import { referencesOf } from '../kernel/records/reference.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { day, moment, readDay, readMoment } from '../kernel/words/time.ts';
import { briefingColumns, briefingRow, insertBriefing } from './queries.ts';

/** The briefings that were given, newest first. */
export const briefings = defineLog({
  type: 'briefings',
  domain: 'briefing',
  summary: 'Briefings that were given: to whom, for which day, with how much of everything; newest first.',
  keywords: ['morning', 'daily briefing', 'last briefing'],
  from: 'briefings',
  columns: briefingColumns,
  row: briefingRow,
  named: {
    mine: filterBy(z.boolean(), ({ actor }, mine) =>
      mine ? sql`facts ->> 'given_to' = ${actor.id ?? actor.kind}` : sql`true`,
    ),
  },
  default_fields: ['id', 'day', 'given_to', 'counts', 'created_at'],
});

/** How many decisions a briefing names as told: nobody decides more within the minute that is looked at again. */
export const mostTold = 12;

/** Writes down that a briefing was given and what it told, so that the next one goes on from there (MCP-10). */
export const recordBriefing = defineAction({
  domain: 'briefing',
  name: 'record',
  summary: 'Write down that a briefing was given, so that the next one tells what was decided since.',
  input: z.strictObject({
    day: day.optional(),
    since: moment.optional(),
    until: moment.optional(),
    told: z
      .array(z.string().regex(referencesOf(requestNumbering), 'the reference of a request'))
      .max(mostTold)
      .optional(),
    counts: z.record(z.string().regex(/^[a-z_]{1,40}$/), z.int().min(0)).optional(),
  }),
  output: briefingRow,
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'none',
  why_not_undone: 'it only notes that it was read',
  example: { told: ['R-1'], counts: { visits: 3 } },
  keywords: ['briefing'],
  run(context, input) {
    const { time_zone } = context.organization;
    const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
    const read = (name: 'since' | 'until') => {
      const text = input[name];
      return text === undefined ? undefined : readMoment(text, time_zone, name).toString();
    };
    return insertBriefing(context, {
      day: (input.day === undefined ? today : readDay(input.day, 'day')).toString(),
      since: read('since'),
      until: read('until'),
      told: input.told ?? [],
      counts: input.counts ?? {},
    });
  },
});
