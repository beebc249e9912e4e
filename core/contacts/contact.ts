import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { candidatesOf, searchCandidates } from '../kernel/records/candidates.ts';
import { type Candidate, defineRecord, filterBy } from '../kernel/records/record.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { formatPhone, readPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { contactDocument, contactDocuments } from '../reading/contact-document.ts';
import { tellOnlyInNotes } from '../reading/only-in-notes.ts';
import { preferKnown } from '../reading/prefer-customers.ts';
import { searchByWords } from '../reading/search-customers.ts';
import { wantedIn } from '../search/words.ts';
import { addressAlong } from './address-along.ts';
import { listUnconfirmed, setConfirmed } from './address-queries.ts';
import { requireNoConsent } from './consent.ts';
import { keysOf } from './keys.ts';
import { findStandingMerge, listSuccessors } from './merge-queries.ts';
import { putContactBack } from './put-back.ts';
import { deleteStaleKeys, putKeys } from './queries.ts';
import { type Contact, contactFields, fullName, lifecycleStages, primaryOf, withPrimary } from './record.ts';
import { tellApart } from './tell-apart.ts';

/** A customer: person or organization receiving services (CON-01). */
export const contactRecord = defineRecord({
  name: 'contact',
  plural: 'contacts',
  noun: 'customer',
  summary:
    'Customers: people and organizations. Search finds names, phones, e-mails, streets, towns and notes.',
  also_called: ['client'],
  keywords: ['customer', 'client', 'person', 'people', 'household'],
  often: { rank: 1, members: ['tag', 'attribute', 'lifecycle_stage', 'company_id'] },
  reference: { prefix: 'C', start: 1001 },
  fields: contactFields,
  params: {
    /** The stage by another name. */
    subtype: filterBy(z.enum(lifecycleStages), (_context, stage) => sql`lifecycle_stage = ${stage}`),
  },
  includes: {
    unconfirmed_emails: {
      summary: 'e-mail addresses of the customer that nobody of the business has confirmed',
      async load(context, ids) {
        const byContact = new Map<string, string[]>();
        for (const { contact_id, email } of await listUnconfirmed(context, ids)) {
          byContact.set(contact_id, [...(byContact.get(contact_id) ?? []), email]);
        }
        return byContact;
      },
    },
  },
  filters: {
    without_email: { summary: 'no e-mail address', where: sql`email is null` },
    without_phone: { summary: 'no telephone number', where: sql`phone is null` },
    mail_comes_back: {
      summary: 'mail to them came back or was called spam',
      where: sql`email_status <> 'ok'`,
    },
    unsubscribed: { summary: 'wants no marketing', where: sql`status = 'unsubscribed'` },
  },
  actions: {
    create: {
      summary: 'Add a customer.',
      permission: { level: 'unrestricted' },
      often: { rank: 1, members: ['full_name', 'phone', 'email', 'address', 'notes', 'tags'] },
      also: { address: addressAlong },
    },
    update: {
      summary: 'Change facts about a customer.',
      permission: { level: 'unrestricted' },
      often: { rank: 1, members: ['contact_id', 'full_name', 'phone', 'email', 'notes', 'tags', 'status'] },
    },
    delete: {
      summary: 'Remove a customer and their addresses; can be restored.',
      permission: { level: 'soft_limit' },
      often: { rank: 3 },
    },
  },
  toColumns: readContact,
  writeBeside: keepKeys,
  afterRestore: requireUnmerged,
  putBack: putContactBack,
  successors: listSuccessors,
  findByName: (context, text, among): Promise<Candidate[]> =>
    searchCandidates(context, contactRecord, wantedIn(text), among),
  tellApart,
  search: searchByWords,
  prefer: preferKnown,
  tellMore: tellOnlyInNotes,
  documents: contactDocuments,
  // Nothing else belongs to it yet.
  firstDocument: row => (row.company_id === null ? contactDocument(row) : undefined),
});

/** Whoever went into another customer comes back by taking that apart, with everything that went along. */
async function requireUnmerged(context: Context, id: string): Promise<void> {
  const merge = await findStandingMerge(context, id);
  if (!merge) return;
  throw new DeskhandError('INVALID_STATE', 'This customer was merged into another one.', {
    hint: `Take the merge back: contact.unmerge with contact_merge_id ${merge.reference}.`,
  });
}

