import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey } from '../../core/kernel/outside/spans.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { noProxies, type TrustedProxies } from './client-address.ts';

/** How long a connection may take to say what it wants, and how many of them one address may have. */
export const patience = {
  headers_ms: 5_000,
  /** The whole request, its body included. */
  request_ms: 10_000,
  /** Longer than clients and proxies keep a connection (a minute): else we close one while a call is on its way. */
  idle_ms: 75_000,
  per_address: 256,
} as const;

export interface ListenerOptions {
  /** They bring the calls of many, so their connections are not counted. */
  proxies?: TrustedProxies;
  patience?: Partial<Record<keyof typeof patience, number>>;
}

/** The server under the whole of Deskhand: whoever sends slowly or opens connections without end costs nobody else theirs. */
export function createListener({ proxies = noProxies, patience: own = {} }: ListenerOptions = {}): Server {
  const limits = { ...patience, ...own };
  const server = createServer({
    headersTimeout: limits.headers_ms,
    requestTimeout: limits.request_ms,
    keepAliveTimeout: limits.idle_ms,
    connectionsCheckingInterval: Math.min(1_000, limits.headers_ms / 5),
    maxHeaderSize: 16 * 1024,
  });
  const busy = new WeakSet<Socket>();
  server.on('request', (request, response) => {
    busy.add(request.socket);
    response.once('close', () => busy.delete(request.socket));
  });
  countConnections(server, { proxies, most: limits.per_address, isBusy: socket => busy.has(socket) });
  return server;
}

/** Of an address with too many connections, the one that has said nothing for longest ends, not the one that comes. */
function countConnections(
  server: Server,
  { proxies, most, isBusy }: { proxies: TrustedProxies; most: number; isBusy: (socket: Socket) => boolean },
): void {
  const byAddress = new Map<string, Set<Socket>>();
  server.on('connection', socket => {
    const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '');
    if (address === undefined || proxies.has(address)) return;
    const key = addressKey(address);
    const open = byAddress.get(key) ?? new Set<Socket>();
    byAddress.set(key, open);
    if (open.size >= most) ([...open].find(other => !isBusy(other)) ?? socket).destroy();
    if (socket.destroyed) return;
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size === 0 && byAddress.get(key) === open) byAddress.delete(key);
    });
  });
}

/**
 * Refuses a request with two `Host` headers: what stands in front of us may have looked at the other one. Two lengths, or
 * a length and a transfer coding, Node refuses itself. Throws VALIDATION_ERROR.
 */
export function requireOneHost(rawHeaders: readonly string[]): void {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts <= 1) return;
  throw new DeskhandError('VALIDATION_ERROR', 'A request has one Host header.', { field: 'Host' });
}
