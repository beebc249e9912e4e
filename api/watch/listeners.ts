import type { Database, PooledDatabase } from '../../core/kernel/database/db.ts';
import { type Observed, type Observer, unobserved } from '../../core/kernel/outside/observer.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';

/** How something ended: a registered word or the code of an error, and how long it took. */
export interface Ended {
  outcome: string;
  failed: boolean;
  took_seconds: number;
}

/** One that hears of everything that begins. */
export interface Listener {
  begin(observed: Observed): {
    /** Runs the work so that what begins within it is known to belong to it. */
    within<T>(work: () => Promise<T>): Promise<T>;
    end(ended: Ended): void;
  };
}

/** Tells the listeners of everything. Without any, the work is done and nothing else. */
export function observerOf(listeners: readonly Listener[]): Observer {
  if (listeners.length === 0) return unobserved;
  return {
    async around(observed, work, outcome) {
      const started = performance.now();
      const begun = listeners.map(listener => listener.begin(observed));
      const end = (word: string, failed: boolean) => {
        const ended = { outcome: word, failed, took_seconds: (performance.now() - started) / 1000 };
        for (const one of begun) one.end(ended);
      };
      const nested = begun.reduce<typeof work>(
        (inner, { within }) =>
          () =>
            within(inner),
        work,
      );
      try {
        const result = await nested();
        end(outcome(result), false);
        return result;
      } catch (error) {
        end(codeOf(error), true);
        throw error;
      }
    },
  };
}

/** What an error is called, never what it says: that may hold a name or an address. */
const codeOf = (error: unknown): string => (error instanceof DeskhandError ? error.code : 'INTERNAL_ERROR');

/** The same database, each transaction told of. */
export function watched(db: PooledDatabase, observer: Observer): PooledDatabase {
  if (observer === unobserved) return db;
  const transaction: Database['transaction'] = (mode, work) =>
    observer.around(
      { kind: 'transaction', name: mode },
      () => db.transaction(mode, work),
      () => 'done',
    );
  return { ...db, transaction };
}
