import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Database } from '../kernel/database/db.ts';
import {
  type ConnectorName,
  connectorsFor,
  type GivenConnectors,
  requireConnectors,
} from '../kernel/outside/connectors.ts';
import { AllBusy, PermanentFailure, RetryLater } from '../kernel/outside/delivery-failure.ts';
import { type Observer, unobserved } from '../kernel/outside/observer.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import type { JobTools } from '../kernel/registry/define.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { claimJobs, findNextDue, type LaneName, pauseMail, settleJob } from './queries.ts';
import { tidyUp } from './tidy.ts';
import { registerTimers, ringTimers } from './timers.ts';

export interface Worker {
  /** Ends after the deliveries under way; nothing new is begun. */
  stop(): Promise<void>;
  /** Whether each lane has looked for jobs lately; one that has not hangs. */
  isTurning(): boolean;
}

export interface WorkerOptions {
  db: Database;
  registry: Registry;
  tools: Omit<JobTools, 'connectors'> & { connectors: GivenConnectors };
  /** How many deliveries at once, besides timers and mails. */
  concurrency?: number;
  /** How often jobs are looked for without a wake-up call, in milliseconds; five seconds when left out. */
  patience_ms?: number;
  /** How long a delivery waits after so many attempts have failed, in milliseconds; `backoff` when left out. */
  pause_ms?: (attempts: number) => number;
  /** What timers go by, those of messages as well; the system's clock and the database's when left out. */
  clock?: () => Temporal.Instant;
  /** Told of every job that is tried; nobody when left out. */
  observer?: Observer;
  /** Told about failures and lost connections; never about payloads. */
  onProblem(message: string, facts: Record<string, unknown>): void;
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

async function deliver(options: WorkerOptions, worker: string, job: Job): Promise<void> {
  const { db, registry, tools, onProblem, pause_ms = backoff, observer = unobserved } = options;
  const { organization_id, id, kind, attempts, max_attempts } = job;
  const settled = { organization_id, id, worker, outcome: null, error: null, retry_at: null };
  const isOver = attempts > max_attempts;
  if (attempts > 1 && job.last_error === null && !isOver)
    onProblem('a worker died during a delivery; it comes again and may arrive twice', {
      job: id,
      kind,
      attempts,
    });
  const handler = registry.jobs.get(kind);
  try {
    if (isOver) throw new PermanentFailure(job.last_error ?? 'the worker died during every attempt');
    if (!handler) throw new Error(`nobody registered a handler for jobs of kind ${kind}`);
    const connectors = connectorsFor(asUser(handler), tools.connectors, organization_id);
    const outcome = await observer.around(
      { kind: 'job', name: kind },
      () => handler.run(job, { ...tools, connectors }),
      () => 'done',
    );
    await settleJob(db, { ...settled, outcome });
  } catch (error) {
    const last = error instanceof PermanentFailure || attempts >= max_attempts;
    const wait_ms = waitAfter(error, pause_ms(attempts));
    const why = messageOf(error).slice(0, 500);
    if (error instanceof AllBusy && handler?.connectors?.includes('mail'))
      await pauseMail(db, later(Math.min(longestPause, wait_ms)));
    onProblem(last ? 'a delivery is dead' : 'a delivery failed and comes again', {
      job: id,
      kind,
      attempts,
      error: messageOf(error),
    });
    // What it carries hears of it first: a worker that dies in between leaves the job to the next one.
    if (last) await handler?.gaveUp?.(job, { ...tools, connectors: {} }, why);
    await settleJob(db, { ...settled, error: why, retry_at: last ? null : later(wait_ms) });
  }
}

const later = (wait_ms: number): string => new Date(Date.now() + wait_ms).toISOString();

/** Who asks for connectors, as errors name it. */
const asUser = ({ kind, connectors }: { kind: string; connectors?: readonly ConnectorName[] }) => ({
  name: `the job ${kind}`,
  wants: connectors,
});

/** After a lost connection to hear on; a server that restarts is back by then, and jobs are looked for meanwhile. */
const reconnect_ms = 1_000;
/** After one that was refused: the server is away for longer, and each try says so in the log. */
const refused_ms = 10_000;

const longestWait = 3_600_000;
/** A quota is raised by somebody, or a key changed: one of the mails that wait tries that now and then. */
const longestPause = 600_000;

/** 2, 4, 8, … seconds, at most an hour, in milliseconds. */
export const backoff = (attempts: number): number =>
  Math.min(longestWait, 2 ** Math.min(attempts, 20) * 1000);

/** The usual wait, or as long as the other side asks for, an hour at most. */
function waitAfter(error: unknown, usual_ms: number): number {
  const asked = error instanceof RetryLater ? error.retry_after_seconds * 1000 : 0;
  return Math.min(longestWait, Math.max(usual_ms, asked));
}

/** Hears NOTIFY on a connection of its own; comes back by itself when that is lost. Answers how to hang up. */
async function listen(
  options: WorkerOptions,
  ring: (lane?: string) => void,
  isStopping: () => boolean,
): Promise<() => Promise<void>> {
  let hangUp = async () => {};
  const connect = async (): Promise<void> => {
    if (isStopping()) return;
    try {
      const client = await options.db.connect();
      client.on('notification', ({ payload }) => ring(payload));
      client.on('error', () => undefined);
      client.once('end', () => {
        if (!isStopping()) setTimeout(() => void connect(), reconnect_ms).unref();
      });
      await client.query('listen deskhand_jobs');
      hangUp = () => client.end();
      ring();
    } catch (error) {
      options.onProblem('the worker is not woken and looks for itself', { error: messageOf(error) });
      setTimeout(() => void connect(), refused_ms).unref();
    }
  };
  await connect();
  return () => hangUp();
}

/** Somebody waits, somebody rings; a ring before the waiting begins is not lost. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rung = false;
    this.#wake = undefined;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
