import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { readUndoToken } from '../kernel/pipeline/undo-token.ts';
import { listHistory } from '../kernel/records/history.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { listNamed } from '../kernel/records/record-queries.ts';
import { resolveRef } from '../kernel/records/references.ts';
import { doneWords, wishOf } from '../kernel/registry/deed.ts';
import { type AnyCall, alongOf, ranCall } from '../kernel/registry/registry.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { listEntriesAt, listTakenBack, type TrailEntry } from './undo-queries.ts';

/** A call that was done, as the trail tells it. */
export interface Called {
  request_id: string;
  /** The action or workflow; undefined when nobody registers it any more. */
  found: AnyCall | undefined;
  actor: { kind: string; id: string | null };
  /** In our words, with names in marks: `updated contact, by «Dana» on Wed 2026-11-18 08:00 -06:00`. */
  words: string;
  /** Oldest first; at least one. */
  entries: readonly TrailEntry[];
}

/** The name of the action that takes back, as the trail has it. */
export const undoing = 'audit.undo';

/**
 * The call that a word means: the one whose answer gave it, or the last one about the record of a reference, or about whom
 * a name means, that still stands. Throws NOT_FOUND.
 */
export async function findCalled(context: ReadContext, of: string): Promise<Called> {
  const wanted = readUndoToken(of);
  const called = wanted ? await readCalled(context, of) : await findLast(context, of);
  if (called) return called;
  throw notFound('call', of, {
    field: 'of',
    hint: 'Give the undo of its answer, the id of its request, or a reference: then it is the last call about that.',
  });
}

async function readCalled(context: ReadContext, token: string): Promise<Called | undefined> {
  const wanted = readUndoToken(token);
  if (!wanted) return undefined;
  const entries = (await listEntriesAt(context, wanted.at)).filter(
    ({ request_id }) => request_id !== null && wanted.fits(request_id),
  );
  const ids = [...new Set(entries.flatMap(({ request_id }) => request_id ?? []))];
  const calls = ids.map(id =>
    describe(
      context,
      id,
      entries.filter(({ request_id }) => request_id === id),
    ),
  );
  const [only, ...others] = calls;
  if (others.length === 0) return only;
  // Of calls of one millisecond, one pair in some ten thousands has one word.
  throw new DeskhandError('AMBIGUOUS', `${quote(token)} is the word of several calls.`, {
    field: 'of',
    candidates: calls.map(({ request_id, words }) => ({ reference: request_id, label: words })),
    hint: 'Give the id of one of them.',
  });
}

async function findLast(context: ReadContext, reference: string): Promise<Called | undefined> {
  const found = await findMeant(context, reference);
  if (!found) return undefined;
  const history = await listHistory(context, found.record, [found.id], 200);
  const calls = history.filter(({ domain_action }) => domain_action !== undoing);
  for (const id of new Set(calls.map(({ request_id }) => request_id))) {
    if (id === null || (await findTakenBack(context, id))) continue;
    return readCalled(context, id);
  }
  return undefined;
}

/** The record of a reference, deleted or not; a customer or a lead by name. Throws AMBIGUOUS. */
async function findMeant(context: ReadContext, text: string) {
  const { records, references } = context.registry;
  const type = references.typeOf(text);
  const record = [...records.values()].find(({ plural }) => plural === type);
  if (record) {
    const [row] = await listNamed(context, record, [text.toUpperCase()], { deleted: true });
    return row && { record, id: row.id };
  }
  for (const name of ['contact', 'lead']) {
    const named = records.get(name);
    const id = named && (await idNamed(context, named, text));
    if (named && id !== undefined) return { record: named, id };
  }
  return undefined;
}

async function idNamed(context: ReadContext, record: RecordSpec, text: string): Promise<string | undefined> {
  try {
    return await resolveRef(context, record, text, 'of');
  } catch (error) {
    if (error instanceof DeskhandError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Who has taken a call back, when that stands: taking it back may have been taken back in turn. */
export async function findTakenBack(
  context: ReadContext,
  requestId: string,
): Promise<TrailEntry | undefined> {
  if (!isUuid(requestId)) return undefined;
  for (const entry of await listTakenBack(context, requestId)) {
    if (entry.request_id === null || !(await findTakenBack(context, entry.request_id))) return entry;
  }
  return undefined;
}

/** Throws INVALID_STATE for a call that was taken back. */
export async function requireStanding(context: ReadContext, { request_id, words }: Called): Promise<void> {
  const entry = await findTakenBack(context, request_id);
  if (!entry) return;
  const when = localTime(entry.created_at, context.organization.time_zone);
  throw new DeskhandError(
    'INVALID_STATE',
    `It was already undone by ${quote(entry.actor_name)} on ${when}: ${words}.`,
    { field: 'of' },
  );
}

function describe(
  { registry, organization }: ReadContext,
  request_id: string,
  entries: readonly TrailEntry[],
): Called {
  const [first] = entries;
  if (!first) throw new Error('a call left no entry');
  const { domain_action, actor_kind, user_id, actor_name, created_at } = first;
  const action = domain_action ?? first.action;
  const made = entries.find(entry => entry.action === 'create' && entry.entity_type === action.split('.')[0]);
  const reference = z.object({ new: z.string() }).safeParse(made?.changes.reference).data?.new;
  const deed = action.includes('.') ? doneWords(registry, action, reference) : wishOf(registry, action);
  const found = ranCall(
    registry,
    action,
    entries.map(entry => entry.domain_action),
  );
  const along = registry.composed.has(action) && found ? alongOf(found) : [];
  const whole = [deed, ...along.map(id => doneWords(registry, id))].join(' and ');
  return {
    request_id,
    found,
    actor: { kind: actor_kind, id: user_id },
    words: `${whole}, by ${quote(actor_name)} on ${localTime(created_at, organization.time_zone)}`,
    entries,
  };
}
