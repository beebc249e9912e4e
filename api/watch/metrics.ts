import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { queueFigures } from '../../core/jobs/queries.ts';
import type { PooledDatabase } from '../../core/kernel/database/db.ts';
import type { Observed } from '../../core/kernel/outside/observer.ts';
import type { Ended, Listener } from './listeners.ts';

/** What one process counts, as OpenMetrics has it. */
export interface Metrics extends Listener {
  content_type: string;
  text(): Promise<string>;
}

/** From what a database answers at once to what somebody gives up on. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Counts calls, transactions and deliveries, and looks at the pool and the queue when asked. Names of actions and lists, ways in
 * and outcomes are the only labels: registered words, so they are few, and none belongs to a business or a person.
 */
export function createMetrics(db: PooledDatabase): Metrics {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'deskhand_calls_total',
    help: 'Calls of actions and lists that ended.',
    labelNames: ['kind', 'name', 'via', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'deskhand_call_seconds',
    help: 'How long calls took.',
    labelNames: ['kind', 'name'],
    buckets,
    registers,
  });
  const jobs = new Counter({
    name: 'deskhand_jobs_total',
    help: 'Deliveries and other jobs this process tried.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const jobSeconds = new Histogram({
    name: 'deskhand_job_seconds',
    help: 'How long jobs took.',
    labelNames: ['kind'],
    buckets,
    registers,
  });
  const transactions = new Histogram({
    name: 'deskhand_transaction_seconds',
    help: 'How long transactions took, the wait for a connection included.',
    labelNames: ['mode', 'outcome'],
    buckets,
    registers,
  });
  lookAtPool(db, registers);
  lookAtQueue(db, registers);
  const end = ({ kind, name, via = '' }: Observed, { outcome, took_seconds }: Ended) => {
    if (kind === 'transaction') {
      transactions.observe({ mode: name, outcome }, took_seconds);
    } else if (kind === 'job') {
      jobs.inc({ kind: name, outcome });
      jobSeconds.observe({ kind: name }, took_seconds);
    } else {
      calls.inc({ kind, name, via, outcome });
      seconds.observe({ kind, name }, took_seconds);
    }
  };
  return {
    begin: observed => ({ within: work => work(), end: ended => end(observed, ended) }),
    content_type: registry.contentType,
    text: () => registry.metrics(),
  };
}

type Registers = Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>[];

function lookAtPool(db: PooledDatabase, registers: Registers): void {
  new Gauge({
    name: 'deskhand_pool_connections',
    help: 'Connections to the database: in use, how many there may be, and transactions that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const { most, in_use, waiting } = db.pool();
      this.set({ state: 'most' }, most);
      this.set({ state: 'in_use' }, in_use);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}

/** The queue is the same for all processes of an installation: each tells all of it. */
function lookAtQueue(db: PooledDatabase, registers: Registers): void {
  let looking: ReturnType<typeof queueFigures> | undefined;
  /** Asks the database once for all that is shown together; undefined when it does not answer. */
  const look = () => {
    // Whoever asks gives up after ten seconds, which is how long a call waits for a database that has gone: first it is seen whether it is there.
    looking ??= db
      .ping()
      .then(() => queueFigures(db))
      .finally(() => {
        looking = undefined;
      });
    return looking.catch(() => undefined);
  };
  new Gauge({
    name: 'deskhand_database_up',
    help: 'Whether the database answered when this was asked.',
    registers,
    async collect() {
      this.set((await look()) ? 1 : 0);
    },
  });
  new Gauge({
    name: 'deskhand_queue_jobs',
    help: 'Jobs that are due: waiting, and under way.',
    labelNames: ['lane', 'state'],
    registers,
    async collect() {
      const lanes = await look();
      // Numbers of an hour ago are worse than none.
      this.reset();
      for (const { lane, waiting, running } of lanes ?? []) {
        this.set({ lane, state: 'waiting' }, waiting);
        this.set({ lane, state: 'running' }, running);
      }
    },
  });
  new Gauge({
    name: 'deskhand_queue_oldest_seconds',
    help: 'How long the oldest job that is due has waited.',
    labelNames: ['lane'],
    registers,
    async collect() {
      const lanes = await look();
      this.reset();
      for (const { lane, oldest_seconds } of lanes ?? []) this.set({ lane }, oldest_seconds);
    },
  });
}
