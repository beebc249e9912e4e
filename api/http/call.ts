import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Call } from '../../core/kernel/pipeline/invocation.ts';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';

const idempotencyKey = z.string().trim().min(1).max(200);
const reasoning = z.string().max(2000);

/** What travels with a write besides its data. */
export const carriedMembers = z.strictObject({
  reasoning: reasoning.optional(),
  idempotency_key: idempotencyKey.optional(),
  preview: z.boolean().optional(),
});
type Carried = z.output<typeof carriedMembers>;
const carriedSchema = jsonSchemaOf(carriedMembers, 'input');

export const actionBody = z.strictObject({
  domain: z.string().min(1).max(60).optional(),
  action: z.string().min(1).max(120),
  data: z.record(z.string(), z.unknown()).optional(),
  ...carriedMembers.shape,
});
const actionSchema = jsonSchemaOf(actionBody, 'input');

const writeQuery = z.strictObject({ preview: z.boolean().optional() });
const writeQuerySchema = jsonSchemaOf(writeQuery, 'input');

/** The call in the body of `POST /api/actions` (PLT-09). Throws VALIDATION_ERROR. */
export function readActionCall(
  body: Record<string, unknown>,
  request: IncomingMessage,
  search: URLSearchParams,
): Call {
  const { domain, action, data = {}, ...inBody } = parseInput(actionBody, actionSchema, body);
  return { action: actionId(domain, action), data, ...carry(inBody, readCarried(request, search)) };
}

/**
 * The call of a REST alias: the body is the data, and the id in the path goes before a member of the same name. What
 * else travels with it comes in headers and `?preview=true`.
 */
export function readRestCall({
  action,
  body,
  target,
  request,
  search,
}: {
  action: string;
  body: Record<string, unknown>;
  target: { member: string; id: string } | undefined;
  request: IncomingMessage;
  search: URLSearchParams;
}): Call {
  const data = target ? withTarget(body, target) : body;
  return { action, data, ...carry({}, readCarried(request, search)) };
}

function withTarget(
  body: Record<string, unknown>,
  { member, id }: { member: string; id: string },
): Record<string, unknown> {
  const { [member]: inBody, ...data } = body;
  if (inBody !== undefined && inBody !== null && inBody !== id) {
    throw invalid(member, 'The body names another one than the path.', {
      hint: `Leave ${member} out of the body.`,
    });
  }
  return { ...data, [member]: id };
}

// `action` may be the whole name; a workflow belongs to no domain, and is asked for as domain "workflow".
function actionId(domain: string | undefined, action: string): string {
  const wanted = action.trim().replaceAll('-', '_');
  const within = domain?.trim().replaceAll('-', '_');
  const [first = '', ...rest] = wanted.split('.');
  const name = rest.join('.');
  if (within === undefined) {
    if (name !== '') return first === 'workflow' ? name : wanted;
    throw invalid('domain', '"domain" is missing.', {
      hint: 'Send domain and action, or the whole name as action: "ticket.cancel".',
    });
  }
  if (name !== '' && first !== within) {
    throw invalid('action', `"${action}" does not belong to the domain "${domain}".`, { got: action });
  }
  const verb = name === '' ? wanted : name;
  return within === 'workflow' ? verb : `${within}.${verb}`;
}

/** `X-Reasoning` (percent-encoded), `Idempotency-Key` and `?preview=true`. */
function readCarried(request: IncomingMessage, search: URLSearchParams): Carried {
  const key = header(request, 'idempotency-key');
  const words = header(request, 'x-reasoning');
  const query =
    search.size > 0 ? parseInput(writeQuery, writeQuerySchema, Object.fromEntries(search)) : undefined;
  if (key === undefined && words === undefined) return query ?? {};
  return parseInput(carriedMembers, carriedSchema, {
    ...query,
    // The draft standard writes the key as a quoted string.
    ...(key === undefined ? {} : { idempotency_key: key.replace(/^"(.*)"$/, '$1') }),
    ...(words === undefined ? {} : { reasoning: decodePercent(words, 'X-Reasoning') }),
  });
}

/** Both places may say the same; two different idempotency keys are a mistake that must not go unnoticed. */
function carry(body: Carried, header: Carried): Omit<Call, 'action' | 'data'> {
  const { idempotency_key: a } = body;
  const { idempotency_key: b } = header;
  if (a !== undefined && b !== undefined && a !== b) {
    throw invalid('idempotency_key', 'The body and the Idempotency-Key header name different keys.', {
      hint: 'Send it in one place.',
    });
  }
  const words = body.reasoning ?? header.reasoning;
  const key = a ?? b;
  return {
    ...(words === undefined ? {} : { reasoning: words }),
    ...(key === undefined ? {} : { idempotency_key: key }),
    ...(body.preview || header.preview ? { preview: true } : {}),
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Undoes percent-encoding. Throws VALIDATION_ERROR. */
export function decodePercent(text: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DeskhandError('VALIDATION_ERROR', `${field} is not percent-encoded UTF-8.`, {
      field,
      hint: 'Encode it like encodeURIComponent does; write % as %25.',
    });
  }
}
