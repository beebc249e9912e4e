import { z } from 'zod';
import { addressesInclude } from '../addresses/include.ts';
import {
  attributesInclude,
  countOwnAttributes,
  knownOf,
  reindexAttributesOf,
} from '../attributes/of-contact.ts';
import { historyInclude } from '../audit/history.ts';
import { companyRecord } from '../companies/company.ts';
import { countInteractions } from '../interactions/of-contact.ts';
import { countInvoicesOf, reindexInvoicesOf } from '../invoices/of-contact.ts';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord, type Row } from '../kernel/records/record.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { searchDocuments } from '../kernel/search/index-documents.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { readPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { memberRecord } from '../members/member.ts';
import { wantedIn } from '../search/words.ts';
import { contactDocument, documentOfNew } from './document.ts';
import {
  countHistory,
  deleteAddresses,
  deleteStaleKeys,
  listCandidates,
  listDocumentSources,
  listOpenTickets,
  listSameKeys,
  listVisitIds,
  restoreAddresses,
  sendKeys,
} from './queries.ts';
import {
  type Contact,
  contactColumns,
  contactRow,
  contactSources,
  contactStatuses,
  contactWritable,
  fullName,
  lifecycleStages,
  primaryOf,
  withPrimary,
} from './record.ts';
import { searchCustomers } from './search.ts';

/** A customer: person or organization receiving services (CON-01). */
export const contactRecord = defineRecord({
  name: 'contact',
  plural: 'contacts',
  table: 'contacts',
  summary:
    'Customers: people and organizations. Search finds names, phones, e-mails, streets, towns and notes.',
  keywords: ['customer', 'client', 'person', 'people', 'household'],
  reference: { prefix: 'C', start: 1001 },
  columns: contactColumns,
  row: contactRow,
  label: row => String(row.full_name),
  writable: contactWritable,
  clearable: [
    'nickname',
    'job_title',
    'company_id',
    'preferred_channel',
    'owner_user_id',
    'notes',
    'source_ref',
  ],
  default_fields: ['id', 'reference', 'full_name', 'phone', 'email', 'status', 'lifecycle_stage', 'tags'],
  sorts: ['full_name', 'created_at', 'updated_at'],
  params: z.strictObject({
    kind: z.enum(['person', 'organization']).optional(),
    status: z.enum(contactStatuses).optional(),
    lifecycle_stage: z.enum(lifecycleStages).optional(),
    subtype: z.enum(lifecycleStages).optional(),
    source: z.enum(contactSources).optional(),
    tag: z.string().max(50).optional(),
    company_id: ref('company').optional(),
    import_id: ref('import').optional(),
    /** A known fact: `pet`, `elderly`, `pet=dog`, `pet: Biscuit`. */
    attribute: z.string().max(200).optional(),
  }),
  where(params, context): Sql[] {
    const stage = params.lifecycle_stage ?? params.subtype;
    return [
      ...(params.kind ? [sql`kind = ${params.kind}`] : []),
      ...(params.status ? [sql`status = ${params.status}`] : []),
      ...(stage ? [sql`lifecycle_stage = ${stage}`] : []),
      ...(params.source ? [sql`source = ${params.source}`] : []),
      ...(params.tag ? [sql`${params.tag} = any (tags)`] : []),
      ...(params.company_id ? [sql`company_id = ${params.company_id}::uuid`] : []),
      ...(params.import_id ? [sql`import_batch_id = ${params.import_id}::uuid`] : []),
      ...(params.attribute ? [knownOf(context, params.attribute)] : []),
    ];
  },
  filters: {
    without_email: { summary: 'no e-mail address', where: sql`email is null` },
    without_phone: { summary: 'no telephone number', where: sql`phone is null` },
    unsubscribed: { summary: 'wants no marketing', where: sql`status = 'unsubscribed'` },
  },
  includes: {
    addresses: addressesInclude,
    attributes: attributesInclude,
    audit_trail: historyInclude('contact'),
  },
  actions: {
    create: { summary: 'Add a customer.', permission: { level: 'unrestricted' } },
    update: { summary: 'Change facts about a customer.', permission: { level: 'unrestricted' } },
    delete: {
      summary: 'Remove a customer and their addresses; can be restored.',
      permission: { level: 'soft_limit' },
    },
  },
  async toColumns(context, input, before) {
    await requireLiving(context, companyRecord, input.company_id, 'company_id');
    await requireLiving(context, memberRecord, input.owner_user_id, 'owner_user_id');
    return readContact(context, input, before);
  },
  writeBeside: keepKeys,
  async history(context, id) {
    const { tickets, notes } = await countHistory(context, id);
    const facts = await countOwnAttributes(context, id);
    const interactions = await countInteractions(context, id);
    const invoices = await countInvoicesOf(context, id);
    if (tickets + notes + facts + interactions + invoices === 0) return undefined;
    const parts = [
      `${count(tickets, 'visit')} and ${count(notes, 'note')}`,
      ...(facts === 0 ? [] : [count(facts, 'known fact')]),
      ...(interactions === 0 ? [] : [count(interactions, 'interaction')]),
      ...(invoices === 0 ? [] : [count(invoices, 'invoice')]),
    ];
    return `this customer has ${parts.join(', and ')}`;
  },
  async afterDelete(context, id) {
    const open = await listOpenTickets(context, id);
    if (open.length > 0) {
      throw new DeskhandError('INVALID_STATE', 'This customer still has visits to come.', {
        tickets: open.map(ticket => ticket.reference),
        hint: 'Cancel or finish them first.',
      });
    }
    for (const address of await deleteAddresses(context, id)) context.reindex('address', address.id);
    await reindexAttributesOf(context, [id]);
  },
  // What was deleted by itself before stays deleted.
  async afterRestore(context, id, before) {
    const restored = await restoreAddresses(context, id, String(before.deleted_at));
    for (const address of restored) context.reindex('address', address.id);
    await reindexAttributesOf(context, [id]);
  },
  // Visits are found by the name of their customer.
  async afterWrite(context, row, before) {
    if (!before || before.full_name === row.full_name) return;
    for (const visit of await listVisitIds(context, String(row.id))) context.reindex('ticket', visit.id);
    await reindexInvoicesOf(context, String(row.id));
  },
  async findByName(context, text) {
    const hits = await searchDocuments(context, ['contact'], wantedIn(text), 6);
    return listCandidates(
      context,
      hits.map(hit => hit.record_id),
    );
  },
  search: async (context, query, most) => (await searchCustomers(context, { query }, most)).hits,
  documents: async (context, ids) => (await listDocumentSources(context, ids)).map(contactDocument),
  firstDocument: row => (row.company_id === null ? documentOfNew(contactRow.parse(row)) : undefined),
});

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

type Input = z.output<typeof contactWritable>;

const contactChanges = contactWritable.partial();

function readContact(context: Context, input: Row, beforeRow: Row | undefined): Row {
  const given = contactChanges.parse(withoutNulls(input));
  const before = beforeRow === undefined ? undefined : contactRow.parse(beforeRow);
  const { email: _email, phone: _phone, ...plain } = given;
  const columns: Row = { ...plain, ...nullsOf(input) };
  if (given.emails || given.email) {
    const emails = withPrimary(readEmails(given, before), entry => entry.email);
    Object.assign(columns, { emails, email: primaryOf(emails)?.email ?? null });
  }
  if (given.phones || given.phone) {
    const phones = withPrimary(readPhones(context, given, before), entry => entry.number);
    Object.assign(columns, { phones, phone: primaryOf(phones)?.number ?? null });
  }
  if (given.custom_fields && before)
    columns.custom_fields = { ...before.custom_fields, ...given.custom_fields };
  Object.assign(columns, readName(given, before));
  if (!before) columns.source = given.source ?? (context.actor.kind === 'agent' ? 'api' : 'manual');
  return columns;
}

function readName(given: Input, before: Contact | undefined): Row {
  const named = given.full_name ?? given.first_name ?? given.last_name;
  if (before && named === undefined) return {};
  const full_name = fullName({
    full_name: given.full_name,
    first_name: given.first_name ?? before?.first_name,
    last_name: given.last_name ?? before?.last_name,
  });
  if (full_name !== '') return { full_name };
  throw invalid('full_name', 'A customer needs a name.', {
    hint: 'Give full_name, or first_name and last_name.',
  });
}

function readEmails(
  given: Input,
  before: Contact | undefined,
): { email: string; type: string; primary: boolean }[] {
  if (given.emails) return given.emails;
  const others = (before?.emails ?? []).map(entry => ({ ...entry, primary: false }));
  return given.email ? [{ email: given.email, type: 'other', primary: true }, ...others] : others;
}

function readPhones(context: Context, given: Input, before: Contact | undefined) {
  const { country } = context.organization;
  if (given.phones) {
    return given.phones.map((entry, index) => ({
      ...entry,
      number: readPhone(entry.number, country, `phones.${index}.number`),
    }));
  }
  const others = (before?.phones ?? []).map(entry => ({ ...entry, primary: false }));
  if (!given.phone) return others;
  return [{ number: readPhone(given.phone, country, 'phone'), type: 'other', primary: true }, ...others];
}

const withoutNulls = (row: Row) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
const nullsOf = (row: Row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value === null));

