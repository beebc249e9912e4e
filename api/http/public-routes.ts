import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import type { PublicRoute } from '../../core/kernel/outside/public-route.ts';
import {
  createPuzzles,
  type Puzzle,
  type Puzzles,
  puzzleFields,
  readPuzzleAnswer,
} from '../../core/kernel/outside/puzzles.ts';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import { DeskhandError, type WireError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { readFields } from './body.ts';
import { type Answers, headersOf } from './envelope.ts';
import { formPageHeaders, puzzlePageHeaders, refusalPage, thanksPage, tryAgainPage } from './form-page.ts';
import { type Limits, limitInquiries } from './limits.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

/**
 * The addresses any page of any web site may post to, as the domains registered them. Answers undefined for every other
 * request; else how to serve it, once its address has been checked. JSON gets JSON; a plain HTML form gets a page.
 */
export function findPublicRoute(
  app: App,
  answers: Answers,
  { limits, puzzles = createPuzzles() }: { limits?: Limits; puzzles?: Puzzles },
): (request: IncomingMessage) => ((response: ServerResponse) => void) | undefined {
  const routes = new Map(
    app.registry.routes.map(route => [
      route.path,
      { route, puzzles, limit: limitInquiries(limits, route.per_minute) },
    ]),
  );
  return request => {
    const found = routes.get(request.url?.split('?', 1)[0] ?? '');
    return found && (response => serveRoute(app, { answers, found, request, response }));
  };
}

interface Limited {
  route: PublicRoute;
  limit: ReturnType<typeof limitInquiries>;
  puzzles: Puzzles;
}

function serveRoute(
  app: App,
  {
    answers,
    found,
    request,
    response,
  }: { answers: Answers; found: Limited; request: IncomingMessage; response: ServerResponse },
): void {
  const { route } = found;
  const { path } = route;
  traceOf(request).route = path;
  const { method = '' } = request;
  if (method === 'OPTIONS') {
    allowPages(route, response);
    return;
  }
  if (method !== 'POST') {
    answers.refuse(request, response, noRoute(method, path, ['POST']), { allow: 'POST, OPTIONS' });
    return;
  }
  const arrival: Arrival = { route, request, response, answers, typed: {}, key: '' };
  takeIn(app, found, arrival).then(
    () => thank(arrival),
    (error: unknown) => refuse(arrival, error),
  );
}

/** One inquiry on its way in. */
interface Arrival {
  route: PublicRoute;
  request: IncomingMessage;
  response: ServerResponse;
  answers: Answers;
  /** What was read so far, so that nothing that was typed is lost. */
  typed: Record<string, string>;
  key: string;
  /** What the sender is asked before more is taken from there. */
  puzzle?: Puzzle;
}

const anyPage = { 'access-control-allow-origin': '*' };

/** The browser's question before a page of another web site sends JSON. No cookie is ever asked for. */
function allowPages({ key }: PublicRoute, response: ServerResponse): void {
  response.writeHead(204, {
    ...anyPage,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': `content-type, ${key.header}`,
    'access-control-max-age': '86400',
  });
  response.end();
}

async function takeIn(app: App, limited: Limited, arrival: Arrival): Promise<void> {
  const { request, route } = arrival;
  const { field, header, missing, unknown } = route.key;
  const { [field]: inBody, ...fields } = await readFields(request, route.limit_bytes);
  arrival.key = String(request.headers[header] ?? inBody ?? '').trim();
  // A form may have buttons and fields of its own; they are not ours.
  const taken = new Set([...route.fields.map(({ name }) => name), ...route.traps]);
  const data = Object.fromEntries(Object.entries(fields).filter(([name]) => taken.has(name)));
  for (const [name, value] of Object.entries(data)) arrival.typed[name] = String(value ?? '');
  if (arrival.key === '') {
    throw new DeskhandError('VALIDATION_ERROR', missing.message, { field, hint: missing.hint });
  }
  requireRoom(limited, arrival, fields);
  try {
    const page = pageOf(request);
    const said = { ...data, ...(page === undefined ? {} : { [route.came_from]: page }) };
    await app.execute(route.caller(arrival.key), { action: route.action, data: said }, factsOf(request));
  } catch (error) {
    // Said of a key that never was and of one that is good no more.
    throw error instanceof DeskhandError && error.code === 'UNAUTHENTICATED'
      ? new DeskhandError('NOT_FOUND', unknown.message, { field, hint: unknown.hint })
      : error;
  }
}

/**
 * While much comes in, from one address or by one form, each inquiry first costs its sender a puzzle: nobody is shut out
 * by a stranger, and a flood costs more to send than to take. Throws RATE_LIMITED with the puzzle.
 */
function requireRoom({ limit, puzzles }: Limited, arrival: Arrival, fields: Record<string, unknown>): void {
  const excess = limit.excess(arrival.request, arrival.key);
  if (excess === 0) return;
  const about = `inquiry ${hashSecret(arrival.key)}`;
  const solved = puzzles.check(about, readPuzzleAnswer(fields));
  if (solved === 'proof' || (solved === 'answer' && limit.takesAnswers(arrival.key))) return;
  arrival.puzzle = puzzles.issue(about, excess);
  const { stamp, proof } = puzzleFields;
  throw new DeskhandError('RATE_LIMITED', 'Too many inquiries came in at once.', {
    retry_after_seconds: 60,
    puzzle: arrival.puzzle,
    hint: `Wait a minute; or find a number n for which SHA-256 of "<stamp>:<n>" begins with as many zero bits as puzzle.bits says, and send the same again with ${stamp} and n as ${proof}.`,
  });
}

function thank({ route, request, response, answers }: Arrival): void {
  if (wantsPage(request))
    sendPage({ request, response, status: 202, text: thanksPage(route, pageBefore(request)) });
  else answers.data(request, response, route.answer, { status: 202, headers: anyPage });
}

function refuse(arrival: Arrival, error: unknown): void {
  const { route, request, response, answers, typed, key, puzzle } = arrival;
  const wire = answers.describe(request, error);
  const status = statusOf(route, wire);
  if (!wantsPage(request)) {
    answers.refuseAs(request, response, { ...wire, status }, anyPage);
    return;
  }
  const canRetry = key !== '' && (wire.code === 'VALIDATION_ERROR' || wire.retryable);
  const words = wordsOf(route, wire);
  const text = canRetry
    ? tryAgainPage(route, { message: words, typed, key, ...(puzzle ? { puzzle } : {}) })
    : refusalPage(words);
  const headers = { ...headersOf(wire), ...(puzzle ? puzzlePageHeaders : {}) };
  sendPage({ request, response, status, text, headers });
}

/** What a visitor typed can be read and is not enough: 422, as browsers and their pages expect. */
const statusOf = (route: PublicRoute, { code, status, field = '' }: WireError) =>
  code === 'VALIDATION_ERROR' && isTyped(route, field) ? 422 : status;

const isTyped = ({ fields, traps }: PublicRoute, field: string) =>
  fields.some(({ name }) => name === field) || traps.includes(field);

/** For visitors, who know nothing of members and retries. */
function wordsOf(route: PublicRoute, { code, message, field }: WireError): string {
  if (code === 'RATE_LIMITED')
    return 'Just now very much is coming in. Please send it once more; everything you wrote is still here.';
  if (code === 'PAYLOAD_TOO_LARGE') return 'This is too long. Please go back and shorten it.';
  if (code === 'VALIDATION_ERROR') {
    const label = route.fields.find(({ name }) => name === field)?.label;
    return label === undefined || !message.startsWith('"') ? message : `${label}: this is too long.`;
  }
  return code === 'NOT_FOUND'
    ? message
    : 'Something went wrong on our side. Please send it again in a moment.';
}

const wantsPage = ({ headers }: IncomingMessage) => /\btext\/html\b/i.test(headers.accept ?? '');

/**
 * The website the form stands on, as far as the browser says it: of another site it always says at least this. A page of ours,
 * by whatever name we are reached, is none.
 */
function pageOf(request: IncomingMessage): string | undefined {
  const { origin, host } = request.headers;
  const page = origin !== undefined && origin !== 'null' ? origin : pageBefore(request);
  return page === undefined || URL.parse(page)?.host === host ? undefined : page.slice(0, 500);
}

/** Where the form stands, as far as the browser says it. */
function pageBefore({ headers }: IncomingMessage): string | undefined {
  const url = URL.parse(headers.referer ?? '');
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}

function sendPage({
  request,
  response,
  status,
  text,
  headers = {},
}: {
  request: IncomingMessage;
  response: ServerResponse;
  status: number;
  text: string;
  headers?: Readonly<Record<string, string>>;
}): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...formPageHeaders,
    ...headers,
    'x-request-id': requestIdOf(request),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
