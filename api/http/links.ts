import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { App } from '../../core/app.ts';
import type { LeadsTo, LinkPage, SaidByLink } from '../../core/kernel/outside/link-page.ts';
import { DeskhandError, type WireError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { readFields } from './body.ts';
import { type Answers, headersOf } from './envelope.ts';
import { formPageHeaders } from './form-page.ts';
import { type Limits, limitLinkUse, limitWorthless } from './limits.ts';
import { donePage, headersOfLinkPage, linkPage, nothingPage } from './link-page.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  token: string;
  /** What is asked for behind the address, when not the page itself. */
  file: string | undefined;
  /** Where else its buttons may lead. */
  leads_to: readonly string[];
}

const zip = promisify(gzip);

/** More than anybody writes there: a thousand characters, each in the longest way a form can send it. */
const limit_bytes = 16_384;

/**
 * The links of customers, `/<path>/<token>`, and the files behind them, as the domains registered them: GET shows and changes
 * nothing, POST does it. Unknown, used and expired ones get one same page. False when it is another address.
 */
export function serveLinks(
  app: App,
  answers: Answers,
  { baseUrl, limits }: { baseUrl: string; limits?: Limits | undefined },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const known = new Map([...app.registry.links.values()].map(link => [link.path, link]));
  const countWorthless = limitWorthless(limits);
  const countUse = limitLinkUse(limits);
  const worthless = (arrival: Arrival) => {
    countWorthless(arrival.request);
    return sendPage(arrival, 404, nothingPage('This link is over', overWords));
  };
  const refuse = (arrival: Arrival, error: unknown) => {
    const wire = answers.describe(arrival.request, error);
    return sendPage(arrival, wire.status, nothingPage('This did not work', wordsOf(wire)), headersOf(wire));
  };
  const serve = async (arrival: Arrival, acts: boolean): Promise<void> => {
    if (!/^[\w-]{43}$/.test(arrival.token))
      throw new DeskhandError('UNAUTHENTICATED', 'This is no link of ours.');
    countUse(arrival.token);
    if (arrival.file !== undefined) return sendFile(app, arrival, arrival.file);
    if (!acts) return show(app, arrival);
    const said = isForm(arrival.request) ? textsOf(await readFields(arrival.request, limit_bytes)) : {};
    await act(app, arrival, { said, baseUrl }).catch((error: unknown) =>
      askAgain(app, arrival, { said, error }),
    );
  };
  return (request, response) => {
    const [, path = '', token = '', file, more] = request.url?.split('?', 1)[0]?.split('/') ?? [];
    const link = known.get(path);
    if (!link || more !== undefined || (file !== undefined && !Object.hasOwn(link.files ?? {}, file)))
      return false;
    // The pattern, because the address itself is the secret.
    const route = `/${path}/:token${file === undefined ? '' : `/${file}`}`;
    traceOf(request).route = route;
    const { method = '' } = request;
    const leads_to = link.leads_out ? outside(baseUrl) : [];
    const arrival = { request, response, path, token, file, leads_to };
    const methods = file === undefined ? ['GET', 'POST'] : ['GET'];
    if (!['HEAD', ...methods].includes(method)) {
      answers.refuse(request, response, noRoute(method, route, methods), { allow: methods.join(', ') });
      return true;
    }
    serve(arrival, method === 'POST')
      .catch((error: unknown) => {
        if (!(error instanceof DeskhandError && error.code === 'UNAUTHENTICATED')) throw error;
        return worthless(arrival);
      })
      .catch((error: unknown) => refuse(arrival, error));
    return true;
  };
}

const addressOf = ({ path, token }: Arrival): string => `/${path}/${token}`;

async function show(app: App, arrival: Arrival): Promise<void> {
  const { request, path, token } = arrival;
  const asked = askedFor(request);
  const { page } = await app.openLink({ path, token, asked }, factsOf(request));
  await sendPage(arrival, 200, linkPage(page, { said: asked, at: addressOf(arrival) }));
}

async function sendFile(app: App, arrival: Arrival, name: string): Promise<void> {
  const { request, path, token } = arrival;
  const file = await app.openLinkFile({ path, token }, name, factsOf(request));
  const bytes = await file.write();
  send(arrival, 200, bytes, {
    'content-type': file.content_type,
    'content-disposition': `inline; filename="${file.name}"`,
  });
}

async function act(
  app: App,
  arrival: Arrival,
  { said, baseUrl }: { said: SaidByLink; baseUrl: string },
): Promise<void> {
  const { request, path, token } = arrival;
  const { page, done, call } = await app.openLink({ path, token, said }, factsOf(request));
  const { data } = await app.execute({ via: 'link', token }, call, factsOf(request));
  const answer: LinkPage | LeadsTo = typeof done === 'function' ? done(data) : done;
  if (!('leads_to' in answer)) return sendPage(arrival, 200, donePage(page, answer, addressOf(arrival)));
  requireSafe(answer.leads_to, baseUrl);
  send(arrival, 303, '', { location: answer.leads_to });
}

/** Customers are led to pages by https alone; a server on one's own machine may be tried with others there. */
const outside = (baseUrl: string): string[] => [
  'https:',
  ...(isHere(new URL(baseUrl)) ? ['http://127.0.0.1:*', 'http://localhost:*'] : []),
];

function requireSafe(address: string, baseUrl: string): void {
  const to = new URL(address);
  if (to.protocol === 'https:' || (isHere(to) && isHere(new URL(baseUrl)))) return;
  throw new Error(`a button of a link led to an address that is not safe: ${to.protocol}//${to.hostname}`);
}

const isHere = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);

/** Where there was something to choose or to write, the page comes back with what was typed, and with what to change. */
async function askAgain(
  app: App,
  arrival: Arrival,
  { said, error }: { said: SaidByLink; error: unknown },
): Promise<void> {
  if (!(error instanceof DeskhandError)) throw error;
  const problem = canBeMended.has(error.code) ? error.message : mayPass.has(error.code) && later;
  if (!problem) throw error;
  const { request, path, token } = arrival;
  const { page } = await app.openLink({ path, token }, factsOf(request));
  if (page.button !== undefined) throw error;
  await sendPage(arrival, error.status, linkPage(page, { said, problem, at: addressOf(arrival) }));
}

const canBeMended = new Set(['VALIDATION_ERROR', 'CONFLICT', 'INVALID_STATE', 'TICKET_CLOSED']);

/** Somebody else's service did not answer, such as the one that takes payments. */
const mayPass = new Set(['UPSTREAM_ERROR', 'TIMEOUT', 'UNAVAILABLE']);
const later = 'This does not work right now. Please try again in a minute, or call us.';

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

/** A page, packed where the browser takes it: whoever opens it stands in a street with a phone. */
async function sendPage(
  arrival: Arrival,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const isPacked = /\bgzip\b/i.test(String(arrival.request.headers['accept-encoding'] ?? ''));
  const body = isPacked ? await zip(text) : Buffer.from(text);
  send(arrival, status, body, {
    ...headersOfLinkPage(arrival.leads_to),
    ...headers,
    vary: 'accept-encoding',
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
  });
}

function send(
  { request, response }: Arrival,
  status: number,
  body: Buffer | string,
  headers: Record<string, string>,
) {
  if (response.destroyed || response.headersSent) return;
  // What is left of a body nobody reads is read away, so that the connection can go on.
  request.resume();
  response.writeHead(status, {
    ...formPageHeaders,
    ...headers,
    'x-robots-tag': 'noindex, nofollow',
    'x-request-id': requestIdOf(request),
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
