import type { Database } from './db.ts';

/** After a lost or refused connection; who listens looks for itself meanwhile. */
const reconnect_ms = 5_000;

/** Hears what is announced, in words of the one who announces; undefined where something may have been missed. */
export type Heard = (announced: string | undefined) => void;

/**
 * What the database announces on a channel (NOTIFY), heard on one connection of its own while anybody listens. Nothing depends on
 * it: behind a pooler nothing may be heard at all, so whoever listens looks now and then besides.
 */
export class Announcements {
  readonly #db: Pick<Database, 'connect'>;
  readonly #channel: string;
  readonly #listeners = new Set<Heard>();
  /** Ends the connection there is, or the one that is being made. */
  #hangUp: (() => void) | undefined;

  constructor(db: Pick<Database, 'connect'>, channel: string) {
    if (!/^[a-z_]+$/.test(channel)) throw new Error(`${channel} is no name of a channel`);
    this.#db = db;
    this.#channel = channel;
  }

  /** Begins to listen; what comes back ends it. The last one to end hangs up. */
  listen(heard: Heard): () => void {
    // A listener of its own each time, however often one function listens.
    const listener: Heard = announced => heard(announced);
    this.#listeners.add(listener);
    this.#hangUp ??= this.#keepConnected();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#hangUp?.();
      this.#hangUp = undefined;
    };
  }

  #tell(announced: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(announced);
  }

  #keepConnected(): () => void {
    let isOver = false;
    let end = () => {};
    const again = () => {
      const timer = setTimeout(() => void connect(), reconnect_ms).unref();
      end = () => clearTimeout(timer);
    };
    const connect = async () => {
      try {
        const client = await this.#db.connect();
        end = () => void client.end().catch(() => undefined);
        client.on('error', () => undefined);
        client.once('end', () => {
          if (!isOver) again();
        });
        client.on('notification', ({ payload }) => this.#tell(payload));
        if (isOver) return end();
        await client.query(`listen ${this.#channel}`);
        this.#tell(undefined);
      } catch {
        if (!isOver) again();
      }
    };
    void connect();
    return () => {
      isOver = true;
      end();
    };
  }
}
