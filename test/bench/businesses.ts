import { Temporal } from 'temporal-polyfill';
import { createDeskhand } from '../../api/compose.ts';
import { claimJobs } from '../../core/jobs/queries.ts';
import { tidyUp } from '../../core/jobs/tidy.ts';
import { registerTimers, ringTimers } from '../../core/jobs/timers.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { fillCustomers, questionsOf, times } from './growth.ts';
import { openPool } from './hand-written.ts';
import { quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';

// One business of a hundred customers, asked the same alone and among ten thousand like it.

const customers = 100;
const same = 1.2;
/** Their customers together are few enough to be written by one statement a table. */
const filledAtOnce = 250;

/** What an installation with many businesses costs one of them, and its worker. */
export async function measureBusinesses({ cluster, rounds, businesses, say }: Bench) {
  const { address, owner } = cluster.small;
  const pool = openPool(owner, 1);
  const db = openDatabase({ address, connections: 2 });
  const app = createDeskhand(db);
  const seconds = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return round((performance.now() - started) / 1000, 2);
  };
  try {
    const mine = await foundBusiness(db, named('measured'));
    await fillCustomers(pool, [mine.organization_id], 0, customers);
    await pool.query('vacuum (analyze)');
    const caller: Caller = { via: 'member', organization_id: mine.organization_id, user_id: mine.owner_id };
    const before = await times(questionsOf(app, caller, customers), rounds * 4);
    say(`founding ${businesses} businesses`);
    for (let from = 0; from < businesses; from += filledAtOnce) {
      const founded: string[] = [];
      for (let number = from; number < Math.min(businesses, from + filledAtOnce); number += 1) {
        const { organization_id } = await foundBusiness(db, named(`b${number}`));
        founded.push(organization_id);
      }
      await fillCustomers(pool, founded, 0, customers);
      say(`${from + founded.length} businesses`);
    }
    await pool.query('vacuum (analyze)');
    say('asking among them');
    const after = await times(questionsOf(app, caller, customers), rounds * 4);
    say('the worker');
    const registered = await seconds(() => registerTimers(db, app.registry));
    const planned = await seconds(() => ringTimers(db, app.registry, Temporal.Now.instant()));
    let rung = 0;
    const tomorrow = Temporal.Now.instant().add({ hours: 24 });
    const ringing = await seconds(async () => {
      rung = await ringTimers(db, app.registry, tomorrow);
    });
    const first = await seconds(() => tidyUp(db, () => false));
    const claims: number[] = [];
    for (let turn = 0; turn < rounds * 4; turn += 1) {
      const started = performance.now();
      await claimJobs(db, { worker: 'bench', most: 6, lease_seconds: 600 });
      claims.push(performance.now() - started);
    }
    return {
      businesses,
      customers,
      questions: Object.keys(after).map(name => ({
        question: name,
        alone_p50_ms: round(quantile(before[name] ?? [], 0.5), 1),
        among_p50_ms: round(quantile(after[name] ?? [], 0.5), 1),
        among_p95_ms: round(quantile(after[name] ?? [], 0.95), 1),
        ratio: atMost(round(quantile(after[name] ?? [], 0.5) / quantile(before[name] ?? [], 0.5), 2), same),
      })),
      worker: {
        timers_registered_s: registered,
        timers_planned_s: planned,
        a_day_of_timers: { jobs: rung, seconds: ringing },
        hourly_tidying_s: first,
        claim_of_six_ms: { p50: round(quantile(claims, 0.5), 1), p95: round(quantile(claims, 0.95), 1) },
      },
    };
  } finally {
    await db.close();
    await pool.end();
  }
}

const named = (slug: string) => ({
  slug: `many-${slug}`,
  name: `Window Cleaning ${slug}`,
  time_zone: 'America/Chicago',
  owner: { email: `${slug}@many.example`, name: 'Olivia Bright' },
});
