import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { moveLinks } from '../kernel/outside/links.ts';
import { moveJobs } from '../kernel/outside/outbox.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { countMoved, moveAll } from '../kernel/records/move.ts';
import { getRow, insertRow, listByIds, setDeleted, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { reindexChildren } from '../kernel/records/relations.ts';
import { hintOfSuccessor } from '../kernel/records/successor.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { markForSearch } from '../kernel/search/indexed.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { combine, dropped } from './combine.ts';
import { namesAgree, whyUnsure } from './compare.ts';
import { contactRecord } from './contact.ts';
import { contactMergeRecord } from './contact-merge.ts';
import { keysOf } from './keys.ts';
import { addKeys, findStandingMerge, isMadeAlike } from './merge-queries.ts';
import { nameOf } from './names.ts';
import { type Contact, contactFields } from './record.ts';

const input = z.strictObject({
  contact_id: ref('contact').meta({ description: 'the one that stays, with its reference' }),
  merged_contact_id: ref('contact').meta({ description: 'the one that goes into it' }),
});

/** A member of a customer. */
const member = z.enum(Object.keys(contactFields));

const person = contactRecord.row.pick({ id: true, reference: true, full_name: true });

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
    contact: person.extend({ phone: z.string().nullable(), email: z.string().nullable() }),
    merged: person,
    /** What went over, by the names of the lists: `{tickets: 2, notes: 1}`. */
    moved: z.record(z.string(), z.number()),
    /** Members of the one that stays which the other one filled or added to. */
    taken_over: z.array(member),
    /** Where the two said different things: the word of the one that stays was kept, this one was not. */
    not_taken_over: z.record(z.string(), z.unknown()),
    already: z.boolean(),
    hint: z.string(),
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
  often: { rank: 3 },
  undo: 'contact.unmerge',
  past: 'merged',
  example: { contact_id: 'Jane Smith', merged_contact_id: 'C-1003' },
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
  const contact =
    Object.keys(columns).length === 0 ? winner : await updateRow(context, contactRecord, winner.id, columns);
  const keys = await addKeys(context, other.id, winner.id);
  const links = await moveLinks(context, other.id, winner.id);
  const jobs = await moveJobs(context, other.id, winner.id);
  const moved = await moveAll(context, contactRecord, other.id, winner.id);
  await setDeleted(context, contactRecord, other.id, true);
  await reindexChildren(context, contactRecord, contact, winner);
  for (const row of [contact, other]) markForSearch(context, contactRecord, row);
  const { reference } = await insertRow(context, contactMergeRecord, {
    id: newId(),
    contact_id: winner.id,
    merged_contact_id: other.id,
    changed: changesOf(winner, contact, Object.keys(columns)),
    moved,
    keys: { links, jobs, ...keys },
  });
  return {
    ...tell(contact, other, reference),
    moved: countMoved(context, moved),
    taken_over: Object.keys(columns),
    not_taken_over: dropped(contact, other),
    already: false,
  };
}

const tell = (contact: Contact, merged: Contact, reference: string) => ({
  merge: reference,
  contact,
  merged,
  hint: `It can be taken back for 30 days: contact.unmerge with contact_merge_id ${reference}.`,
});

/** What the customer said about our mails stands here although it did not change: it may have changed until it is taken back. */
const wishes = ['status', 'email_opt_in'] as const;

function changesOf(before: Contact, after: Contact, names: readonly string[]) {
  const told = [...new Set([...names, ...wishes])];
  const of = (row: Contact, name: string): unknown => Reflect.get(row, name);
  return Object.fromEntries(told.map(name => [name, { before: of(before, name), after: of(after, name) }]));
}

/**
 * Both rows, locked in one order, whoever is named first: two merges at once never wait for each other in a circle. Nobody
 * books a visit for either of them, or writes a note, until this transaction ends.
 */
async function lockBoth(context: Context, winnerId: string, otherId: string) {
  const rows = await listByIds(context, contactRecord, [winnerId, otherId], { lock: 'alone', deleted: true });
  const winner = rows.find(({ id }) => id === winnerId);
  const other = rows.find(({ id }) => id === otherId);
  if (!winner || winner.deleted_at !== null) {
    throw notFound('contact', winner?.reference ?? winnerId, {
      field: 'contact_id',
      ...(await hintOfSuccessor(context, contactRecord.name, winnerId)),
    });
  }
  if (!other) throw notFound('contact', otherId, { field: 'merged_contact_id' });
  for (const { is_system, reference } of [winner, other]) {
    if (is_system) throw new DeskhandError('INVALID_STATE', `${reference} is not a customer to be merged.`);
  }
  return { winner, other };
}

/** Said again: the merge that was made stands. */
async function repeated(context: Context, winner: Contact, other: Contact) {
  const standing = await findStandingMerge(context, other.id);
  if (standing?.contact_id === winner.id) {
    context.unchanged();
    const taken = Object.entries(standing.changed).filter(([, { before, after }]) => before !== after);
    return {
      ...tell(winner, other, standing.reference),
      moved: countMoved(context, standing.moved),
      taken_over: taken.map(([name]) => name),
      not_taken_over: dropped(winner, other),
      already: true,
    };
  }
  if (!standing) throw notFound('contact', other.reference, { field: 'merged_contact_id' });
  const into = await getRow(context, contactRecord, standing.contact_id, { deleted: true });
  throw new DeskhandError('INVALID_STATE', `${other.reference} was merged into ${into.reference} before.`, {
    field: 'merged_contact_id',
    hint: `Merge ${into.reference} ${quote(into.full_name)} instead, or take that merge back: contact.unmerge with contact_merge_id ${standing.reference}.`,
  });
}

/** Why a person should look: undefined when both their names and a way to reach them agree. */
async function doubtOf(context: ReadContext, winnerId: string, otherId: string): Promise<string | undefined> {
  const [a, b] = await listByIds(context, contactRecord, [winnerId, otherId]);
  if (!a || !b) return undefined;
  const unsure = whyUnsure({
    share_reach: keysOf(a).some(key => keysOf(b).includes(key)),
    names_agree: namesAgree(nameOf(a), nameOf(b)),
  });
  if (unsure !== undefined) return unsure;
  // An agent that gave one of them the other’s name and number has proved nothing, and mails would go elsewhere.
  return (await isMadeAlike(context, [a.id, b.id]))
    ? 'an agent has changed the name or the ways to reach one of them, and their e-mail addresses differ'
    : undefined;
}
