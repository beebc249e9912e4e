import type { IncomingMessage } from 'node:http';
import { DeskhandError } from '../../core/kernel/words/errors.ts';

export const isHttps = (baseUrl: string): boolean => new URL(baseUrl).protocol === 'https:';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests under a foreign name and from foreign pages: a page of another web site whose name was pointed at
 * this machine (DNS rebinding) has the right address but the wrong Host. The answer throws FORBIDDEN. `anyPage` is for what
 * pages of other web sites are meant to call: it knows nobody by a cookie.
 */
export function checkAddress(baseUrl: string): (request: IncomingMessage, anyPage?: boolean) => void {
  const names = new Set([new URL(baseUrl).hostname.toLowerCase(), ...loopback]);
  return (request, anyPage = false) => {
    const { host, origin } = request.headers;
    if (!names.has(hostname(host) ?? '')) {
      throw new DeskhandError('FORBIDDEN', 'This server is not reached by that name.', {
        hint: `Use one of these names: ${[...names].join(', ')}; the owner sets another one with BASE_URL.`,
      });
    }
    if (!anyPage && origin !== undefined && !isOurs(origin, request, names)) {
      throw new DeskhandError('FORBIDDEN', 'Pages of other web sites may not call this server.', {
        hint: 'Call it from a program instead of a web page.',
      });
    }
  };
}

/** Whether a browser says that the request comes from a page of this very server. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  // Browsers send it to https and to loopback names; no page can set it.
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = request.headers;
  return origin !== undefined && host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}

function isOurs(origin: string, request: IncomingMessage, names: ReadonlySet<string>): boolean {
  if (origin !== 'null') return names.has(URL.parse(origin)?.hostname ?? '');
  // Our own forms send "null" too, because our pages say no-referrer.
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin';
}

function hostname(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:\s/@[\]]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}
