import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { moveLinks } from '../kernel/outside/links.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { returnAll, tellMoved } from '../kernel/records/move.ts';
import { getRow, setDeleted, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { reindexChildren } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { markForSearch } from '../kernel/search/indexed.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { isSame } from './combine.ts';
import { contactRecord, keysOf } from './contact.ts';
import { contactMergeRecord } from './contact-merge.ts';
import { takeKeys } from './merge-queries.ts';
import type { Contact } from './record.ts';

/** For so long a merge can be taken back (CON-24). */
const days = 30;

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
    contact: z.string(),
    restored: z.string(),
    returned: z.array(z.string()),
    stays: z.array(z.string()),
  }),
  permission: { level: 'soft_limit' },
  effect: 'update',
  undo: 'contact.merge',
  past: 'took apart',
  participle: 'taken apart',
  example: { contact_merge_id: 'CM-1' },
  keywords: ['undo', 'split', 'separate', 'not the same'],
  async run(context, { contact_merge_id }) {
    const merge = await getRow(context, contactMergeRecord, contact_merge_id, { lock: true });
    if (merge.undone_at !== null) {
      throw new DeskhandError('INVALID_STATE', `${merge.reference} was taken back before.`);
    }
    const age = context.now.since(Temporal.Instant.from(merge.created_at)).total('hours') / 24;
    if (age > days) {
      throw new DeskhandError('INVALID_STATE', `${merge.reference} is older than ${days} days.`, {
        hint: 'Add the other customer anew, and move what is theirs by hand.',
      });
    }
    const winner = await lockWinner(context, merge.contact_id);
    const other = await getRow(context, contactRecord, merge.merged_contact_id, {
      lock: true,
      deleted: true,
    });
    const { columns, changedSince } = columnsBack(winner, merge.changed);
    const contact =
      Object.keys(columns).length === 0
        ? winner
        : await updateRow(context, contactRecord, winner.id, columns);
    await takeKeys(context, winner.id, merge.keys.keys, keysOf(contact));
    await moveLinks(context, winner.id, other.id, merge.keys.links);
    await setDeleted(context, contactRecord, other.id, false);
    const gone = await returnAll(context, contactRecord, merge.moved, winner.id, other.id);
    await updateRow(context, contactMergeRecord, merge.id, { undone_at: context.now.toString() });
    await reindexChildren(context, contactRecord, contact, winner);
    for (const row of [contact, other]) markForSearch(context, contactRecord, row);
    return {
      contact: winner.reference,
      restored: other.reference,
      returned: tellMoved(context, contactRecord, merge.moved),
      stays: [...changedSince, ...tellMoved(context, contactRecord, gone)],
    };
  },
});

async function lockWinner(context: Context, id: string): Promise<Contact> {
  const winner = await getRow(context, contactRecord, id, { lock: true, deleted: true });
  if (winner.deleted_at === null) return winner;
  throw new DeskhandError('INVALID_STATE', `${winner.reference} is not there any more.`, {
    hint: 'It was deleted or merged in turn: take that back first.',
  });
}

/** What the merge changed goes back to what it was, unless somebody has changed it since. */
function columnsBack(
  winner: Contact,
  changed: Readonly<Record<string, { before?: unknown; after?: unknown }>>,
) {
  const columns: Record<string, unknown> = {};
  const changedSince: string[] = [];
  for (const [name, { before, after }] of Object.entries(changed)) {
    if (isSame(Reflect.get(winner, name), after)) columns[name] = before ?? null;
    else changedSince.push(name);
  }
  return { columns, changedSince };
}
