import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { todayOf } from '../kernel/words/time.ts';
import { partsOf, sendCrew } from '../tickets/parts.ts';
import { stampOf } from '../tickets/stamp.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { changedByHand } from './by-hand.ts';
import { horizonOf, makeVisits, whyNot } from './make.ts';
import { listBehind, listWithToPlace, lockToPlace } from './queries.ts';
import type { Series } from './record.ts';
import { seriesRecord } from './series.ts';

/**
 * Makes the visits of the next weeks, a few series a call. Whoever dies in the middle leaves whole series made or not; whoever
 * comes second at the same moment waits for the series, and finds its visits made.
 */
export const makeSeriesVisits = defineAction({
  domain: 'series',
  name: 'make_visits',
  summary: 'Make the visits of the next weeks of what comes again; done by a timer.',
  input: z.strictObject({ most: z.int().min(1).max(100).optional() }),
  output: z.object({ made: z.number(), placed: z.number(), left: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  why_not_undone: 'a timer does it',
  example: {},
  human_only: true,
  roles: [],
  async run(context, { most = 20 }) {
    const until = horizonOf(context);
    const behind = await listBehind(context, until, most);
    let made = 0;
    for (const { id } of behind) made += await makeOne(context, id, until);
    const left = behind.length === most;
    return { made, placed: left ? 0 : await placeAgain(context), left };
  },
});

async function makeOne(context: Context, id: string, until: string): Promise<number> {
  const series = await getRow(context, seriesRecord, id, { lock: true });
  if (series.status !== 'active' || (series.made_until ?? '') >= until) return 0;
  const made = await makeVisits(context, series, until);
  if (series.ends_on !== null && series.ends_on < todayOf(context).toString())
    await updateRow(context, seriesRecord, id, { status: 'ended', ended_at: context.now.toString() });
  return made.length;
}

/** Whoever could not be sent then may have the time by now. Answers how many visits have their people. */
async function placeAgain(context: Context): Promise<number> {
  let placed = 0;
  for (const { id } of await listWithToPlace(context)) {
    const series = await getRow(context, seriesRecord, id, { lock: true });
    if (series.status === 'active') placed += await placeVisits(context, series);
  }
  return placed;
}

async function placeVisits(context: Context, series: Series): Promise<number> {
  const visits = await lockToPlace(context, series.id);
  const byHand = await changedByHand(context, visits);
  let placed = 0;
  for (const visit of visits) {
    if (byHand.has(visit.id)) continue;
    const { occurrence_on: date, id } = visit;
    if ((await whyNot(context, series, { date, exceptTicket: id })) !== undefined) continue;
    await sendCrew(context, id, series.technician_ids);
    const lines = (await partsOf(context, [id])).get(id)?.lines ?? [];
    const as_planned = stampOf({ ...visit, lines, technician_ids: series.technician_ids });
    await updateRow(context, ticketRecord, id, { to_place_why: null, as_planned });
    placed += 1;
  }
  return placed;
}

/** Before anybody is at work, so that the day begins with what is planned. */
export const seriesTimer = defineTimer({
  name: 'series.make_visits',
  summary: 'Visits that come again are made for the next weeks.',
  at: { hour: 4, minute: 30 },
  async run(tools, organization_id) {
    let made = 0;
    let placed = 0;
    for (let left = true; left; ) {
      const call = { action: 'series.make_visits', data: {} };
      const done = said.parse((await tools.execute(organization_id, call)).data);
      made += done.made;
      placed += done.placed;
      left = done.left;
    }
    return { made, placed };
  },
});

const said = z.object({ made: z.number(), placed: z.number(), left: z.boolean() });
