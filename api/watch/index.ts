import type { PooledDatabase } from '../../core/kernel/database/db.ts';
import type { Observer } from '../../core/kernel/outside/observer.ts';
import { readVersion } from '../version.ts';
import { type Listener, observerOf, watched } from './listeners.ts';
import type { Metrics } from './metrics.ts';

/** What is watched, and by what. */
export interface Watching {
  /** Whoever asks for `/metrics` shows it; nobody may ask when left out. */
  metricsToken?: string;
  /** Set when a collector is named by the standard variables of OpenTelemetry. */
  traces?: { service: string };
}

export interface Watch {
  db: PooledDatabase;
  observer: Observer;
  metrics?: Metrics;
  close(): Promise<void>;
}

/**
 * Sets up what is asked for and nothing else: a process that nobody watches loads none of it, and its calls take no detour.
 */
export async function openWatch(
  db: PooledDatabase,
  { metricsToken, traces }: Watching,
  onTrouble?: (message: string) => void,
): Promise<Watch> {
  const metrics = metricsToken === undefined ? undefined : (await import('./metrics.ts')).createMetrics(db);
  const sent =
    traces === undefined
      ? undefined
      : (await import('./traces.ts')).createTraces({
          version: readVersion(),
          service: traces.service,
          onTrouble,
        });
  const listeners: Listener[] = [metrics, sent].filter(listener => listener !== undefined);
  const observer = observerOf(listeners);
  return {
    db: watched(db, observer),
    observer,
    ...(metrics ? { metrics } : {}),
    close: async () => sent?.close(),
  };
}
