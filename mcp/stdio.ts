import type { JSONRPCMessage, Server, Transport } from '@modelcontextprotocol/server';
import { isJSONRPCNotification, isJSONRPCRequest } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { newId } from '../core/kernel/database/ids.ts';
import { budgets } from '../core/kernel/words/budgets.ts';
import { createMcpServerFactory, type McpServerOptions } from './server.ts';
import type { WatchUris } from './watch.ts';

export type McpStdioOptions = McpServerOptions & {
  /** The key the whole connection acts with. */
  credential: string;
};

/**
 * Serves one client over this process's stdin and stdout, both protocol eras; resolves when the client has closed its
 * end. Only protocol may go to stdout, and libraries do not know that: whatever is printed with `console` from here on
 * goes to stderr.
 */
export async function serveMcpStdio(options: McpStdioOptions): Promise<void> {
  sendConsoleToStderr();
  const closed = new Promise<unknown>(resolve => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
  });
  const make = createMcpServerFactory(options);
  let server: Server | undefined;
  const transport = new StdioServerTransport();
  const listeners = options.watch
    ? new Listeners(options.watch, options.credential, uri => server?.sendResourceUpdated({ uri }))
    : undefined;
  const connection = serveStdio(
    context => {
      const made = make(context);
      server = made;
      return made;
    },
    {
      maxSubscriptions: listeners ? budgets.watches : 0,
      transport: listeners ? overheard(transport, message => listeners.hear(message)) : transport,
    },
  );
  await closed;
  listeners?.stop();
  await connection.close();
}

/** The transport, with an ear for what comes in before it is answered. */
function overheard(transport: Transport, hear: (message: JSONRPCMessage) => void): Transport {
  return new Proxy(transport, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' && name !== 'onmessage' ? member.bind(target) : member;
    },
    set(target, name, value: unknown) {
      if (name !== 'onmessage' || typeof value !== 'function')
        return Reflect.set(target, name, value, target);
      return Reflect.set(
        target,
        name,
        (message: JSONRPCMessage, extra: unknown) => {
          Reflect.apply(value, target, [message, extra]);
          hear(message);
        },
        target,
      );
    },
  });
}

const asked = z.object({
  notifications: z.looseObject({ resourceSubscriptions: z.array(z.string()).max(budgets.watched_rows) }),
});
const cancelled = z.object({ requestId: z.union([z.string(), z.number()]) });

/**
 * What the client of a connection listens to (`subscriptions/listen` of the newest revision). The SDK knows who is to be told of
 * what; here is what is watched, as far as the key of the connection may read it.
 */
class Listeners {
  readonly #watch: WatchUris;
  readonly #credential: string;
  readonly #tell: (uri: string) => Promise<void> | undefined;
  readonly #open = new Map<string | number, () => void>();

  constructor(watch: WatchUris, credential: string, tell: (uri: string) => Promise<void> | undefined) {
    this.#watch = watch;
    this.#credential = credential;
    this.#tell = tell;
  }

  hear(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method === 'subscriptions/listen') {
      const uris = asked.safeParse(message.params).data?.notifications.resourceSubscriptions;
      if (uris && this.#open.size < budgets.watches) void this.#begin(message.id, uris);
    }
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return;
    const id = cancelled.safeParse(message.params).data?.requestId;
    if (id !== undefined) this.#end(id);
  }

  stop(): void {
    for (const id of [...this.#open.keys()]) this.#end(id);
  }

  #end(id: string | number): void {
    this.#open.get(id)?.();
    this.#open.delete(id);
  }

  async #begin(id: string | number, uris: readonly string[]): Promise<void> {
    let isOver = false;
    this.#open.set(id, () => {
      isOver = true;
    });
    const session = {
      credential: this.#credential,
      request_id: newId(),
      signal: new AbortController().signal,
    };
    try {
      const watched = await this.#watch(uris, session, {
        updated: uri => void this.#tell(uri)?.catch(() => undefined),
        ended: () => this.#end(id),
      });
      if (isOver) return watched.stop();
      this.#open.set(id, watched.stop);
      watched.begin();
    } catch (error) {
      this.#open.delete(id);
      console.error('nothing is watched for now', error instanceof Error ? error.message : error);
    }
  }
}

function sendConsoleToStderr(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
}
