import type { z } from 'zod';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import type { AnyCall } from '../registry/registry.ts';
import { invalid } from '../words/errors.ts';
import { redact } from '../words/redaction.ts';
import type { ReadContext } from './context.ts';
import { type Finding, redactMembers, withTextAt } from './redact-members.ts';

/**
 * Takes card and social security numbers, and keys and links of ours, out of every text of an input before anything else
 * sees it (SAN-01, API layer). Warns the caller and records a security event with place and kind, never the value. Throws
 * VALIDATION_ERROR where a member could not hold what is left: an e-mail address, the name of a field.
 */
export async function redactInput(
  context: ReadContext,
  { id, spec, inputSchema }: AnyCall,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { value, findings } = redactMembers(inputSchema, input);
  if (findings.length === 0) return input;
  const fitting = fitInput(spec.input, value, findings);
  for (const { path, kinds } of findings) await tell(context, id, path.join('.'), kinds);
  return typeof fitting === 'object' && fitting !== null ? { ...fitting } : input;
}

/** What is left must be a valid input: in short members the marker is a short one, and where none fits the call is refused. */
function fitInput(schema: z.ZodType, given: unknown, findings: readonly Finding[]): unknown {
  const refused = (value: unknown) => {
    const { error } = schema.safeParse(value);
    const fields = new Set(error?.issues.map(({ path }) => path.join('.')));
    return findings.filter(({ path, isName }) => isName || fields.has(path.join('.')));
  };
  const value = refused(given).reduce((all, { path }) => withTextAt(all, path, '[REDACTED]'), given);
  const [first] = refused(value);
  if (!first) return value;
  const where = first.isName ? first.path.slice(0, -1) : first.path;
  throw invalid(where.join('.'), `${was(first.kinds)} found here: such numbers are not kept.`, {
    hint: 'Leave it out. Card details belong where the card is charged, keys and links with whoever they were made for.',
  });
}

/** Says of a text that travels beside the input, such as the reasoning, what has to be taken out of it. */
export async function tellRedaction(
  context: ReadContext,
  action: string,
  field: string,
  text: string | undefined,
): Promise<void> {
  const { found } = redact(text ?? '');
  if (found.length > 0) await tell(context, action, field, found);
}

/** Records what was taken out of texts that did not come in as members of an input: the cells of a file. */
export async function recordFindings(
  context: ReadContext,
  action: string,
  findings: readonly Finding[],
): Promise<void> {
  for (const { path, kinds } of findings) await insertSecurityEvent(context, action, cellOf(path), kinds);
}

/** `memos.0` is a cell of the column memo; which of them says nothing to anybody. */
const cellOf = ([column = '', ...path]: readonly string[]): string =>
  [column, ...path.filter(step => !/^[0-9]+$/.test(step))].join('.').replace(/^memos$/, 'memo');

async function tell(
  context: ReadContext,
  action: string,
  field: string,
  kinds: readonly string[],
): Promise<void> {
  context.warn(`${was(kinds)} removed from "${field}": such ${things(kinds)} are not kept here.`);
  await insertSecurityEvent(context, action, field, kinds);
}

async function insertSecurityEvent(
  context: ReadContext,
  action: string,
  field: string,
  kinds: readonly string[],
): Promise<void> {
  const { organization, actor, request } = context;
  await context.tx.run(sql`
    insert into security_events (organization_id, id, kind, action, field, details, actor_kind, actor_name, request_id)
    values (
      ${organization.id}::uuid, ${newId()}::uuid, 'redaction', ${action}, ${field},
      ${JSON.stringify({ kinds: [...new Set(kinds)] })}::jsonb, ${actor.kind}, ${actor.name}, ${request.request_id}
    )`);
}

const words: Readonly<Record<string, string>> = {
  CARD: 'a card number',
  SSN: 'a social security number',
  CVV: 'a card security code',
  KEY: 'a secret key',
  LINK: 'a personal link',
};

const things = (kinds: readonly string[]) =>
  kinds.every(kind => kind === 'KEY' || kind === 'LINK') ? 'keys and links' : 'numbers';

/** `A card number was`, `A card number and a social security number were`. */
function was(kinds: readonly string[]): string {
  const distinct = [...new Set(kinds)].map(kind => words[kind] ?? kind);
  const text = distinct.join(' and ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)} ${distinct.length === 1 ? 'was' : 'were'}`;
}
