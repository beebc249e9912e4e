import type { CookieOptions, Request, Response } from 'express';

/**
 * Reads and writes our cookies. On https they carry the `__Host-` prefix, which no subdomain can plant; a browser
 * refuses that prefix on plain http, so there the names are plain (security.md).
 */
export interface Cookies {
  read(request: Request, name: CookieName): string | undefined;
  write(response: Response, name: CookieName, value: string, seconds: number): void;
  clear(response: Response, name: CookieName): void;
}

/** The session's secret; that of the browser that asked for a link; where to go after signing in; what to say on the next page. */
export type CookieName = 'session' | 'asker' | 'next' | 'flash';

export function cookiesOf(baseUrl: string): Cookies {
  const secure = baseUrl.startsWith('https:');
  const fullName = (name: CookieName) => `${secure ? '__Host-' : ''}deskhand_${name}`;
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure };
  return {
    read: (request, name) => find(request.get('cookie') ?? '', fullName(name)),
    write: (response, name, value, seconds) => {
      response.cookie(fullName(name), value, { ...options, maxAge: seconds * 1000 });
    },
    clear: (response, name) => {
      response.clearCookie(fullName(name), options);
    },
  };
}

function find(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return decode(value);
  }
  return undefined;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
