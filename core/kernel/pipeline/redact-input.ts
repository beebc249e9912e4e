import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { redact } from '../words/redaction.ts';
import type { ReadContext } from './context.ts';

/** What was taken out of one member. */
interface Finding {
  field: string;
  kinds: readonly string[];
}

/**
 * Takes card and social security numbers out of the free-text members of an input before anything else sees them
 * (SAN-01, API layer). Warns the caller and records a security event with place and kind, never the value.
 */
export async function redactInput(
  context: ReadContext,
  paths: readonly (readonly string[])[],
  action: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const findings: Finding[] = [];
  let result: unknown = input;
  for (const path of paths) result = redactAt(result, path, [], findings);
  for (const { field, kinds } of findings) await tell(context, action, field, kinds);
  return typeof result === 'object' && result !== null ? { ...result } : input;
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

/** Redacts one text that did not come in as an input member (an import, an e-mail), with the same record of it. */
export async function redactText(
  context: ReadContext,
  action: string,
  field: string,
  text: string,
): Promise<string> {
  const { text: clean, found } = redact(text);
  if (found.length > 0) await insertSecurityEvent(context, action, field, found);
  return clean;
}

async function tell(
  context: ReadContext,
  action: string,
  field: string,
  kinds: readonly string[],
): Promise<void> {
  context.warn(`${names(kinds)} removed from "${field}": such numbers are not kept here.`);
  await insertSecurityEvent(context, action, field, kinds);
}

function redactAt(
  value: unknown,
  path: readonly string[],
  walked: readonly string[],
  findings: Finding[],
): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (typeof value !== 'string') return value;
    const { text, found } = redact(value);
    if (found.length > 0) findings.push({ field: walked.join('.'), kinds: found });
    return text;
  }
  if (step === '*') {
    if (!Array.isArray(value)) return value;
    return value.map((item, index) => redactAt(item, rest, [...walked, String(index)], findings));
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: redactAt(Reflect.get(value, step), rest, [...walked, step], findings) };
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
};

/** `A card number was`, `A card number and a social security number were`. */
function names(kinds: readonly string[]): string {
  const distinct = [...new Set(kinds)].map(kind => words[kind] ?? kind);
  const text = distinct.join(' and ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)} ${distinct.length === 1 ? 'was' : 'were'}`;
}
