import type { McpServerFactory } from '@modelcontextprotocol/server';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { budgets } from '../core/kernel/words/budgets.ts';
import type { McpFetch } from './plain-calls.ts';
import { HttpSession } from './tool.ts';
import { OwnBus, Places, type WatchUris } from './watch.ts';

const listening = z.looseObject({
  jsonrpc: z.literal('2.0'),
  method: z.literal('subscriptions/listen'),
  params: z.looseObject({
    notifications: z.looseObject({ resourceSubscriptions: z.array(z.string()) }),
  }),
});
type Listening = z.output<typeof listening>;

export interface ListenOptions {
  factory: McpServerFactory;
  watch: WatchUris;
  /** Everything that is no request to listen. */
  otherwise: McpFetch;
  onerror?: (error: Error) => void;
}

/**
 * Serves requests to listen (`subscriptions/listen`): each is a stream of its own that hears of the resources it named, as far as
 * its credential may read them; the acknowledgement says which. It ends with its client, and when the credential does. Who listens
 * in too many places, or to too much, is refused by the protocol's own words.
 */
export function serveListening({ factory, watch, otherwise, onerror }: ListenOptions): McpFetch {
  const places = new Places({ ofOne: budgets.watches, ofAll: budgets.watches_of_all });
  const report = onerror === undefined ? {} : { onerror };
  return async (request, options) => {
    const asked = asksToListen(options.parsedBody) ? listening.safeParse(options.parsedBody).data : undefined;
    const { authInfo } = options;
    if (!asked || authInfo === undefined) return otherwise(request, options);
    const wanted = asked.params.notifications.resourceSubscriptions;
    const leave = wanted.length > budgets.watched_rows ? undefined : places.take(authInfo.token);
    if (!leave) return createMcpHandler(factory, { maxSubscriptions: 0, ...report }).fetch(request, options);
    try {
      const signal = request.signal;
      let close = () => {};
      const bus = new OwnBus({
        begin: () => watched.begin(),
        end: () => {
          watched.stop();
          leave();
        },
      });
      const watched = await watch(wanted, new HttpSession(authInfo, () => signal), {
        updated: uri => bus.publish({ kind: 'resource_updated', uri }),
        ended: () => close(),
      });
      const handler = createMcpHandler(factory, { bus, maxSubscriptions: 1, ...report });
      close = () => void handler.close();
      const response = await handler.fetch(request, {
        ...options,
        parsedBody: withUris(asked, watched.uris),
      });
      // Refused by the protocol, or nothing to listen to: nobody will say that it ended.
      if (!bus.isHeard) {
        watched.stop();
        leave();
      }
      return response;
    } catch (error) {
      leave();
      throw error;
    }
  };
}

/** Told by the method alone: to find out of every other call why it is no such request took longer than its own checks. */
const asksToListen = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'method' in body && body.method === 'subscriptions/listen';

const withUris = (asked: Listening, uris: readonly string[]): Listening => ({
  ...asked,
  params: {
    ...asked.params,
    notifications: { ...asked.params.notifications, resourceSubscriptions: [...uris] },
  },
});
