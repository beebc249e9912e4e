import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { moveLinks, wasLinkUsed } from '../kernel/outside/links.ts';
import { moveJobs } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { countMoved, type MovedChildren, returnAll } from '../kernel/records/move.ts';
import { getRow, listByIds, setDeleted, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { reindexChildren } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { markForSearch } from '../kernel/search/indexed.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { isSame, written } from './combine.ts';
import { isUnsubscribed } from './consent.ts';
import { contactRecord } from './contact.ts';
import { contactMergeRecord, reversibleDays } from './contact-merge.ts';
import { keysOf } from './keys.ts';
import { takeKeys } from './merge-queries.ts';
import { type Contact, contactFields, primaryOf, withPrimary } from './record.ts';

/** What went back of what had gone over. */
const back = (moved: readonly MovedChildren[], gone: readonly MovedChildren[]): MovedChildren[] =>
  moved.map(one => {
    const missing = gone.flatMap(({ record, column, ids }) =>
      record === one.record && column === one.column ? ids : [],
    );
    return { ...one, ids: one.ids.filter(id => !missing.includes(id)) };
  });

type Changed = Readonly<Record<string, { before?: unknown; after?: unknown }>>;

const person = contactRecord.row.pick({ id: true, reference: true, full_name: true });

/**
 * Takes a merge back: the other customer is there again with everything that came from it, and the first one is what it was.
 * What somebody has changed since stays as they left it, and is told.
 */
export const unmergeContacts = defineAction({
  domain: 'contact',
  name: 'unmerge',
  summary:
    'Take a merge of two customers back, exactly, within 30 days; tells what has changed since and stays.',
  input: z.strictObject({ contact_merge_id: ref('contact_merge') }),
  output: z.object({
    contact: person,
    restored: person,
    /** What went back, by the names of the lists: `{tickets: 2}`. */
    returned: z.record(z.string(), z.number()),
    /** What somebody has changed or moved on since, and stays as they left it. */
    stays: z.array(z.enum(Object.keys(contactFields))),
    stays_elsewhere: z.record(z.string(), z.number()),
  }),
  permission: { level: 'soft_limit' },
  effect: 'update',
  locks: 'contact_merge_id',
  undo: 'contact.merge',
  why_not_undone: 'contact.merge makes one of the two again',
  verb: 'take apart',
  past: 'took apart',
  says: '{it} and {contact}',
  participle: 'taken apart',
  example: { contact_merge_id: 'CM-1' },
  keywords: ['undo', 'split', 'separate', 'not the same'],
  async run(context, { contact_merge_id }) {
    const merge = await getRow(context, contactMergeRecord, contact_merge_id, { lock: true });
    if (merge.undone_at !== null) {
      throw new DeskhandError('INVALID_STATE', `${merge.reference} was taken back before.`);
    }
    const age = context.now.since(Temporal.Instant.from(merge.created_at)).total('hours') / 24;
    if (age > reversibleDays) {
      throw new DeskhandError('INVALID_STATE', `${merge.reference} is older than ${reversibleDays} days.`, {
        hint: 'Add the other customer anew, and move what is theirs by hand.',
      });
    }
    const { winner, other } = await lockBoth(context, merge.contact_id, merge.merged_contact_id);
    const { columns, changedSince } = columnsBack(winner, merge.changed);
    const wish = await wishSince(context, winner, merge);
    if (wish) Object.assign(columns, wish);
    const contact =
      Object.keys(columns).length === 0
        ? winner
        : await updateRow(context, contactRecord, winner.id, columns);
    if (wish) await updateRow(context, contactRecord, other.id, wish);
    await takeKeys(context, winner.id, merge.keys, keysOf(contact));
    await moveLinks(context, winner.id, other.id, merge.keys.links);
    await moveJobs(context, winner.id, other.id, merge.keys.jobs);
    await setDeleted(context, contactRecord, other.id, false);
    const gone = await returnAll(context, contactRecord, merge.moved, { fromId: winner.id, toId: other.id });
    await updateRow(context, contactMergeRecord, merge.id, { undone_at: context.now.toString() });
    await reindexChildren(context, contactRecord, contact, winner);
    for (const row of [contact, other]) markForSearch(context, contactRecord, row);
    return {
      contact,
      restored: other,
      returned: countMoved(context, back(merge.moved, gone)),
      stays: changedSince,
      stays_elsewhere: countMoved(context, gone),
    };
  },
});

/**
 * Whoever unsubscribed while the two were one did so for both: nobody knows which of them it was, and the stricter word
 * counts (consent.ts). Undefined when they have not.
 */
async function wishSince(
  context: Context,
  winner: Contact,
  { changed, created_at }: { changed: Changed; created_at: string },
): Promise<Partial<Contact> | undefined> {
  if (!isUnsubscribed(winner)) return undefined;
  const used = { purpose: 'unsubscribe', contact_id: winner.id, since: created_at };
  const was = changed.status?.after === 'unsubscribed' || changed.email_opt_in?.after === false;
  if (was && !(await wasLinkUsed(context, used))) return undefined;
  return winner.status === 'unsubscribed' ? { status: 'unsubscribed' } : { email_opt_in: false };
}

/** Both rows, locked in the order in which a merge locks them. */
async function lockBoth(context: Context, winnerId: string, otherId: string) {
  const rows = await listByIds(context, contactRecord, [winnerId, otherId], { lock: 'alone', deleted: true });
  const winner = rows.find(({ id }) => id === winnerId);
  const other = rows.find(({ id }) => id === otherId);
  if (!winner || !other) throw new Error('a merge names a customer who is not there');
  if (winner.deleted_at === null) return { winner, other };
  throw new DeskhandError('INVALID_STATE', `${winner.reference} is not there any more.`, {
    hint: 'It was deleted or merged in turn: take that back first.',
  });
}

/**
 * What the merge changed goes back to what it was, unless somebody has changed it since; of a list that was changed since,
 * what the merge had added is taken out.
 */
function columnsBack(winner: Contact, changed: Changed) {
  const columns: Record<string, unknown> = {};
  const changedSince: string[] = [];
  for (const [name, { before, after }] of Object.entries(changed)) {
    const now: unknown = Reflect.get(winner, name);
    if (isSame(before, after)) continue;
    if (isSame(now, after)) columns[name] = before ?? null;
    else if (lists.has(name)) columns[name] = without(now, before, after);
    else changedSince.push(name);
  }
  return { columns: withFirst(columns), changedSince };
}

const lists: ReadonlySet<string> = new Set(['emails', 'phones', 'tags']);

const anyList = z.array(z.unknown());

function without(now: unknown, before: unknown, after: unknown): unknown[] {
  const had = anyList.parse(before).map(said);
  const added = anyList
    .parse(after)
    .map(said)
    .filter(item => !had.includes(item));
  return anyList.parse(now).filter(item => !added.includes(said(item)));
}

/** What an entry of a list says, whichever of them is the first. */
const said = (item: unknown): string =>
  written(typeof item === 'object' ? { ...item, primary: undefined } : item);

const kept = z.object({
  emails: contactFields.emails.row.optional(),
  phones: contactFields.phones.row.optional(),
});

/** The first of a list is also the one we write to, or call. */
function withFirst(columns: Record<string, unknown>): Partial<Contact> {
  const { emails, phones } = kept.parse(columns);
  return {
    ...columns,
    ...(emails
      ? first(
          emails,
          entry => entry.email,
          list => ({ emails: list, email: primaryOf(list)?.email ?? null }),
        )
      : {}),
    ...(phones
      ? first(
          phones,
          entry => entry.number,
          list => ({ phones: list, phone: primaryOf(list)?.number ?? null }),
        )
      : {}),
  };
}

const first = <T extends { primary: boolean }>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  columns: (list: T[]) => Partial<Contact>,
): Partial<Contact> => columns(withPrimary(entries, keyOf));
