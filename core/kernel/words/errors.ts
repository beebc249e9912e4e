import { quoteStart } from './quote.ts';

/**
 * The closed list of error codes (GAP-11, decision 14). Adapters read the status from here and decide nothing
 * themselves. `retryable` tells a caller whether sending the very same call again can help.
 */
export const errorCodes = {
  VALIDATION_ERROR: { status: 400, retryable: false },
  UNKNOWN_ACTION: { status: 404, retryable: false },
  UNKNOWN_TYPE: { status: 404, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  HUMAN_ONLY: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  AMBIGUOUS: { status: 409, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  INVALID_STATE: { status: 409, retryable: false },
  TICKET_CLOSED: { status: 409, retryable: false },
  IDEMPOTENCY_CONFLICT: { status: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  REASONING_REQUIRED: { status: 422, retryable: false },
  TOO_MANY_PENDING: { status: 429, retryable: true },
  RATE_LIMITED: { status: 429, retryable: true },
  UPSTREAM_ERROR: { status: 502, retryable: true },
  TIMEOUT: { status: 503, retryable: true },
  UNAVAILABLE: { status: 503, retryable: true },
  INTERNAL_ERROR: { status: 500, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** What helps the caller to send a corrected call: every member is safe to show to an agent. */
export interface ErrorDetails {
  /** Path of the offending member, such as `lines.0.quantity`. */
  field?: string;
  /** What was received there. */
  got?: unknown;
  valid_options?: readonly unknown[];
  did_you_mean?: readonly string[];
  /** What to do next, one sentence. */
  hint?: string;
  /** Every problem found, when there is more than one. */
  problems?: readonly {
    field: string;
    message: string;
    did_you_mean?: readonly string[];
    valid_options?: readonly unknown[];
  }[];
  /** Nobody knows whether it was done: it must be looked at before it is sent again. */
  may_be_done?: true;
  /** Facts about the refusal: the other ticket, free times, candidates. */
  [key: string]: unknown;
}

/** An expected refusal. Anything else that is thrown is a defect and answers INTERNAL_ERROR without its text. */
export class DeskhandError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Of the business that was asked, once it is known: whoever is told of times reads them as they are there. */
  time_zone: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'DeskhandError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable && this.details.may_be_done !== true;
  }
}

/** `NOT_FOUND`, worded alike for a record that never was, was deleted, or belongs to another organization. */
export function notFound(what: string, key: string, details: ErrorDetails = {}): DeskhandError {
  return new DeskhandError('NOT_FOUND', `There is no ${what} ${quoteStart(key, 200)} here.`, {
    hint: `Look it up with a search over the ${what} list, then use its reference.`,
    ...details,
  });
}

/** For a promise that fails: refusals know the time zone of the business they are about. */
export const inTimeZone =
  (time_zone: string) =>
  (error: unknown): never => {
    if (error instanceof DeskhandError) error.time_zone = time_zone;
    throw error;
  };

/** `VALIDATION_ERROR` at one field. */
export function invalid(field: string, message: string, details: ErrorDetails = {}): DeskhandError {
  return new DeskhandError('VALIDATION_ERROR', message, { field, ...details });
}

/** Throws VALIDATION_ERROR when a change names no member to change; `field` is what it would change. */
export function requireChange(
  changes: Readonly<Record<string, unknown>>,
  field: string,
  options: readonly string[],
): void {
  if (Object.values(changes).some(value => value !== undefined)) return;
  throw invalid(field, 'Nothing to change was given.', {
    valid_options: options,
    hint: 'Give at least one member to change.',
  });
}

/** What was asked for: a call may have changed something and has an idempotency_key, a read has neither. */
export type AskedFor = 'call' | 'read';

/** The error as it goes over the wire: our members and those of RFC 9457 (problem details). */
export function describeError(error: unknown, asked: AskedFor = 'call'): WireError {
  const known = error instanceof DeskhandError ? error : unexpected(error, asked);
  const message = cut(known.message, longestMessage);
  return {
    code: known.code,
    message,
    ...withoutLongTexts(known.details),
    retryable: known.retryable,
    type: `urn:deskhand:error:${known.code.toLowerCase()}`,
    title: known.code,
    status: known.status,
    detail: message,
  };
}

// What somebody sent is named in refusals; a refusal must not grow with it, wherever it was put together.
const longestMessage = 400;
const longestDetail = 300;

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const start = `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
  // What somebody wrote stays marked to its end.
  return start.lastIndexOf('«') > start.lastIndexOf('»') ? `${start}»` : start;
}

function withoutLongTexts(details: ErrorDetails): ErrorDetails {
  return JSON.parse(
    JSON.stringify(details, (name, member: unknown) =>
      // How something is called is our own text, and no use when it is cut off.
      typeof member === 'string' && name !== 'signature' ? cut(member, longestDetail) : member,
    ),
  );
}

export interface WireError extends ErrorDetails {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** Maps what the driver throws to a code; never lets its text out, since it may hold SQL or data. */
function unexpected(error: unknown, asked: AskedFor): DeskhandError {
  const code = sqlState(error);
  const isRead = asked === 'read';
  const unchanged = isRead ? '' : '; nothing was changed';
  const again = isRead ? '' : ' with the same idempotency_key';
  if (code === commitUnknown) {
    return new DeskhandError(
      'UNAVAILABLE',
      'The database went away while this was being kept: it may have been done, or not.',
      {
        may_be_done: true,
        hint: 'Look whether it was done before you send it again. With an idempotency_key it can be sent again as it is.',
      },
    );
  }
  if (code === '57014') {
    return new DeskhandError('TIMEOUT', `This took too long and was stopped${unchanged}.`, {
      hint: 'Ask for less at once (a filter, a smaller limit) and try again.',
    });
  }
  if (code?.startsWith('22')) {
    return new DeskhandError('VALIDATION_ERROR', `A value has a form the database cannot read${unchanged}.`, {
      hint: 'Look at the types this takes with crm_capabilities (GET /api/capabilities).',
    });
  }
  if (isUnavailable(error)) {
    return new DeskhandError('UNAVAILABLE', `The database cannot be reached right now${unchanged}.`, {
      hint: `Try again in a few seconds${again}.`,
    });
  }
  return new DeskhandError('INTERNAL_ERROR', `Something went wrong on our side${unchanged}.`, {
    hint: `Try again${again}; if it happens again, tell the owner the request id.`,
  });
}

/** The code of an error that leaves open whether something was kept. */
export const commitUnknown = 'COMMIT_UNKNOWN';

/** The five-character SQLSTATE of a database error, if it is one. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

function isUnavailable(error: unknown): boolean {
  const code = sqlState(error) ?? '';
  if (networkCodes.has(code) || code.startsWith('08') || code.startsWith('57P') || code.startsWith('53')) {
    return true;
  }
  return (
    error instanceof Error &&
    /connection (terminated|timeout)|timeout exceeded when trying|is not queryable/i.test(error.message)
  );
}
