import type { Request } from 'express';
import { DeskhandError, describeError, type ErrorCode } from '../core/kernel/words/errors.ts';
import { redact } from '../core/kernel/words/redaction.ts';
import { html, type Markup } from './html.ts';
import { type Page, textOf } from './site.ts';
import { plain } from './words.ts';

const titles: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'Not found',
  FORBIDDEN: 'Not allowed',
  UNAUTHENTICATED: 'Not signed in',
  VALIDATION_ERROR: 'That did not work',
  PAYLOAD_TOO_LARGE: 'Too long',
  RATE_LIMITED: 'Too often',
  TIMEOUT: 'Took too long',
  UNAVAILABLE: 'Not available right now',
  INTERNAL_ERROR: 'Something went wrong',
};

/** What somebody wrote into the form of a request, and where they can write it again. */
export interface Rescue {
  wrote: string;
  back?: string;
}

const rescues = new WeakMap<Request, Rescue>();

/** Says what of a request must not be lost when it is refused; without this, only its field `content` is not. */
export const keepForRescue = (request: Request, rescue: Rescue): unknown => rescues.set(request, rescue);

export const rescueOf = (request: Request): Rescue =>
  rescues.get(request) ?? { wrote: textOf(request.body, 'content') };

/** The page for everything that did not work: a sentence and a way on, never a stack. What was written is not lost with it. */
export function refusalPage(
  error: unknown,
  requestId: string,
  { wrote, back }: Rescue = { wrote: '' },
): Page {
  const { code, message, status, hint } = describeError(asKnown(error));
  const title = titles[code] ?? 'That did not work';
  return {
    title,
    status,
    body: html`<h1>${title}</h1>
<p class="lead">${spoken(message)}</p>
${code === 'FORBIDDEN' && hint && html`<p>${hint}</p>`}
${status >= 500 && html`<p>Try again in a moment. If it stays like this, note the number of this request: <code>${requestId}</code></p>`}
${wrote !== '' && rescued(wrote)}
<p>${wayOn(code, back)}</p>`,
  };
}

/** `There is no ticket «T-2002» here` is “There is no visit T-2002 here”. */
const spoken = (message: string): string =>
  message.replace(
    /^There is no ([a-z ]+) «([^»]*)» here\.$/,
    (_, what: string, key: string) => `There is no ${plain(what)} ${key} here.`,
  );

function wayOn(code: ErrorCode, back: string | undefined): Markup {
  if (code === 'UNAUTHENTICATED') {
    const query = back === undefined ? '' : `?${new URLSearchParams({ next: back })}`;
    return html`<a class="button" href="/sign-in${query}">Sign in</a>`;
  }
  return back === undefined || code === 'NOT_FOUND'
    ? html`<a class="button" href="/">To the start page</a>`
    : html`<a class="button" href="${back}">Back to the form</a>`;
}

export const notFoundPage = (requestId: string): Page =>
  refusalPage(
    new DeskhandError(
      'NOT_FOUND',
      'There is no page at this address. It may have moved, or a letter is wrong.',
    ),
    requestId,
  );

/** Whether an error is a defect somebody must look at, rather than a refusal. */
export const isDefect = (error: unknown): boolean => describeError(asKnown(error)).status >= 500;

function rescued(wrote: string): Markup {
  return html`<label for="wrote">What you wrote, so that it is not lost:</label>
<textarea id="wrote" rows="8" readonly>${redact(wrote).text}</textarea>`;
}

/** Express and its body parser throw errors of their own for addresses and forms nobody can read. */
function asKnown(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeskhandError || !('status' in error)) return error;
  if (error.status === 413) {
    return new DeskhandError('PAYLOAD_TOO_LARGE', 'This is more text than fits; nothing was saved.');
  }
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500) {
    return new DeskhandError('VALIDATION_ERROR', 'This address or form cannot be read.');
  }
  return error;
}
