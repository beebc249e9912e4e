import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { requireConnectors } from '../kernel/outside/connectors.ts';
import { messageOf } from '../kernel/words/message-of.ts';
import { deliver } from './deliver.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { claimJobs, findNextDue, type LaneName } from './queries.ts';
import { tidyUp } from './tidy.ts';
import { registerTimers, ringTimers } from './timers.ts';
import { Bell, listen } from './wake-up.ts';
import { asUser, type WorkerOptions } from './worker-options.ts';

export interface Worker {
  /** Ends after the deliveries under way; nothing new is begun. */
  stop(): Promise<void>;
  /** Whether each lane has looked for jobs lately; one that has not hangs. */
  isTurning(): boolean;
}

/** A worker that dies keeps its jobs this long, in seconds. */
const lease_seconds = 60;
/** Without a wake-up call (a pooler in between swallows NOTIFY) jobs are looked for this often, in milliseconds. */
const usualPatience_ms = 5_000;
const sweepEvery = 3_600_000;
/** A lane looks for jobs every few seconds, whatever goes wrong. */
const hangsAfter = 120_000;
/** Timers are set to minutes. */
const lookEvery = 10_000;
/** A business that is new waits this long for its timers to be set, at the most. */
const registerEvery = 600_000;

/**
 * Delivers the outbox: claims due jobs, runs their handlers outside any transaction, records the outcome. At least
 * once: a job whose worker dies after the delivery and before the record runs again with the same id, which handlers
 * pass on as the idempotency key. Failures come again after 2, 4, 8 … seconds, or later when the other side asks for it;
 * when the attempts are used up, or no attempt can help, the job is dead, and stays visible as such. Throws at once when a
 * kind of job wants a connector this process does not have.
 */
export function startWorker(options: WorkerOptions): Worker {
  const name = `worker-${process.pid}-${randomUUID().slice(0, 8)}`;
  const { registry, tools, concurrency = 6 } = options;
  requireConnectors([...registry.jobs.values()].map(asUser), tools.connectors);
  const lanes = lanesOf(concurrency, tools.connectors).map(lane => ({
    ...lane,
    bell: new Bell(),
    turn: { at: performance.now() },
  }));
  let stopping = false;
  const isStopping = () => stopping;
  const watch = watchTimers(options);
  const ring = (lane?: string) => {
    for (const { name: own, bell } of lanes) if (!lane || own === lane) bell.ring();
  };

  const listening = listen(options, ring, isStopping);
  const working = Promise.all(
    lanes.map(lane => workOff(options, { ...lane, worker: name, watch, isStopping })),
  );

  return {
    isTurning: () => lanes.every(({ turn }) => performance.now() - turn.at < hangsAfter),
    async stop() {
      stopping = true;
      ring();
      await working;
      await (await listening)();
    },
  };
}

interface Work extends Lane {
  worker: string;
  bell: Bell;
  /** When it looked for jobs last. */
  turn: { at: number };
  /** Looks at the timers, now and then. */
  watch(): Promise<void>;
  isStopping(): boolean;
}

/** Works off one lane until the worker stops, and what is under way then to its end. */
async function workOff(options: WorkerOptions, work: Work): Promise<void> {
  const { db, clock, onProblem, patience_ms = usualPatience_ms } = options;
  const { name: lane, worker, slots, spacing_ms, bell, turn, isStopping } = work;
  const claim = { worker, lease_seconds, lane, spacing_ms };
  const running = new Set<Promise<void>>();
  const tidy = lane === 'general' ? tidier(work, options) : undefined;
  while (!isStopping()) {
    turn.at = performance.now();
    try {
      await tidy?.look();
      const most = slots - running.size;
      const jobs = most === 0 ? [] : await claimJobs(db, { ...claim, most, at: clock?.().toString() });
      for (const job of jobs) {
        const delivery = deliver(options, worker, job)
          .catch(error => onProblem('how a delivery ended is not known', { error: messageOf(error) }))
          .finally(() => {
            running.delete(delivery);
            bell.ring();
          });
        running.add(delivery);
      }
      if (jobs.length > 0) continue;
      await bell.wait(most === 0 ? patience_ms : await untilNextDue(options, lane, spacing_ms !== undefined));
    } catch (error) {
      onProblem('the worker could not reach the outbox', { error: messageOf(error) });
      await bell.wait(1_000);
    }
  }
  await Promise.all([...running, tidy?.end()]);
}

/**
 * What one lane does for the whole worker before it looks for jobs: the timers, and every hour throwing away what is over,
 * which goes on beside the jobs.
 */
function tidier({ watch, isStopping }: Work, { db, onProblem }: WorkerOptions) {
  let swept = 0;
  let sweeping: Promise<void> | undefined;
  return {
    async look() {
      await watch();
      if (sweeping || Date.now() - swept <= sweepEvery) return;
      swept = Date.now();
      sweeping = tidyUp(db, isStopping)
        .catch(error =>
          onProblem('the worker could not throw away what is over', { error: messageOf(error) }),
        )
        .finally(() => {
          sweeping = undefined;
        });
    },
    end: () => sweeping,
  };
}

/**
 * Sets the timers at first and now and then, and looks for those whose time has come. What goes wrong there is told and
 * holds up no delivery.
 */
function watchTimers({ db, registry, clock, onProblem }: WorkerOptions): () => Promise<void> {
  let registered = Number.NEGATIVE_INFINITY;
  let looked = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (registry.timers.size === 0 || now - looked < lookEvery) return;
    looked = now;
    try {
      if (now - registered >= registerEvery) {
        await registerTimers(db, registry);
        registered = now;
      }
      await ringTimers(db, registry, clock?.() ?? Temporal.Now.instant());
    } catch (error) {
      onProblem('the worker could not look at the timers', { error: messageOf(error) });
    }
  };
}

async function untilNextDue(
  { db, patience_ms = usualPatience_ms }: WorkerOptions,
  lane: LaneName,
  isPaced: boolean,
): Promise<number> {
  const next = await findNextDue(db, lane, isPaced);
  if (next === null) return patience_ms;
  return Math.min(patience_ms, Math.max(10, Date.parse(next) - Date.now()));
}
