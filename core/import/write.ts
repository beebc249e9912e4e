import { addressRecord } from '../addresses/address.ts';
import { companyRecord } from '../companies/company.ts';
import { listNamed } from '../companies/named.ts';
import { contactRecord } from '../contacts/contact.ts';
import { insertKeys } from '../contacts/match.ts';
import type { Contact } from '../contacts/record.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { insertRows } from '../kernel/records/record-queries.ts';
import { reserveReferences } from '../kernel/records/references.ts';
import { documentFrom } from '../kernel/records/row-document.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { writeDocuments } from '../kernel/search/index-documents.ts';
import { noteRecord } from '../notes/note.ts';
import { contactDocument, newestEntries, nothingYet } from '../reading/contact-document.ts';
import { plainKeys } from './match.ts';
import { planAnew } from './queries.ts';
import { contactKeys, type SquareContact } from './square/contact.ts';

/** A contact on its way into the tables. */
interface Incoming {
  id: string;
  reference: string;
  contact: SquareContact;
  companyId: string | null;
  notes: string[];
  source: Source;
}

/** Where a customer came from (IMX-03). */
export type Source = 'import_csv' | 'import_google_contacts';

type ContactColumns = ReturnType<typeof contactColumns>;

/** Contacts that are written together. */
const chunk = 500;

/**
 * Writes contacts with their companies, addresses, notes, keys and search documents, many rows a statement. The same
 * columns, audit triggers and search documents as one by one; only the round trips are fewer, and the next contacts are
 * made ready while the database takes the ones before. `may_fail`: in a savepoint, so that whoever calls it goes on without
 * them. Answers their ids, in order.
 */
export async function writeContacts(
  context: Context,
  contacts: readonly SquareContact[],
  batchId: string,
  { source = 'import_csv', may_fail = false }: { source?: Source | undefined; may_fail?: boolean } = {},
): Promise<string[]> {
  const ids: string[] = [];
  const companies = await ensureCompanies(context, contacts, batchId);
  const references = {
    contact: await reserve(context, contactRecord, contacts.length),
    address: await reserve(
      context,
      addressRecord,
      sum(contacts, contact => contact.addresses.length),
    ),
    note: await reserve(
      context,
      noteRecord,
      sum(contacts, contact => contact.memos.length),
    ),
  };
  let before: Promise<unknown> = Promise.resolve();
  for (let start = 0; start < contacts.length; start += chunk) {
    planAnew(context);
    const incoming: Incoming[] = [];
    for (const contact of contacts.slice(start, start + chunk)) {
      incoming.push({
        id: newId(),
        reference: references.contact(),
        contact,
        companyId: companies.get(contact.company_name.toLowerCase()) ?? null,
        notes: contact.memos.filter(memo => memo !== ''),
        source,
      });
    }
    ids.push(...incoming.map(({ id }) => id));
    const contactRows: ContactColumns[] = [];
    const documents: SearchDocument[] = [];
    for (const one of incoming) {
      const columns = contactColumns(context, one, batchId);
      contactRows.push(columns);
      documents.push(documentOf(one, columns));
    }
    const addressRows = addressColumns(incoming, batchId, references.address);
    const noteRows = noteColumns(incoming, batchId, references.note);
    const writing = Promise.all([
      insertRows(context, contactRecord, contactRows),
      insertKeys(context, incoming.flatMap(keysOf)),
      insertRows(context, addressRecord, addressRows),
      insertRows(context, noteRecord, noteRows),
    ]);
    // In a savepoint nothing may be on its way behind a statement that is refused.
    if (may_fail) await writing;
    writeDocuments(context, { kind: 'contact', ids: [], documents });
    // Their words are words of their customers, and known already.
    writeDocuments(context, {
      kind: 'address',
      ids: [],
      documents: addressRows.map(row => documentFrom(addressRecord, row)),
      words: 'known words',
    });
    writeDocuments(context, {
      kind: 'note',
      ids: [],
      documents: noteRows.map(row => documentFrom(noteRecord, row)),
    });
    // Whether it worked is found out one turn later, by the `await`.
    writing.catch(() => undefined);
    await before;
    before = writing;
  }
  await before;
  return ids;
}

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0);

/** The companies people work for, found by name or made; keyed by the name in lower case. */
async function ensureCompanies(
  context: Context,
  contacts: readonly SquareContact[],
  batchId: string,
): Promise<Map<string, string>> {
  const wanted = new Map(
    contacts
      .filter(contact => contact.kind === 'person' && contact.company_name !== '')
      .map(contact => [contact.company_name.toLowerCase(), contact.company_name]),
  );
  const ids = new Map<string, string>();
  if (wanted.size === 0) return ids;
  for (const company of (await listNamed(context, [...wanted.values()])).reverse()) {
    ids.set(company.name.toLowerCase(), company.id);
  }
  const missing = [...wanted].filter(([key]) => !ids.has(key));
  if (missing.length === 0) return ids;
  const reference = await reserve(context, companyRecord, missing.length);
  const rows = missing.map(([key, name]) => {
    const id = newId();
    ids.set(key, id);
    context.reindex('company', id);
    return { id, reference: reference(), name, source: 'import_csv', import_batch_id: batchId };
  });
  await insertRows(context, companyRecord, rows);
  return ids;
}

