import type { IncomingMessage, ServerResponse } from 'node:http';
import type pino from 'pino';
import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import type { ReadResult } from '../../core/kernel/pipeline/read.ts';
import { DeskhandError, describeError, type WireError } from '../../core/kernel/words/errors.ts';
import { leavesTooMuch } from './body.ts';
import { apiHeaders } from './headers.ts';
import { requestIdOf } from './trace.ts';

/** The one shape of every answer (PLT-07). Exactly one of `data` and `error` is null. */
export interface Envelope {
  success: boolean;
  data: Record<string, unknown> | null;
  error: WireError | null;
  meta: Meta & { timestamp: string; request_id: string };
}

/** What is said about the answer besides the answer. */
export interface Meta {
  warnings?: readonly string[];
  next_cursor?: string;
  /** What all rows come to. */
  totals?: Readonly<Record<string, unknown>>;
  replayed?: true;
  /** What takes it back, for `undo`; `none: ` and why when nothing does. */
  undo?: string;
}

/** Writes answers; made once per server. */
export interface Answers {
  data(
    request: IncomingMessage,
    response: ServerResponse,
    data: Record<string, unknown>,
    how?: { status?: number; meta?: Meta; headers?: Headers },
  ): void;
  /** 200 done or preview, 202 stored for a person to decide. */
  outcome(request: IncomingMessage, response: ServerResponse, outcome: Outcome): void;
  /** A list as `{rows}`, a single record as itself. */
  rows(request: IncomingMessage, response: ServerResponse, result: ReadResult, single: boolean): void;
  /** A page of rows as CSV; the way to the next page stands in the `Link` header. */
  csv(request: IncomingMessage, response: ServerResponse, text: string, next?: string): void;
  /** A row as the file it is. */
  file(request: IncomingMessage, response: ServerResponse, file: WrittenFile): void;
  /** Any error; a defect is logged with its stack and answers INTERNAL_ERROR without its text. */
  refuse(request: IncomingMessage, response: ServerResponse, error: unknown, headers?: Headers): void;
  /** What is said of an error, logged alike, for who says it in another way. */
  describe(request: IncomingMessage, error: unknown): WireError;
  refuseAs(request: IncomingMessage, response: ServerResponse, error: WireError, headers?: Headers): void;
}

type Headers = Readonly<Record<string, string>>;

interface WrittenFile {
  name: string;
  content_type: string;
  bytes: Buffer;
}

export function createAnswers(options: { logger: pino.Logger; baseUrl: string }): Answers {
  const fixed = apiHeaders(options.baseUrl);

  function send({
    request,
    response,
    status,
    body,
    extra,
  }: {
    request: IncomingMessage;
    response: ServerResponse;
    status: number;
    body: string | Buffer;
    extra?: Headers;
  }): void {
    if (response.destroyed) return;
    response.writeHead(status, {
      'x-request-id': requestIdOf(request),
      'content-length': Buffer.byteLength(body),
      ...fixed,
      ...extra,
    });
    response.end(body);
  }

  const answers: Answers = {
    data(request, response, data, { status = 200, meta, headers = {} } = {}) {
      send({
        request,
        response,
        status,
        body: JSON.stringify(envelope(request, { data, error: null }, meta)),
        extra: headers,
      });
    },
    outcome(request, response, { status, data, warnings, undo, replayed }) {
      answers.data(request, response, data, {
        status: status === 'pending_authorization' ? 202 : 200,
        meta: {
          ...(warnings.length > 0 ? { warnings } : {}),
          ...(undo === undefined ? {} : { undo }),
          ...(replayed ? { replayed } : {}),
        },
      });
    },
    rows(request, response, { rows, next_cursor, totals, warnings }, single) {
      answers.data(request, response, single ? (rows[0] ?? {}) : { rows }, {
        meta: {
          ...(warnings.length > 0 ? { warnings } : {}),
          ...(next_cursor === undefined ? {} : { next_cursor }),
          ...(totals === undefined ? {} : { totals }),
        },
      });
    },
    csv(request, response, text, next) {
      send({
        request,
        response,
        status: 200,
        body: text,
        extra: {
          'content-type': 'text/csv; charset=utf-8; header=present',
          ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }),
        },
      });
    },
    file(request, response, { name, content_type, bytes }) {
      const extra = { 'content-type': content_type, 'content-disposition': `inline; filename="${name}"` };
      send({ request, response, status: 200, body: bytes, extra });
    },
    refuse(request, response, error, headers) {
      answers.refuseAs(request, response, answers.describe(request, error), headers);
    },
    refuseAs(request, response, wire, headers) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const body = JSON.stringify(envelope(request, { data: null, error: wire }));
      send({
        request,
        response,
        status: wire.status,
        body,
        extra: {
          ...headersOf(wire),
          ...(leavesTooMuch(request) ? { connection: 'close' } : {}),
          ...headers,
        },
      });
    },
    describe(request, error) {
      const known = asRefusal(error);
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const wire = describeError(known, isRead ? 'read' : 'call');
      logDefect(options.logger, known, wire, requestIdOf(request));
      return wire;
    },
  };
  return answers;
}

function envelope(
  request: IncomingMessage,
  { data, error }: Pick<Envelope, 'data' | 'error'>,
  meta?: Meta,
): Envelope {
  return {
    success: error === null,
    data,
    error,
    meta: { timestamp: new Date().toISOString(), request_id: requestIdOf(request), ...meta },
  };
}

/** What libraries throw about a malformed request (an address with a broken `%`) is no defect of ours. */
function asRefusal(error: unknown): unknown {
  if (error instanceof DeskhandError || !(error instanceof Error)) return error;
  const status: unknown = Reflect.get(error, 'status');
  if (status === 413) return new DeskhandError('PAYLOAD_TOO_LARGE', 'This is more than one call may have.');
  if (typeof status !== 'number' || status < 400 || status > 499) return error;
  return new DeskhandError('VALIDATION_ERROR', 'This request cannot be read.');
}

/** When to try again, and how to identify oneself. */
export function headersOf({ code, retry_after_seconds }: WireError): Headers {
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer realm="deskhand"' };
  if (typeof retry_after_seconds === 'number') return { 'retry-after': String(retry_after_seconds) };
  return code === 'UNAVAILABLE' || code === 'TIMEOUT' ? { 'retry-after': '3' } : {};
}

function logDefect(logger: pino.Logger, error: unknown, wire: WireError, request_id: string): void {
  if (error instanceof DeskhandError || wire.status < 500) return;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const details = { request_id, code: wire.code, stack: withoutSecrets(text) };
  if (wire.code === 'INTERNAL_ERROR') logger.error(details, 'defect');
  else logger.warn(details, 'outage');
}

/** A message of the database may quote what somebody typed. */
const withoutSecrets = (text: string) =>
  text.replace(/[^\s"'`(),=<>]+@[^\s"'`(),=<>]+\.\w+/g, '[e-mail]').replace(/dh_[\w-]{8,}/g, '[key]');
