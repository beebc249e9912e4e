import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import { DeskhandError, type WireError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { readFields } from './body.ts';
import { type Answers, headersOf } from './envelope.ts';
import { formFields, formPageHeaders, refusalPage, thanksPage, tryAgainPage } from './form-page.ts';
import { type Limits, limitInquiries } from './limits.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

/** Largest body of an inquiry, in bytes. */
const limit_bytes = 16 * 1024;

const path = '/public/leads';

/** Whether this is what forms on the websites of the businesses send to. */
export const isPublicForm = ({ url = '' }: IncomingMessage): boolean => url.split('?', 1)[0] === path;

/**
 * `POST /public/leads` (LED-16, LED-17): the one address any page of any web site may call, without credentials. The
 * public key of a form says which business is meant. JSON gets JSON; a plain HTML form gets a page.
 */
export function servePublicLeads(
  app: App,
  answers: Answers,
  limits?: Limits,
): (request: IncomingMessage, response: ServerResponse) => void {
  const limit = limitInquiries(limits);
  return (request, response) => {
    traceOf(request).route = path;
    const { method = '' } = request;
    if (method === 'OPTIONS') {
      allowPages(response);
      return;
    }
    if (method !== 'POST') {
      answers.refuse(request, response, noRoute(method, path, ['POST']), { allow: 'POST, OPTIONS' });
      return;
    }
    const visit: Visit = { request, response, answers, typed: {}, key: '' };
    takeIn(app, limit, visit).then(
      () => thank(visit),
      (error: unknown) => refuse(visit, error),
    );
  };
}

/** One inquiry on its way in. */
interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  answers: Answers;
  /** What was read so far, so that nothing that was typed is lost. */
  typed: Record<string, string>;
  key: string;
}

const anyPage = { 'access-control-allow-origin': '*' };

/** The browser's question before a page of another web site sends JSON. No cookie is ever asked for. */
function allowPages(response: ServerResponse): void {
  response.writeHead(204, {
    ...anyPage,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, x-form-key',
    'access-control-max-age': '86400',
  });
  response.end();
}

type InquiryLimit = ReturnType<typeof limitInquiries>;

async function takeIn(app: App, limit: InquiryLimit, visit: Visit): Promise<void> {
  const { request } = visit;
  const { form_key, ...fields } = await readFields(request, limit_bytes);
  const inHeader = request.headers['x-form-key'];
  visit.key = String(inHeader ?? form_key ?? '').trim();
  // A form may have buttons and fields of its own; they are not ours.
  const data = Object.fromEntries(Object.entries(fields).filter(([name]) => taken.has(name)));
  for (const [name, value] of Object.entries(data)) visit.typed[name] = String(value ?? '');
  limit.fromAddress(request);
  if (visit.key === '') throw keyMissing();
  limit.ofForm(visit.key);
  try {
    await app.execute(
      { via: 'form', key: visit.key },
      { action: 'lead.submit_form', data },
      factsOf(request),
    );
  } catch (error) {
    throw error instanceof DeskhandError && error.code === 'UNAUTHENTICATED' ? noForm() : error;
  }
}

const taken: ReadonlySet<string> = new Set([...formFields.map(({ name }) => name), 'website']);

const keyMissing = () =>
  new DeskhandError('VALIDATION_ERROR', 'This form does not say whose it is.', {
    field: 'form_key',
    hint: 'Send the public key of the form as form_key or in the header X-Form-Key.',
  });

/** Said of a key that never was and of one that was closed. */
const noForm = () =>
  new DeskhandError('NOT_FOUND', 'This form takes no inquiries.', {
    field: 'form_key',
    hint: 'The owner finds the keys of the forms in the list lead_forms.',
  });

function thank({ request, response, answers }: Visit): void {
  if (wantsPage(request)) sendPage(request, response, 202, thanksPage(pageBefore(request)));
  else answers.data(request, response, { received: true }, 202, undefined, anyPage);
}

function refuse({ request, response, answers, typed, key }: Visit, error: unknown): void {
  const wire = answers.describe(request, error);
  const status = statusOf(wire);
  if (!wantsPage(request)) {
    answers.refuseAs(request, response, { ...wire, status }, anyPage);
    return;
  }
  const canRetry = key !== '' && (wire.code === 'VALIDATION_ERROR' || wire.retryable);
  const text = canRetry ? tryAgainPage(wordsOf(wire), typed, key) : refusalPage(wordsOf(wire));
  sendPage(request, response, status, text, headersOf(wire));
}

/** What a visitor typed can be read and is not enough: 422, as browsers and their pages expect. */
const statusOf = ({ code, status, field }: WireError) =>
  code === 'VALIDATION_ERROR' && field !== undefined && taken.has(field) ? 422 : status;

/** For visitors, who know nothing of members and retries. */
function wordsOf({ code, message, field }: WireError): string {
  if (code === 'RATE_LIMITED')
    return 'Just now too much is coming in. Please wait a minute and send it again.';
  if (code === 'PAYLOAD_TOO_LARGE') return 'This is too long. Please go back and shorten it.';
  if (code === 'VALIDATION_ERROR') {
    const label = formFields.find(({ name }) => name === field)?.label;
    return label === undefined || !message.startsWith('"') ? message : `${label}: this is too long.`;
  }
  return code === 'NOT_FOUND'
    ? message
    : 'Something went wrong on our side. Please send it again in a moment.';
}

const wantsPage = ({ headers }: IncomingMessage) => /\btext\/html\b/i.test(headers.accept ?? '');

/** Where the form stands, as far as the browser says it. */
function pageBefore({ headers }: IncomingMessage): string | undefined {
  const url = URL.parse(headers.referer ?? '');
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}

function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...formPageHeaders,
    ...headers,
    'x-request-id': requestIdOf(request),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
