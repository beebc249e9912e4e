import type { z } from 'zod';
import type { AnyCall } from '../registry/registry.ts';
import { capital } from '../words/capital.ts';
import { invalid } from '../words/errors.ts';
import { placeInWords } from '../words/place.ts';
import { redact } from '../words/redaction.ts';
import type { ReadContext } from './context.ts';
import { type Finding, redactMembers, withTextAt } from './redact-members.ts';
import { insertRemovals, type Removal } from './removals.ts';

/**
 * Takes card and social security numbers, and keys and links of ours, out of every text of an input before anything else
 * sees it (SAN-01, API layer). Warns the caller and records a security event with place and kind, never the value; of a call
 * that is refused too. Throws VALIDATION_ERROR where a member could not hold what is left: an e-mail address, the name of a field.
 */
export async function redactInput(
  context: ReadContext,
  { id, spec, inputSchema }: AnyCall,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { value, findings } = redactMembers(inputSchema, input);
  if (findings.length === 0) return input;
  for (const finding of findings) await tell(context, id, finding.path, finding.kinds);
  const fitting = fitInput(spec.input, value, findings);
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
  if (found.length > 0) await tell(context, action, [field], found);
}

/** Records what was taken out of texts that did not come in as members of an input: the cells of a file. */
export async function recordFindings(
  context: ReadContext,
  action: string,
  findings: readonly Finding[],
): Promise<void> {
  for (const { path, kinds } of findings) await record(context, { action, field: cellOf(path), kinds });
}

/** `memos.0` is a cell of the column memo; which of them says nothing to anybody. */
const cellOf = ([column = '', ...path]: readonly string[]): string =>
  [column, ...path.filter(step => !/^[0-9]+$/.test(step))].join('.').replace(/^memos$/, 'memo');

async function tell(
  context: ReadContext,
  action: string,
  path: readonly string[],
  kinds: readonly string[],
): Promise<void> {
  context.warn(`${was(kinds)} removed from ${placeInWords(path)}: such ${things(kinds)} are not kept here.`);
  // A member may have a number for a name; then the call is refused, and its name is not kept either.
  await record(context, { action, field: redact(path.join('.')).text, kinds });
}

/** In this transaction, and besides in memory: a call that is refused leaves nothing of its transaction. */
async function record(context: ReadContext, removal: Removal): Promise<void> {
  context.removals?.push(removal);
  await insertRemovals(context, [removal]);
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
  return `${capital(text)} ${distinct.length === 1 ? 'was' : 'were'}`;
}