function readContact(
  context: Context,
  given: Partial<Contact>,
  before: Contact | undefined,
): Partial<Contact> {
  requireNoConsent(context, given, before);
  const columns = { ...given };
  if (given.emails || given.email) {
    columns.emails = withPrimary(readEmails(given, before), entry => entry.email);
    columns.email = primaryOf(columns.emails)?.email ?? null;
  }
  if (given.phones || given.phone) {
    columns.phones = withPrimary(readPhones(context, given, before), entry => entry.number);
    columns.phone = primaryOf(columns.phones)?.number ?? null;
  }
  if (before) tellKept(context, given, before);
  if (!before) columns.source = given.source ?? (context.actor.kind === 'agent' ? 'api' : 'manual');
  return { ...columns, ...readName(given, before) };
}

/** A new address or number does not take the place of the old one, which somebody may still answer. */
function tellKept(context: Context, given: Partial<Contact>, { email, phone }: Contact): void {
  if (given.phone && !given.phones && phone !== null && given.phone !== phone) {
    const old = formatPhone(phone, context.organization.country);
    context.warn(`The old number ${old} stays as a second one; give phones to replace the list.`);
  }
  if (given.email && !given.emails && email !== null && given.email !== email)
    context.warn(`The old address ${quote(email)} stays as a second one; give emails to replace the list.`);
}

function readName(given: Partial<Contact>, before: Contact | undefined): Partial<Contact> {
  const named = given.full_name ?? given.first_name ?? given.last_name;
  if (before && named === undefined) return {};
  const full_name = fullName({
    full_name: given.full_name,
    first_name: given.first_name ?? before?.first_name,
    last_name: given.last_name ?? before?.last_name,
  });
  if (full_name !== '') return { full_name, ...partsOf(full_name, given, before) };
  throw invalid('full_name', 'A customer needs a name.', {
    hint: 'Give full_name, or first_name and last_name.',
  });
}

/**
 * First and last name after the whole one alone was changed: the part that is still in its place stays, the other one is the rest.
 * Without either both are unknown, and mails greet by the whole name rather than by one that is wrong.
 */
function partsOf(whole: string, given: Partial<Contact>, before: Contact | undefined): Partial<Contact> {
  const isSaid = given.first_name !== undefined || given.last_name !== undefined;
  if (!before || given.full_name === undefined || isSaid || whole === before.full_name) return {};
  const { first_name, last_name } = before;
  if (first_name === null && last_name === null) return {};
  const isPerson = (given.kind ?? before.kind) === 'person';
  if (isPerson && last_name && whole.endsWith(` ${last_name}`))
    return { first_name: whole.slice(0, -last_name.length).trim(), last_name };
  if (isPerson && first_name && whole.startsWith(`${first_name} `))
    return { first_name, last_name: whole.slice(first_name.length).trim() };
  return { first_name: null, last_name: null };
}

function readEmails(given: Partial<Contact>, before: Contact | undefined): Contact['emails'] {
  if (given.emails) return given.emails;
  const others = (before?.emails ?? []).map(entry => ({ ...entry, primary: false }));
  return given.email ? [{ email: given.email, type: 'other', primary: true }, ...others] : others;
}

function readPhones(
  { organization }: Context,
  given: Partial<Contact>,
  before: Contact | undefined,
): Contact['phones'] {
  if (given.phones) {
    return given.phones.map((entry, index) => ({
      ...entry,
      number: readPhone(entry.number, organization.country, `phones.${index}.number`),
    }));
  }
  const others = (before?.phones ?? []).map(entry => ({ ...entry, primary: false }));
  if (!given.phone) return others;
  return [{ number: given.phone, type: 'other', primary: true }, ...others];
}

async function keepKeys(
  context: Context,
  id: string,
  columns: Partial<Contact>,
  before: Contact | undefined,
): Promise<void> {
  const keys = [...new Set(keysOf({ emails: [], phones: [], ...before, ...columns }))];
  if (before) {
    // Whoever of the business writes an address down, knows it; also when an agent had written it before.
    if (context.actor.kind === 'user' && columns.email) await setConfirmed(context, id, columns.email);
    if (sameKeys(keys, keysOf(before))) return;
    await deleteStaleKeys(context, id, keys);
  }
  if (keys.length === 0) return;
  await warnOfSame(context, await putKeys(context, id, keys, before ? 'new or known' : 'new'));
}

/** Names at most five living customers who can be reached in the same way. */
async function warnOfSame(
  context: Context,
  same: readonly { key: string; contact_id: string }[],
): Promise<void> {
  if (same.length === 0) return;
  const ids = [...new Set(same.map(({ contact_id }) => contact_id))];
  for (const other of (await candidatesOf(context, contactRecord, ids)).slice(0, 5)) {
    const kinds = same.flatMap(({ key, contact_id }) => (contact_id === other.id ? [key.split(':')[0]] : []));
    context.warn(
      `${other.reference} ${quote(other.label)} has the same ${kinds.join(' and ')}; is it the same customer?`,
    );
  }
}

const sameKeys = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every(key => b.includes(key));
