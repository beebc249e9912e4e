import type { Temporal } from 'temporal-polyfill';
import type { Database } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { moveDueTimers, seedTimers } from './queries.ts';
import { planTimer } from './wall-clock.ts';

/** So many timers are moved in one transaction. */
const atOnce = 100;

/** Gives every business the timers that are registered; those of a business that is new run from its next day on. */
export async function registerTimers(db: Database, { timers }: Registry): Promise<void> {
  if (timers.size > 0) await seedTimers(db, [...timers.values()]);
}

/**
 * Queues a job for every timer whose time has come, one for each of its dates, and sets it to its next time. Answers how
 * many jobs; the transaction that holds a timer moves it, so two workers at once queue one.
 */
export async function ringTimers(db: Database, { timers }: Registry, now: Temporal.Instant): Promise<number> {
  let rung = 0;
  for (let moved = atOnce; moved === atOnce; ) {
    moved = await moveDueTimers(db, [...timers.keys()], { at: now.toString(), most: atOnce }, due => {
      const timer = timers.get(due.name);
      if (!timer) throw new Error(`nobody registered the timer ${due.name}`);
      const { run_on, next_at } = planTimer({ ...due, at: timer.at }, now);
      if (run_on !== undefined) rung++;
      return { run_on: run_on ?? null, next_at: next_at.toString(), job: newId() };
    });
  }
  return rung;
}