function contactColumns(context: Context, incoming: Incoming, batchId: string) {
  const { id, reference, contact, companyId } = incoming;
  const custom: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...contact.custom_fields, birthday: contact.birthday ?? '' })) {
    if (value !== '') custom[key] = value;
  }
  return {
    ...otherColumns(contact),
    id,
    reference,
    kind: contact.kind,
    first_name: contact.first_name || null,
    last_name: contact.last_name || null,
    full_name: nameOf(contact),
    nickname: contact.nickname ?? null,
    company_id: companyId,
    emails: contact.emails,
    phones: contact.phones,
    email: contact.emails[0]?.email ?? null,
    phone: contact.phones[0]?.number ?? null,
    status: contact.email_opt_in === false ? ('unsubscribed' as const) : statusOf(contact),
    source: incoming.source,
    source_ref: contact.square_ids[0] ?? contact.reference_ids[0] ?? null,
    email_opt_in: optInOf(context, contact),
    custom_fields: custom,
    import_batch_id: batchId,
  };
}

/** Fields of a customer that only some files know; every row of a statement has the same ones. */
function otherColumns({ fields = {} }: SquareContact): Partial<Contact> {
  const columns = Object.entries(contactRecord.fields)
    .filter(([name, { given, to }]) => given !== undefined && !to && name !== 'custom_fields')
    .map(([name, { default: usual }]) => [name, fields[name] ?? usual ?? null]);
  return Object.fromEntries(columns);
}

const statusOf = ({ fields = {} }: SquareContact): Contact['status'] =>
  fields.status === 'inactive' || fields.status === 'unsubscribed' ? fields.status : 'active';

// Whoever hands over a file says nothing about where a consent comes from: by an agent it counts as not known, and a
// refusal as what it is.
const optInOf = ({ actor }: Context, { email_opt_in }: SquareContact): boolean | null =>
  email_opt_in === true && actor.kind === 'agent' ? null : (email_opt_in ?? null);

function addressColumns(incoming: readonly Incoming[], batchId: string, reference: () => string) {
  return incoming.flatMap(({ id, contact }) =>
    contact.addresses.map(address => ({
      id: newId(),
      reference: reference(),
      contact_id: id,
      type: address.type ?? ('service' as const),
      label: address.label || null,
      notes: address.notes || null,
      line1: address.line1,
      line2: address.line2 || null,
      city: address.city || null,
      state: address.state || null,
      postal_code: address.postal_code || null,
      country: address.country,
      import_batch_id: batchId,
    })),
  );
}

function noteColumns(incoming: readonly Incoming[], batchId: string, reference: () => string) {
  return incoming.flatMap(({ id, notes }) =>
    notes.map(content => ({
      id: newId(),
      reference: reference(),
      contact_id: id,
      content,
      source: 'import' as const,
      import_batch_id: batchId,
    })),
  );
}

const keysOf = ({ id, contact }: Incoming) =>
  [...new Set([...contactKeys(contact), ...plainKeys(contact)])].map(key => ({ key, contact_id: id }));

/** The same document that is made of the rows later on. */
function documentOf({ contact, companyId, notes }: Incoming, columns: ContactColumns) {
  return contactDocument({
    ...nothingYet,
    job_title: null,
    tags: [],
    notes: null,
    ...columns,
    company: companyId === null ? null : contact.company_name,
    addresses: contact.addresses.map(({ line1, line2, city, state, postal_code }) =>
      [line1, line2, city, state, postal_code].filter(Boolean).join(' '),
    ),
    town: contact.addresses.find(({ city }) => city)?.city ?? null,
    entries: newestEntries(notes),
  });
}

/** The name people say; for somebody without one, what else identifies them. */
function nameOf(contact: SquareContact): string {
  const said = typeof contact.fields?.full_name === 'string' ? contact.fields.full_name : '';
  const person = said || [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  const known = contact.nickname ?? contact.emails[0]?.email ?? contact.phones[0]?.number;
  return person || contact.company_name || known || 'Unknown';
}

/** Takes as many references as there are rows, in one statement; answers what gives them out one by one. */
async function reserve(context: Context, record: RecordSpec, count: number): Promise<() => string> {
  const { reference } = record;
  if (!reference) throw new Error(`${record.plural} have no references`);
  if (count === 0) return () => '';
  const write = await reserveReferences(context, reference, count);
  let next = 0;
  return () => write(next++);
}
