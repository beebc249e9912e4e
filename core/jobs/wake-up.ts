import { messageOf } from '../kernel/words/message-of.ts';
import type { WorkerOptions } from './worker-options.ts';

/** After a lost connection to hear on; a server that restarts is back by then, and jobs are looked for meanwhile. */
const reconnect_ms = 1_000;
/** After one that was refused: the server is away for longer, and each try says so in the log. */
const refused_ms = 10_000;

/** Hears NOTIFY on a connection of its own; comes back by itself when that is lost. Answers how to hang up. */
export async function listen(
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
export class Bell {
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
