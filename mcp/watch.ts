import { createHash } from 'node:crypto';
import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { McpSession } from './tool.ts';

// Who listens to resources (`subscriptions/listen` of the newest revision, `resources/subscribe` before) hears of them alone, and
// only of those their own credential may read.

/** Addresses that are watched for one client. */
export interface WatchedUris {
  /** Those that can be watched with this credential. */
  readonly uris: readonly string[];
  begin(): void;
  stop(): void;
}

/** Watches what is behind addresses; the resources know, the protocol does not. Throws where nobody can be asked now. */
export type WatchUris = (
  uris: readonly string[],
  session: McpSession,
  heard: { updated(uri: string): void; ended(): void },
) => Promise<WatchedUris>;

/** How many listen at the same time: of one credential, and of all. */
export class Places {
  readonly #most: { ofOne: number; ofAll: number };
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(most: { ofOne: number; ofAll: number }) {
    this.#most = most;
  }

  /** A place, and how it is given back; undefined when there is none. */
  take(credential: string): (() => void) | undefined {
    const who = createHash('sha256').update(credential).digest('base64url');
    const own = this.#taken.get(who) ?? 0;
    if (own >= this.#most.ofOne || this.#all >= this.#most.ofAll) return undefined;
    this.#taken.set(who, own + 1);
    this.#all += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#all -= 1;
      const left = (this.#taken.get(who) ?? 1) - 1;
      if (left > 0) this.#taken.set(who, left);
      else this.#taken.delete(who);
    };
  }

  /** How many listen now. */
  get taken(): number {
    return this.#all;
  }
}

/** What one stream hears. `begin` is called when it has begun, `end` when its client is gone. */
export class OwnBus implements ServerEventBus {
  #listener: ((event: ServerEvent) => void) | undefined;
  readonly #on: { begin(): void; end(): void };

  constructor(on: { begin(): void; end(): void }) {
    this.#on = on;
  }

  /** Whether somebody listens. */
  get isHeard(): boolean {
    return this.#listener !== undefined;
  }

  publish(event: ServerEvent): void {
    this.#listener?.(event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listener = listener;
    this.#on.begin();
    return () => {
      this.#listener = undefined;
      this.#on.end();
    };
  }
}
