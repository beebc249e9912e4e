import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Caller, RequestFacts } from '../../core/kernel/pipeline/context.ts';
import type { Call } from '../../core/kernel/pipeline/invocation.ts';
import type { ReadResult } from '../../core/kernel/pipeline/read.ts';
import { writeCsv } from '../../core/kernel/records/csv.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import type { FileTools } from '../../core/kernel/registry/view.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { isLong, readJson } from './body.ts';
import { decodePercent, readActionCall, readRestCall } from './call.ts';
import { requireCredential, requireOwnPage } from './credentials.ts';
import type { Answers } from './envelope.ts';
import { readQuery, single } from './query.ts';
import { createMatcher, type Match, noRoute, type Route } from './rest.ts';
import { traceOf } from './trace.ts';

/**
 * Serves everything below `/api`. Each call is found in the routes, its caller is named, its input is put into the
 * core's words, and the core's answer into the envelope; there is no rule in here. False when it is no route of ours.
 */
export function serveApi(
  app: App,
  routes: readonly Route[],
  answers: Answers,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const matcher = createMatcher(routes);
  return (request, response) => {
    const { url = '', method: asked = '' } = request;
    const { segments, search } = readUrl(url);
    const method = asked === 'HEAD' ? 'GET' : asked;
    const match = matcher.find(method, segments);
    if (!match) {
      const methods = matcher.methods(segments);
      if (methods.length === 0) return false;
      answers.refuse(request, response, noRoute(method, url, methods), { allow: methods.join(', ') });
      return true;
    }
    traceOf(request).route = match.route.path;
    serve(app, answers, { search, request, response, ...match }).catch((error: unknown) =>
      answers.refuse(request, response, error),
    );
    return true;
  };
}

/** A request whose route is known. */
interface Arrival extends Match {
  request: IncomingMessage;
  response: ServerResponse;
  search: URLSearchParams;
}

async function serve(app: App, answers: Answers, arrival: Arrival): Promise<void> {
  const { request } = arrival;
  const credential = requireCredential(traceOf(request).credential);
  const facts = factsOf(request);
  if (arrival.route.method === 'GET')
    return read(app, answers, arrival, { caller: credential.caller, facts });
  await requireOwnPage(app, credential, request, facts);
  // A page's session is known by now. A stranger's long body is neither read nor looked at.
  if (credential.caller.via === 'key' && isLong(request)) await app.whoIs(credential.caller, facts);
  const call = readCall(arrival, await readJson(request));
  answers.outcome(request, arrival.response, await app.execute(credential.caller, call, facts));
}

function readCall({ route, id, search, request }: Arrival, body: Record<string, unknown>): Call {
  const { target } = route;
  if (target.kind === 'actions') return readActionCall(body, request, search);
  if (target.kind !== 'run') throw new Error(`${route.path} cannot be written`);
  const { action, member } = target;
  const aim = member === undefined || id === undefined ? undefined : { member, id: decodePercent(id, 'id') };
  return readRestCall({ action, body, target: aim, request, search });
}

async function read(
  app: App,
  answers: Answers,
  { route, id, search, request, response }: Arrival,
  { caller, facts }: { caller: Caller; facts: RequestFacts },
): Promise<void> {
  const { target } = route;
  const readAs: FileTools['read'] = async (type, query) => (await app.read(caller, type, query, facts)).rows;
  if (target.kind === 'capabilities') {
    const { domain } = parseInput(domainQuery, domainSchema, Object.fromEntries(search));
    return answers.data(request, response, { ...(await app.capabilities(caller, facts, domain)) });
  }
  if (target.kind === 'data') {
    const type = requireType(app, search);
    const query = readQuery(search, 'type');
    const result = await app.read(caller, type, query, facts);
    return answerRows(app, answers, { type, query, search, result, request, response, read: readAs });
  }
  if (target.kind !== 'view') throw new Error(`${route.path} cannot be read`);
  const query = readQuery(search);
  if (id !== undefined && query.id !== undefined) throw invalid('id', 'The path names the record already.');
  const wanted = id === undefined ? query : { ...query, id: decodePercent(id, 'id') };
  const result = await app.read(caller, target.type, wanted, facts);
  return answerRows(app, answers, {
    type: target.type,
    query: wanted,
    search,
    result,
    request,
    response,
    read: readAs,
  });
}

interface Answered {
  type: string;
  query: ReadQuery;
  search: URLSearchParams;
  result: ReadResult;
  request: IncomingMessage;
  response: ServerResponse;
  /** Reads as the same caller. */
  read: FileTools['read'];
}

/**
 * Rows in the envelope, as CSV, or the one row as the file it is, as `format` asks for it. Throws VALIDATION_ERROR for another
 * format.
 */
async function answerRows(app: App, answers: Answers, answered: Answered): Promise<void> {
  const { type, query, search, result, request, response, read } = answered;
  const format = single(search, 'format') ?? 'json';
  const { file } = app.registry.view(type).spec;
  const [row] = result.rows;
  if (format === 'json') answers.rows(request, response, result, query.id !== undefined);
  else if (format === 'csv') answerCsv(app, answers, answered);
  else if (file?.format === format && row) {
    const bytes = await file.write(row, { read });
    answers.file(request, response, { name: file.name(row), content_type: file.content_type, bytes });
  } else {
    const formats = ['json', 'csv', ...(file ? [file.format] : [])];
    throw invalid('format', `format is ${formats.join(' or ')}.`, {
      got: format.slice(0, 40),
      valid_options: formats,
    });
  }
}

function answerCsv(app: App, answers: Answers, { type, query, result, request, response }: Answered): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  const { spec } = app.registry.view(type);
  const all = Object.keys(spec.row.shape);
  const wanted = query.fields ?? (query.id === undefined ? (spec.default_fields ?? all) : all);
  if (result.next_cursor !== undefined) url.searchParams.set('cursor', result.next_cursor);
  const next = result.next_cursor === undefined ? undefined : `${url.pathname}${url.search}`;
  const columns = all.filter(name => wanted.includes(name));
  answers.csv(request, response, writeCsv(columns, result.rows), next);
}

const domainQuery = z.strictObject({ domain: z.string().max(60).optional() });
const domainSchema = jsonSchemaOf(domainQuery, 'input');

function requireType(app: App, search: URLSearchParams): string {
  const type = single(search, 'type');
  if (type !== undefined) return type.replaceAll('-', '_');
  throw invalid('type', '"type" is missing.', {
    valid_options: [...app.registry.views.keys()],
    hint: 'Say which data is wanted: GET /api/data?type=contacts.',
  });
}

/** What of a request goes into the history. */
export function factsOf(request: IncomingMessage): RequestFacts {
  const { request_id, ip } = traceOf(request);
  const agent = request.headers['user-agent'];
  return {
    request_id,
    ...(ip === '' ? {} : { ip_address: ip }),
    ...(agent === undefined ? {} : { user_agent: agent.slice(0, 200) }),
  };
}

/** The words of the path after `/api/`, and the query. */
function readUrl(url: string): { segments: string[]; search: URLSearchParams } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const segments = path.split('/').slice(2);
  if (segments.at(-1) === '') segments.pop();
  return { segments, search: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) };
}
