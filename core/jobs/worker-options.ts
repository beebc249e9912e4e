import type { Temporal } from 'temporal-polyfill';
import type { Database } from '../kernel/database/db.ts';
import type { ConnectorName, GivenConnectors } from '../kernel/outside/connectors.ts';
import type { Observer } from '../kernel/outside/observer.ts';
import type { JobTools } from '../kernel/registry/define.ts';
import type { Registry } from '../kernel/registry/registry.ts';

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

/** A kind of job as who asks for connectors, as errors name it. */
export const asUser = ({ kind, connectors }: { kind: string; connectors?: readonly ConnectorName[] }) => ({
  name: `the job ${kind}`,
  wants: connectors,
});
