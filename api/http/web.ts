import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Answers } from './envelope.ts';
import { pageHeaders } from './page-headers.ts';
import { noRoute } from './rest.ts';
import { traceOf } from './trace.ts';

interface WebOptions {
  /** Where people reach the server, without a slash at the end. */
  baseUrl: string;
  pages?: RequestHandler;
}

/** The pages, and the refusal of every address that nothing has. */
export function createWeb({ baseUrl, pages }: WebOptions, answers: Answers): express.Express {
  const web = express();
  // Answers are never cached, so nothing would be compared with an etag.
  web.disable('etag');
  web.disable('x-powered-by');
  web.use((request, _response, next) => {
    // Express would read it from headers anybody can send.
    Object.defineProperty(request, 'ip', { value: traceOf(request).ip });
    next();
  });
  web.use(pageHeaders(baseUrl));
  if (pages) web.use(pages);
  web.use((request, response) => {
    answers.refuse(request, response, noRoute(request.method, request.originalUrl, []));
  });
  web.use(refuseWith(answers));
  return web;
}

// Express tells an error handler by its four parameters.
const refuseWith =
  (answers: Answers): ErrorRequestHandler =>
  (error, request, response, _next) =>
    answers.refuse(request, response, error);
