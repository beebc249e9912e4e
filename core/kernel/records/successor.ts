import type { ReadContext } from '../pipeline/context.ts';
import { quote } from '../words/quote.ts';
import type { Candidate, RecordSpec } from './record.ts';
import { findInSight } from './sight.ts';

// Two rows that turned out to be one: whoever still has the old reference is led to the row that stays (CON-24).

/** Longer than anybody merges one into the next. */
const mostSteps = 20;

/** The row that another one became part of, however many lie between; undefined for whatever stands by itself. */
export async function successorOf(
  context: ReadContext,
  { successors }: Pick<RecordSpec, 'successors'>,
  id: string,
): Promise<Candidate | undefined> {
  let last: Candidate | undefined;
  for (let step = 0; successors && step < mostSteps; step++) {
    const next: Candidate | undefined = (await successors(context, [last?.id ?? id])).get(last?.id ?? id);
    if (!next) break;
    last = next;
  }
  return last;
}

/** For what only reads: the id of the row that is there now, and a word to the caller when it is another one. */
export async function followed(
  context: ReadContext,
  record: RecordSpec,
  id: string,
  asked: string,
): Promise<string> {
  const successor = await successorOf(context, record, id);
  if (!successor || (await findInSight(context, record, { id: successor.id })) === undefined) return id;
  context.warn(`${asked} was merged into ${named(successor)}: this is ${successor.reference}.`);
  return successor.id;
}

/** What to do about a row that is not there any more because it became part of another one. */
export async function hintOfSuccessor(
  context: ReadContext,
  name: string,
  id: string,
): Promise<{ hint?: string }> {
  const record = context.registry.records.get(name);
  const successor = record && (await successorOf(context, record, id));
  if (!successor || (await findInSight(context, record, { id: successor.id })) === undefined) return {};
  return { hint: `It was merged into ${named(successor)}: use that one.` };
}

const named = ({ reference, label }: Candidate): string => `${reference} ${quote(label)}`;
