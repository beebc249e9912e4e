import type { Tx } from '../database/db.ts';
import type { Reading } from '../database/replica.ts';
import { authenticate, keyOfCaller } from './authenticate.ts';
import type { Caller, Identity, RequestFacts } from './context.ts';

/** Callers that are remembered; the one that was known longest ago is forgotten first. */
const most = 1_000;

/**
 * Agents as they were known at their last call, by the hashes of their keys. Nobody is let in by it: the database says in every
 * transaction who calls (decision 003). It lets a call ask at once, in the turn in which it asks who calls, what it would ask of
 * the one who called last; the answer counts when that is still who it is (decision 063).
 */
export class KnownCallers {
  readonly #known = new Map<string, Identity>();

  /** Undefined for whoever is not known yet, and for people: what belongs to their session is not kept. */
  find(caller: Caller): Identity | undefined {
    return caller.via === 'key' ? this.#known.get(keyOfCaller(caller)) : undefined;
  }

  keep(caller: Caller, identity: Identity): void {
    if (caller.via !== 'key') return;
    const key = keyOfCaller(caller);
    this.#known.delete(key);
    this.#known.set(key, withoutOverrides(identity));
    const [oldest] = this.#known.size > most ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Who a caller turns out to be. Whoever is let in no more is forgotten. */
  async learn(caller: Caller, entering: Promise<Identity>): Promise<Identity> {
    try {
      return await entering;
    } catch (error) {
      if (caller.via === 'key') this.#known.delete(keyOfCaller(caller));
      throw error;
    }
  }
}

/** Asks by name in the turn in which it is asked who calls; the rest once it is known, or expected, who that is. */
type Begin<T> = (tx: Tx) => (identity: Identity) => Promise<T>;

/**
 * Of an agent that has called before, everything is read as of that agent, in the turn in which the database is asked who calls. The
 * answer counts when it is still the same in everything; else all is read anew, as of who it is (decision 063).
 */
export async function readExpecting<T extends object>(
  { known }: { known: KnownCallers },
  reading: Reading,
  { caller, request }: { caller: Caller; request: RequestFacts },
  begin: Begin<T>,
): Promise<T> {
  const expected = known.find(caller);
  const early =
    expected &&
    (await reading(async tx => {
      const entering = authenticate(tx, caller, request);
      const answer = begin(tx)(expected);
      // What went wrong with it counts no more than the answer, before it is known who calls.
      answer.catch(() => undefined);
      try {
        const identity = await known.learn(caller, entering);
        if (identity === expected) return await answer;
        known.keep(caller, identity);
        return isSame(expected, identity) ? await answer : undefined;
      } finally {
        // What is still on its way must not come to whoever has the connection next.
        await Promise.allSettled([answer]);
      }
    }));
  if (early) return early;
  return reading(async tx => {
    const entering = authenticate(tx, caller, request);
    const read = begin(tx);
    const identity = await known.learn(caller, entering);
    known.keep(caller, identity);
    return read(identity);
  });
}

/**
 * Whether somebody is who was expected, in everything that is known of them: as texts, which are compared faster than members. Should
 * they come in another order one day, all is read once more.
 */
const isSame = (expected: Identity, identity: Identity): boolean =>
  JSON.stringify(expected) === JSON.stringify(withoutOverrides(identity));

/** What is allowed differs from action to action, and is asked for with each. */
function withoutOverrides(identity: Identity): Identity {
  if (identity.overrides === undefined) return identity;
  const { overrides: _overrides, ...rest } = identity;
  return rest;
}
