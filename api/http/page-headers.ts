import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { isHttps } from './origin.ts';
import { requestIdOf } from './trace.ts';

/**
 * Puts the security headers on pages: scripts and styles of our own origin only, nothing inline, never in a frame.
 * Helmet works them out once; they are the same for every request.
 */
export function pageHeaders(baseUrl: string): RequestHandler {
  const fixed = Object.entries(computeHeaders(isHttps(baseUrl))).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return (request, response, next) => {
    for (const [name, value] of fixed) response.setHeader(name, value);
    response.setHeader('x-request-id', requestIdOf(request));
    next();
  };
}

function computeHeaders(https: boolean): OutgoingHttpHeaders {
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'frame-src': ["'self'"],
        'manifest-src': ["'self'"],
        'worker-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        ...(https ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    hsts: https ? { maxAge: 31_536_000 } : false,
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  secure(request, response, error => {
    if (error) throw error;
  });
  return response.getHeaders();
}
