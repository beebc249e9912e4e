import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { budgets } from '../core/kernel/words/budgets.ts';
import { quoteStart } from '../core/kernel/words/quote.ts';
import type { McpSession } from './tool.ts';
import type { WatchedUris, WatchUris } from './watch.ts';

interface Subscribing {
  watch: WatchUris;
  sessionOf: (context: ServerContext) => McpSession;
}

/**
 * Answers `resources/subscribe` and `resources/unsubscribe` of the revisions before the newest, on a connection that stays: its
 * client is told of each address it named, until it is closed.
 */
export function serveSubscriptions(server: Server, { watch, sessionOf }: Subscribing): void {
  const watched = new Map<string, WatchedUris | undefined>();
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, context) => {
    if (watched.has(uri)) return {};
    if (watched.size >= budgets.watched_rows)
      throw refusal(`At most ${budgets.watched_rows} are watched at once.`);
    watched.set(uri, undefined);
    const begun = await watch([uri], sessionOf(context), {
      updated: changed => void server.sendResourceUpdated({ uri: changed }).catch(() => undefined),
      ended: () => watched.delete(uri),
    }).catch(error => {
      watched.delete(uri);
      throw error;
    });
    if (begun.uris.length === 0) {
      watched.delete(uri);
      throw refusal(
        `${quoteStart(uri, 100)} is not watched: requests of your own are, such as deskhand://R-12.`,
      );
    }
    watched.set(uri, begun);
    setImmediate(begun.begin);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    watched.get(uri)?.stop();
    watched.delete(uri);
    return {};
  });
  server.onclose = () => {
    for (const each of watched.values()) each?.stop();
    watched.clear();
  };
}

const refusal = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
