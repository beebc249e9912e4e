import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { moveLinks } from '../kernel/outside/links.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { moveAll, tellMoved } from '../kernel/records/move.ts';
import { getRow, insertRow, listByIds, setDeleted, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { reindexChildren } from '../kernel/records/relations.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { markForSearch } from '../kernel/search/indexed.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { combine } from './combine.ts';
import { contactRecord, keysOf } from './contact.ts';
import { contactMergeRecord } from './contact-merge.ts';
import { addKeys, findStandingMerge } from './merge-queries.ts';
import { areCompatible, nameOf } from './names.ts';
import type { Contact } from './record.ts';

const input = z.strictObject({
  contact_id: ref('contact').meta({ description: 'the one that stays, with its reference' }),
  merged_contact_id: ref('contact').meta({ description: 'the one that goes into it' }),
});

/**
 * Makes one customer of two (CON-24): the first keeps its reference and its own word, everything of the second becomes its,
 * and the second is deleted. Said twice it is done once. `contact.unmerge` takes it back for 30 days, exactly.
 */
export const mergeContacts = defineAction({
  domain: 'contact',
  name: 'merge',
  summary:
    'Make one customer of two that are the same: contact_id stays, everything of merged_contact_id goes to it.',
  input,
  output: z.object({
    merge: z.string(),
    contact: contactRecord.row.pick({ id: true, reference: true, full_name: true, phone: true, email: true }),
    merged: z.string(),
    moved: z.array(z.string()),
    taken_over: z.array(z.string()),
    already: z.boolean(),
  }),
  permission: {
    level: 'unrestricted',
    rules: [
      {
        name: 'perhaps_two',
        level: 'requires_authorization',
        summary: 'unless they share a name and a telephone number or e-mail address',
        applies: (context, { contact_id, merged_contact_id }) =>
          doubtOf(context, contact_id, merged_contact_id),
      },
    ],
  },
  effect: 'delete',
  undo: 'contact.unmerge',
  past: 'merged',
  example: { contact_id: 'C-1001', merged_contact_id: 'C-1002' },
  keywords: ['duplicate', 'same customer', 'twice', 'join', 'combine', 'dedupe'],
  run: (context, { contact_id, merged_contact_id }) => merge(context, contact_id, merged_contact_id),
});

async function merge(context: Context, winnerId: string, otherId: string) {
  if (winnerId === otherId) {
    throw invalid('merged_contact_id', 'These are the same customer already.', {
      hint: 'Give two customers; contact_id is the one that stays.',
    });
  }
  const { winner, other } = await lockBoth(context, winnerId, otherId);
  if (other.deleted_at !== null) return repeated(context, winner, other);
  const columns = combine(winner, other);
  const [contact, keys, links] = [
    Object.keys(columns).length === 0 ? winner : await updateRow(context, contactRecord, winner.id, columns),
    await addKeys(context, other.id, winner.id),
    await moveLinks(context, other.id, winner.id),
  ];
  const moved = await moveAll(context, contactRecord, other.id, winner.id);
  await setDeleted(context, contactRecord, other.id, true);
  await reindexChildren(context, contactRecord, contact, winner);
  for (const row of [contact, other]) markForSearch(context, contactRecord, row);
  const row = await insertRow(context, contactMergeRecord, {
    id: newId(),
    contact_id: winner.id,
    merged_contact_id: other.id,
    changed: Object.fromEntries(
      Object.entries(columns).map(([name, after]) => [name, { before: Reflect.get(winner, name), after }]),
    ),
    moved,
    keys: { links, keys },
  });
  return {
    merge: row.reference,
    contact,
    merged: other.reference,
    moved: tellMoved(context, contactRecord, moved),
    taken_over: Object.keys(columns),
    already: false,
  };
}

/** Both rows, locked in one order, whoever is named first: two merges at once never wait for each other in a circle. */
async function lockBoth(context: Context, winnerId: string, otherId: string) {
  const rows = await listByIds(context, contactRecord, [winnerId, otherId], {
    lock: 'change',
    deleted: true,
  });
  const winner = rows.find(({ id }) => id === winnerId);
  const other = rows.find(({ id }) => id === otherId);
  if (!winner || winner.deleted_at !== null) throw notFound('contact', winnerId, { field: 'contact_id' });
  if (!other) throw notFound('contact', otherId, { field: 'merged_contact_id' });
  return { winner, other };
}

/** Said again: the merge that was made stands. */
async function repeated(context: Context, winner: Contact, other: Contact) {
  const standing = await findStandingMerge(context, other.id);
  if (standing?.contact_id === winner.id) {
    return {
      merge: standing.reference,
      contact: winner,
      merged: other.reference,
      moved: tellMoved(context, contactRecord, standing.moved),
      taken_over: Object.keys(standing.changed),
      already: true,
    };
  }
  if (!standing) throw notFound('contact', other.id, { field: 'merged_contact_id' });
  const into = await getRow(context, contactRecord, standing.contact_id, { deleted: true });
  throw new DeskhandError('INVALID_STATE', `${other.reference} was merged into ${into.reference} before.`, {
    hint: `Merge ${into.reference} instead, or take that merge back with contact.unmerge.`,
  });
}

/** Why a person should look: undefined when both their names and a way to reach them agree. */
async function doubtOf(context: ReadContext, winnerId: string, otherId: string): Promise<string | undefined> {
  const [a, b] = await listByIds(context, contactRecord, [winnerId, otherId]);
  if (!a || !b) return undefined;
  if (!keysOf(a).some(key => keysOf(b).includes(key)))
    return 'they share no telephone number and no e-mail address';
  return areCompatible(nameOf(a), nameOf(b))
    ? undefined
    : 'their names differ: perhaps two people of one household';
}
