import { setTimeout } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { App } from '../app.ts';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Caller } from '../kernel/pipeline/context.ts';
import { carryOut } from './carry-out.ts';
import { demoAgent, timeZone } from './demo.ts';
import { Known } from './known.ts';
import { personOf } from './person.ts';
import { present } from './present.ts';
import { list, type Scene } from './scene.ts';
import { isStart, tellYear } from './year.ts';

/** What making the history takes. */
export interface Growing {
  db: Database;
  /** The installation's own: by it is looked whether anything is to be made. */
  app: App;
  /** The application on the database it is given, by the clock it is given. */
  open(inside: Database, clock: () => Temporal.Instant): App;
  organization_id: string;
  /** Ends it after the week it is at; what is there stays, and the next start goes on. */
  signal?: AbortSignal;
  /** How many weeks are told; all of them when left out. */
  weeks?: number;
}

/**
 * Gives Bright Panes the fourteen months before it was founded, by the ordinary actions at the times they happened: week by week,
 * each week whole or not at all, so that a server that is stopped goes on at its next start, and of two servers one does it. Nobody
 * is written to. Answers how many weeks it has added; none for a business that has its history, or was founded without: then it has
 * only looked.
 */
export async function growDemo(growing: Growing): Promise<number> {
  const { db, organization_id, signal } = growing;
  const looking: Scene = {
    app: growing.app,
    ...(await findPeople(growing.app, organization_id)),
    setClock: () => undefined,
  };
  const today = await dayOfFounding(looking);
  if (today === undefined) return 0;
  const newest = await newestVisit(looking, today);
  if (newest >= lastMonday(today)) return 0;
  let current: Tx | undefined;
  let at: Temporal.Instant | undefined;
  const inside: Database = {
    ...db,
    transaction: (mode, work) => (current ? work(current) : db.transaction(mode, work)),
  };
  const scene: Scene = {
    ...looking,
    app: growing.open(inside, () => at ?? Temporal.Now.instant()),
    setClock: now => {
      at = now;
    },
  };
  const weeks = tellYear({ today, ...(growing.weeks === undefined ? {} : { weeks: growing.weeks }) }).filter(
    ({ happened }) => happened.some(({ what }) => what === 'visit'),
  );
  const missing = weeks.filter(({ monday }) => monday.toString() > newest);
  if (missing.length === 0) return 0;
  const known = await Known.read(scene);
  let added = 0;
  for (const week of missing) {
    if (signal?.aborted) break;
    const isNew = await db
      .transaction('read write', async tx => {
        // Another server may be at it.
        await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`demo:${organization_id}`}, 0))`);
        current = tx;
        if ((await newestVisit(scene, today)) >= week.monday.toString()) return false;
        await carryOut(scene, known, week);
        scene.setClock(undefined);
        if (week === weeks.at(-1)) await present(scene, known);
        return true;
      })
      .finally(() => {
        current = undefined;
        scene.setClock(undefined);
      });
    if (isNew) added += 1;
    else await known.readAgain(scene);
    // Others are served meanwhile.
    await setTimeout(20);
  }
  return added;
}

const memberRow = z.object({ id: z.string(), name: z.string() });

async function findPeople(app: App, organization_id: string) {
  const system: Caller = { via: 'system', organization_id, name: 'demo' };
  const { rows } = await app.read(system, 'members', { limit: 100 }, { request_id: newId() });
  const members = z.array(memberRow).parse(rows);
  const idOf = (name: string) => members.find(member => member.name === name)?.id ?? '';
  const as = (name: string): Caller => ({ via: 'member', organization_id, user_id: idOf(name) });
  const agents = await app.read(system, 'agents', { limit: 100 }, { request_id: newId() });
  const agent = z
    .array(memberRow)
    .parse(agents.rows)
    .find(({ name }) => name === demoAgent);
  return {
    olivia: as('Olivia Bright'),
    dana: as('Dana Office'),
    agent_id: agent?.id ?? '',
    technicians: [idOf('Theo Panes'), idOf('Tess Ladder')],
  };
}

/** The first customer of the history is there from the beginning: what tells a business that has one, and since when. */
async function dayOfFounding(scene: Scene): Promise<Temporal.PlainDate | undefined> {
  const rows = await list(scene, 'contacts', {
    search: firstCustomer.full_name,
    fields: ['full_name', 'created_at'],
  });
  const found = z.array(z.object({ full_name: z.string(), created_at: z.string() })).parse(rows);
  const first = found.find(({ full_name }) => full_name === firstCustomer.full_name);
  return first && Temporal.Instant.from(first.created_at).toZonedDateTimeISO(timeZone).toPlainDate();
}

export const firstCustomer = personOf(0);

/** The Monday of the last week of the history, which ends the day before the business was founded. */
function lastMonday(today: Temporal.PlainDate): string {
  const last = today.subtract({ days: 1 });
  return last.subtract({ days: last.dayOfWeek - 1 }).toString();
}

/** More visits of others than anybody closes between those of the history. */
const looked = 50;

/**
 * The local day of the newest closed visit of the history; '' while there is none. What is closed on the day of the founding or later
 * is no part of it, nor is the visit that was under way then: whoever closes that out while the history is made does not end it.
 */
async function newestVisit(scene: Scene, today: Temporal.PlainDate): Promise<string> {
  const rows = await list(scene, 'tickets', {
    params: { status: 'closed', to: today.subtract({ days: 1 }).toString() },
    sort: '-scheduled_at',
    fields: ['scheduled_at'],
    limit: looked,
  });
  const [newest] = z
    .array(z.object({ scheduled_at: z.string() }))
    .parse(rows)
    .map(({ scheduled_at }) =>
      Temporal.Instant.from(scheduled_at).toZonedDateTimeISO(timeZone).toPlainDateTime(),
    )
    .filter(time => isStart(time.toPlainTime()));
  return newest?.toPlainDate().toString() ?? '';
}
