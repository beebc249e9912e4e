import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import type { SaidByLink } from '../../core/kernel/outside/link-page.ts';
import { DeskhandError, type WireError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { readFields } from './body.ts';
import { type Answers, headersOf } from './envelope.ts';
import { type Limits, limitLinkUse, limitWorthless } from './limits.ts';
import { donePage, linkPage, linkPageHeaders, nothingPage } from './link-page.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  token: string;
}

/** More than anybody writes there: a thousand characters, each in the longest way a form can send it. */
const limit_bytes = 16_384;

/**
 * The links of customers, `/<path>/<token>`, as the domains registered them: GET shows and changes nothing, POST does it.
 * Unknown, used and expired ones get one same page. False when it is another address.
 */
export function serveLinks(
  app: App,
  answers: Answers,
  limits?: Limits,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const paths = new Set([...app.registry.links.values()].map(({ path }) => path));
  const countWorthless = limitWorthless(limits);
  const countUse = limitLinkUse(limits);
  const worthless = (visit: Visit) => {
    countWorthless(visit.request);
    send(visit, 404, nothingPage('This link is over', overWords));
  };
  const refuse = (visit: Visit, error: unknown) => {
    const wire = answers.describe(visit.request, error);
    send(visit, wire.status, nothingPage('This did not work', wordsOf(wire)), headersOf(wire));
  };
  const serve = async (visit: Visit, acts: boolean): Promise<void> => {
    if (!/^[\w-]{43}$/.test(visit.token))
      throw new DeskhandError('UNAUTHENTICATED', 'This is no link of ours.');
    countUse(visit.token);
    if (!acts) return show(app, visit);
    const said = isForm(visit.request) ? textsOf(await readFields(visit.request, limit_bytes)) : {};
    await act(app, visit, said).catch((error: unknown) => askAgain(app, visit, { said, error }));
  };
  return (request, response) => {
    const [, path = '', token = '', more] = request.url?.split('?', 1)[0]?.split('/') ?? [];
    if (!paths.has(path) || more !== undefined) return false;
    // The pattern, because the address itself is the secret.
    traceOf(request).route = `/${path}/:token`;
    const { method = '' } = request;
    const visit = { request, response, path, token };
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      const methods = ['GET', 'POST'];
      answers.refuse(request, response, noRoute(method, `/${path}/:token`, methods), { allow: 'GET, POST' });
      return true;
    }
    serve(visit, method === 'POST')
      .catch((error: unknown) => {
        if (!(error instanceof DeskhandError && error.code === 'UNAUTHENTICATED')) throw error;
        worthless(visit);
      })
      .catch((error: unknown) => refuse(visit, error));
    return true;
  };
}

async function show(app: App, visit: Visit): Promise<void> {
  const { request, path, token } = visit;
  const { page } = await app.openLink({ path, token }, factsOf(request));
  send(visit, 200, linkPage(page, { said: askedFor(request) }));
}

async function act(app: App, visit: Visit, said: SaidByLink): Promise<void> {
  const { request, path, token } = visit;
  const { page, done, call } = await app.openLink({ path, token, said }, factsOf(request));
  const { data } = await app.execute({ via: 'link', token }, call, factsOf(request));
  send(visit, 200, donePage(page, typeof done === 'function' ? done(data) : done));
}

/** Where there was something to choose or to write, the page comes back with what was typed, and with what to change. */
async function askAgain(
  app: App,
  visit: Visit,
  { said, error }: { said: SaidByLink; error: unknown },
): Promise<void> {
  if (!(error instanceof DeskhandError && canBeMended.has(error.code))) throw error;
  const { request, path, token } = visit;
  const { page } = await app.openLink({ path, token }, factsOf(request));
  if (page.button !== undefined) throw error;
  send(visit, error.status, linkPage(page, { said, problem: error.message }));
}

const canBeMended = new Set(['VALIDATION_ERROR', 'CONFLICT', 'INVALID_STATE', 'TICKET_CLOSED']);

const overWords =
  'This link is not valid (any more). If it is about an appointment, please look for our newest e-mail, or call us. If you stopped our e-mails with it, they are stopped.';

const wordsOf = ({ code }: WireError): string => {
  if (code === 'RATE_LIMITED') return 'Please wait a minute. Then try again.';
  if (code === 'PAYLOAD_TOO_LARGE') return 'This is too long. Please go back and shorten it.';
  return 'Something went wrong on our side. Please try again in a minute.';
};

/** A button alone says nothing, and a program that presses it sends what it likes. */
const isForm = ({ headers }: IncomingMessage): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

/** What the address says is chosen. */
const askedFor = ({ url = '' }: IncomingMessage): SaidByLink =>
  Object.fromEntries(new URLSearchParams(url.split('?').slice(1).join('?')));

const textsOf = (fields: Readonly<Record<string, unknown>>): SaidByLink =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function send(
  { request, response }: Visit,
  status: number,
  text: string,
  headers: Record<string, string> = {},
) {
  if (response.destroyed || response.headersSent) return;
  // What is left of a body nobody reads is read away, so that the connection can go on.
  request.resume();
  response.writeHead(status, {
    ...linkPageHeaders,
    ...headers,
    'x-robots-tag': 'noindex, nofollow',
    'x-request-id': requestIdOf(request),
    'content-length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
