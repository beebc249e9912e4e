import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { isUuid } from '../database/ids.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { budgets } from '../words/budgets.ts';
import { DeskhandError, type ErrorDetails, notFound } from '../words/errors.ts';
import { type Having, idByWords } from './by-words.ts';
import { yearOf } from './numbering.ts';
import type { Fits, RecordSpec } from './record.ts';
import { asRecord, type RefPath, refValues, replaceAt } from './ref-paths.ts';
import { exampleReference, isReferenceOf, looksLikeReference, referencesSaid } from './reference.ts';
import { type Ahead, findInSight, lookAhead, type Sighted } from './sight.ts';
import { followed } from './successor.ts';

export { referenceTerms } from './reference.ts';

/** One for all of them: a schema that says more of itself is a copy, and each step to it would be one as well. */
const pointer = z.string().min(1).max(200);

/**
 * A pointer to a record. A caller may give its id, its reference (`C-1042`) or the words people use for it ("Mrs
 * Hart"); the pipeline turns all of them into the id before the action runs (architecture §6). `fitting` is the filter of
 * the rows it is about: of the bills of whom a caller names, the draft is the one to send, and no other goes by a name.
 * `or_others` is for actions that themselves refuse, or ask the owner about, what does not fit, and say why.
 */
export const ref = (record: string, { fitting, or_others }: { fitting?: string; or_others?: true } = {}) => {
  const says = {
    ref: record,
    ...(fitting === undefined ? {} : { ref_fitting: fitting }),
    ...(or_others ? { ref_or_others: true } : {}),
  };
  const kind = JSON.stringify(says);
  const made = pointers.get(kind) ?? pointer.meta(says);
  pointers.set(kind, made);
  return made;
};

/** Hundreds of members point to the same few records: one schema of each kind does for all (decision 080). */
const pointers = new Map<string, typeof pointer>();

/**
 * Replaces every reference in a parsed input by the id it means. Answers a new input. What only reads is led on from a row
 * that became part of another one; what changes something is not, and is told.
 */
export async function resolveRefs(
  context: ReadContext,
  paths: readonly RefPath[],
  input: Record<string, unknown>,
  { isRead = false, having, ahead }: { isRead?: boolean; having?: Having; ahead?: Ahead | undefined } = {},
): Promise<Record<string, unknown>> {
  let result = input;
  const refused: DeskhandError[] = [];
  for (const { path, record, fits } of paths) {
    const spec = context.registry.records.get(record);
    if (!spec) throw new Error(`a schema points to the unknown record ${record}`);
    result = asRecord(
      await replaceAt(result, path, [], async (text, field) => {
        try {
          const { id, is_gone } = await resolveRow(context, spec, { text, field, fits, having, ahead });
          return isRead && is_gone !== false ? await followed(context, spec, id, text.trim()) : id;
        } catch (error) {
          if (!(error instanceof DeskhandError) || refused.push(error) >= budgets.told_mistakes) throw error;
          return text;
        }
      }),
    );
  }
  const [first, ...others] = refused;
  if (!first) return result;
  throw others.length === 0 ? first : withAll(first, refused);
}

/** The first of several refusals, with what all of them say: whoever names five customers wrong learns of all five. */
const withAll = (first: DeskhandError, refused: readonly DeskhandError[]): DeskhandError =>
  new DeskhandError(first.code, first.message, {
    ...first.details,
    problems: refused.map(({ message, details: { field = '', did_you_mean, valid_options } }) => ({
      field,
      message,
      ...(did_you_mean ? { did_you_mean } : {}),
      // Those of the first stand beside it.
      ...(valid_options && field !== first.details.field ? { valid_options } : {}),
    })),
  });

/**
 * The id that an id, a reference or a name means, of those rows that the caller may point to (`sightOf`): what others have
 * answers like what nobody has. For whoever sees everything an id is passed on as it is: whether the row exists here is
 * found out by the statement that uses it, alike for random ids and other organizations' ids.
 */
export async function resolveRef(
  context: ReadContext,
  record: RecordSpec,
  text: string,
  field: string,
): Promise<string> {
  return (await resolveRow(context, record, { text, field })).id;
}

/** `INV-17`, which leaves the year out. */
const isNumberOf = (context: ReadContext, { reference }: RecordSpec, text: string): boolean =>
  reference?.is_yearly === true &&
  referencesSaid(reference, text, { nouns: [], year: yearOf(context) }).length > 0;

const articleOf = (word: string): string => (/^[aeiou]/.test(word) ? 'an' : 'a');

/** The reference that a text is, as it is kept: `C-1042 «Jane Smith»`, as answers name her, is handed back as it stands. */
function referenceIn({ reference }: RecordSpec, text: string): string | undefined {
  const [first = ''] = text.trim().split(' ', 1);
  if (!reference || !isReferenceOf(reference, first)) return undefined;
  // Ours have three digits at least where they begin again each year: INV-2026-17 is INV-2026-017. Those of no year were written elsewhere.
  const written = first.toUpperCase();
  return reference.is_yearly && !written.includes('-0000-')
    ? written.replace(/-\d{1,2}$/, end => `-${end.slice(1).padStart(3, '0')}`)
    : written;
}

/**
 * Asks for the rows that an input names by their references, before anybody waits for them (`resolveRefs` takes them). The one
 * that the member `locks` names is locked on the way; where another member may name a row of its kind, none is.
 */
export function readAhead(
  tx: Tx,
  { records }: Pick<ReadContext['registry'], 'records'>,
  paths: readonly RefPath[],
  { params, locks }: { params: Record<string, unknown>; locks?: string | undefined },
): Ahead {
  const named = new Map<RecordSpec, string[]>();
  for (const { record, id: text } of refValues(paths, params)) {
    const spec = records.get(record);
    const reference = spec && referenceIn(spec, text);
    if (spec && reference !== undefined) named.set(spec, [...(named.get(spec) ?? []), reference]);
  }
  const locked = locks === undefined ? undefined : paths.find(({ path: [member] }) => member === locks);
  const isOnly = locked && paths.filter(({ record }) => record === locked.record).length === 1;
  return lookAhead(tx, named, isOnly ? records.get(locked.record) : undefined);
}

/** What was written, where, and of which rows it is said first. */
interface Written {
  text: string;
  field: string;
  fits?: Fits | undefined;
  having?: Having | undefined;
  ahead?: Ahead | undefined;
}

async function resolveRow(
  context: ReadContext,
  record: RecordSpec,
  { text, field, fits, having, ahead }: Written,
): Promise<Sighted> {
  const wanted = text.trim();
  const missing = (details: ErrorDetails = {}) =>
    notFound(record.name, wanted, { field, got: wanted, ...details });
  const { reference } = record;
  const written = referenceIn(record, text);
  if (isUuid(wanted) || written !== undefined) {
    const by = written === undefined ? { id: wanted.toLowerCase() } : { reference: written };
    const row = await findInSight(context, record, by, ahead);
    if (!row) throw missing();
    return row;
  }
  // What looks like a reference is one: searched as words, "T-2001" would find whose telephone number ends like that.
  if (reference && looksLikeReference(wanted) && !isNumberOf(context, record, wanted)) {
    throw missing({
      hint: `A reference to ${articleOf(record.name)} ${record.name} looks like ${exampleReference(reference, yearOf(context))}.`,
    });
  }
  return { id: await idByWords(context, record, { wanted, field, fits, having }), is_gone: false };
}
