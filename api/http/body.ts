import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { budgets, requireWithinBudget } from '../../core/kernel/words/budgets.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';

/** Beyond this, nobody reads the rest of a body that is refused anyway: the connection is closed. */
const drainLimit_bytes = 8 * budgets.body_bytes;

/**
 * The JSON object in a request's body; an empty one when there is no body. Throws VALIDATION_ERROR, PAYLOAD_TOO_LARGE.
 */
export async function readJson(
  request: IncomingMessage,
  limit_bytes: number = budgets.body_bytes,
): Promise<Record<string, unknown>> {
  if (!hasBody(request)) return {};
  requireJson(request);
  const text = await readText(request, limit_bytes);
  if (text === '') return {};
  if (text.length > budgets.stranger_bytes) await nextTurn();
  const value = parse(text);
  requireWithinBudget(value);
  if (!isObject(value)) {
    throw new DeskhandError('VALIDATION_ERROR', 'The body must be one JSON object.', {
      got: Array.isArray(value) ? 'a list' : typeof value,
    });
  }
  return value;
}

let lastTurn = Promise.resolve();

/** Of many long bodies at once one is looked at, then whatever came in meanwhile, then the next: nobody waits for all of them. */
function nextTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => new Promise(resolve => setImmediate(resolve)));
  return lastTurn;
}

/** The fields of a form, as a page sends them by itself or as JSON. Throws as `readJson`. */
export async function readFields(
  request: IncomingMessage,
  limit_bytes: number,
): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type.trim()))
    return readJson(request, limit_bytes);
  requirePlain(request);
  const fields = new URLSearchParams(await readText(request, limit_bytes));
  if (fields.size > budgets.form_fields) {
    throw new DeskhandError('VALIDATION_ERROR', `A form may have at most ${budgets.form_fields} fields.`);
  }
  return Object.fromEntries(fields);
}

/** A body as it came, byte for byte: what somebody signed. Throws as `readJson`. */
export function readRaw(request: IncomingMessage, limit_bytes: number): Promise<string> {
  requirePlain(request);
  return readText(request, limit_bytes);
}

/** Whether a body is so long, or of a length nobody said, that its sender must be known before it is read. */
export const isLong = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  Number(headers['content-length'] ?? 0) > budgets.stranger_bytes;

/** Whether a refused request's connection must be closed because its body is too long to be read to the end. */
export function leavesTooMuch(request: IncomingMessage): boolean {
  if (request.complete || !hasBody(request)) return false;
  return Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) > drainLimit_bytes;
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function requireJson({ headers }: IncomingMessage): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type.trim())) {
    throw new DeskhandError('VALIDATION_ERROR', 'The body must be JSON in UTF-8.', {
      field: 'Content-Type',
      got: type.slice(0, 80),
      valid_options: ['application/json'],
      hint: 'Send the header "Content-Type: application/json".',
    });
  }
  requirePlain({ headers });
}

function requirePlain({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new DeskhandError('VALIDATION_ERROR', 'Compressed bodies are not taken.', {
      field: 'Content-Encoding',
      got: encoding.slice(0, 80),
    });
  }
}

async function readText(request: IncomingMessage, limit_bytes: number): Promise<string> {
  const bytes = await readBytes(request, limit_bytes);
  if (!isUtf8(bytes)) throw new DeskhandError('VALIDATION_ERROR', 'The body is not valid UTF-8.');
  return bytes.toString('utf8');
}

function readBytes(request: IncomingMessage, limit_bytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit_bytes) throw tooLarge(limit_bytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit_bytes) chunks.push(chunk);
      else reject(tooLarge(limit_bytes));
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // Whoever left does not read the answer; the promise must end all the same.
    request.once('close', () => {
      if (!request.complete) reject(new DeskhandError('VALIDATION_ERROR', 'The body ended too early.'));
    });
  });
}

const tooLarge = (limit_bytes: number) =>
  new DeskhandError('PAYLOAD_TOO_LARGE', `A call may have at most ${limit_bytes / 1024} KB.`, {
    hint: 'Send less at once, in several calls.',
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DeskhandError('VALIDATION_ERROR', 'The body is not valid JSON.', {
      hint: 'Look for a missing quote, comma or brace.',
    });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