const reachedBy = contactRow.pick({ emails: true, phones: true });

async function keepKeys(context: Context, id: string, columns: Row, before: Row | undefined): Promise<void> {
  const keys = keysOf(reachedBy.parse({ emails: [], phones: [], ...before, ...columns }));
  if (before) {
    if (sameKeys(keys, keysOf(reachedBy.parse(before)))) return;
    await deleteStaleKeys(context, id, keys);
  }
  if (keys.length === 0) return;
  sendKeys(context, id, keys);
  await warnOfSame(context, await listSameKeys(context, keys, id));
}

/** Names at most five living customers who can be reached in the same way. */
async function warnOfSame(
  context: Context,
  same: readonly { key: string; contact_id: string }[],
): Promise<void> {
  if (same.length === 0) return;
  const ids = [...new Set(same.map(({ contact_id }) => contact_id))];
  for (const other of (await listCandidates(context, ids)).slice(0, 5)) {
    const kinds = same.flatMap(({ key, contact_id }) => (contact_id === other.id ? [key.split(':')[0]] : []));
    context.warn(
      `${other.reference} ${quote(other.label)} has the same ${kinds.join(' and ')}; is it the same customer?`,
    );
  }
}

/** The keys a contact is recognised by: `email:jane@…`, `phone:+1256…`. */
export function keysOf(contact: Pick<Contact, 'emails' | 'phones'>): string[] {
  return [
    ...contact.emails.map(entry => `email:${entry.email}`),
    ...contact.phones.map(entry => `phone:${entry.number}`),
  ];
}

const sameKeys = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every(key => b.includes(key));
