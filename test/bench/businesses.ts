import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { createDeskhand } from '../../api/compose.ts';
import { claimJobs } from '../../core/jobs/queries.ts';
import { tidyUp } from '../../core/jobs/tidy.ts';
import { registerTimers, ringTimers } from '../../core/jobs/timers.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { openPool } from './hand-written.ts';
import {
  copyBusinesses,
  faultsOfCopies,
  firstCustomer,
  type MadeBusiness,
  makeBusiness,
} from './many-businesses.ts';
import { quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { askBoth, questionsOf } from './questions.ts';

// One business of a hundred customers, asked the same alone and among ten thousand like it.

const customers = 100;
const same = 1.2;

/** What an installation with many businesses costs one of them, and its worker. */
export async function measureBusinesses({ cluster, rounds, businesses, say }: Bench) {
  const { address, owner } = cluster.small;
  const pool = openPool(owner, 1);
  const owning = new pg.Client({ ...owner, ssl: false });
  await owning.connect();
  const db = openDatabase({ address, connections: 2 });
  const app = createDeskhand(db);
  const alonePool = openPool(cluster.empty.owner, 1);
  const aloneDb = openDatabase({ address: cluster.empty.address, connections: 2 });
  const aloneApp = createDeskhand(aloneDb);
  const seconds = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return round((performance.now() - started) / 1000, 2);
  };
  try {
    say('making a business, and one like it in another database');
    const among = await makeBusiness(db, app, 'measured', customers);
    const alone = await makeBusiness(aloneDb, aloneApp, 'measured', customers);
    await alonePool.query('vacuum (analyze)');
    const models: MadeBusiness[] = [];
    for (const word of ['modelone', 'modeltwo', 'modelthree'])
      models.push(await makeBusiness(db, app, word, customers));
    say(`making ${businesses} businesses like them`);
    const made = await seconds(() => copyBusinesses(owning, models, businesses, say));
    say('looking whether they are what actions make');
    const faults = await faultsOfCopies(owning, models, businesses);
    if (faults.length > 0) throw new Error(faults.join('; '));
    await pool.query('vacuum (analyze)');
    say('asking alone and among them');
    const { here: before, there: after } = await askBoth(
      questionsOf(aloneApp, alone.caller, customers, firstCustomer),
      questionsOf(app, among.caller, customers, firstCustomer),
      rounds * 8,
    );
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
      made_in_s: made,
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
    await Promise.all([db.close(), aloneDb.close(), alonePool.end()]);
    await owning.end();
    await pool.end();
  }
}
