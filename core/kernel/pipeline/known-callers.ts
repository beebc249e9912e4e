import { isDeepStrictEqual } from 'node:util';
import { keyOfCaller } from './authenticate.ts';
import type { Caller, Identity } from './context.ts';

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

  keep(caller: Caller, { overrides: _overrides, ...identity }: Identity): void {
    if (caller.via !== 'key') return;
    const key = keyOfCaller(caller);
    this.#known.delete(key);
    this.#known.set(key, identity);
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

/** Whether somebody is who was expected, in everything that is known of them. */
export const isSame = (expected: Identity, { overrides: _overrides, ...identity }: Identity): boolean =>
  isDeepStrictEqual(expected, identity);
