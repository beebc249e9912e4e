import { setImmediate as othersFirst } from 'node:timers/promises';
import { addressRecord } from '../addresses/address.ts';
import { companyRecord } from '../companies/company.ts';
import { listNamed } from '../companies/named.ts';
import { contactRecord } from '../contacts/contact.ts';
import { keyInsertionsOf } from '../contacts/match.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertionsOf, insertRows } from '../kernel/records/insert-rows.ts';
import { reserveReferences } from '../kernel/records/numbering.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { documentFrom } from '../kernel/records/row-document.ts';
import { type DocumentRows, writeDocuments } from '../kernel/search/index-documents.ts';
import { noteRecord } from '../notes/note.ts';
import {
  addressColumns,
  contactColumns,
  documentOf,
  type Incoming,
  keysOf,
  noteColumns,
  type Source,
} from './contact-rows.ts';
import { countGrown } from './queries.ts';
import type { SquareContact } from './square/contact.ts';

/** Makes the rows of some contacts, and answers what writes them and their ids, in order. */
export type MakeContacts = (
  some: readonly SquareContact[],
) => Promise<{ ids: string[]; write(): Promise<void> }>;

/** So many contacts are made at once: a few milliseconds, in which the database works on what it was sent before. */
const made_at_once = 50;

/**
 * For writing contacts with their companies, addresses, notes, keys and search documents, many rows a statement: the same columns,
 * audit triggers and search documents as one by one; only the round trips are fewer. What it answers makes rows without asking the
 * database, so that the next ones are made while it takes those before, and lets what is on its way be sent between a few and the next
 * few; and all that it writes of some contacts waits for nothing in between, so that a savepoint around it takes one round trip. References are counted for all of them at once.
 */
export async function contactWriter(
  context: Context,
  contacts: readonly SquareContact[],
  batchId: string,
  source: Source = 'import_csv',
): Promise<MakeContacts> {
  const companies = await companiesOf(context, contacts);
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
  // Once for each: what was refused together is made again in parts.
  const made = new Map<SquareContact, ReturnType<typeof rowsOf>>();
  const rowsOf = (contact: SquareContact) => {
    const incoming: Incoming = {
      id: newId(),
      reference: references.contact(),
      contact,
      companyId: companies.idOf(contact),
      notes: contact.memos.filter(memo => memo !== ''),
      source,
    };
    return {
      incoming,
      row: contactColumns(context, incoming, batchId),
      addresses: addressColumns([incoming], batchId, references.address),
      notes: noteColumns([incoming], batchId, references.note),
    };
  };
  return async some => {
    const all: ReturnType<typeof rowsOf>[] = [];
    const found: DocumentRows['documents'][number][] = [];
    for (const [place, contact] of some.entries()) {
      if (place % made_at_once === 0) await othersFirst();
      const rows = made.get(contact) ?? rowsOf(contact);
      made.set(contact, rows);
      all.push(rows);
      found.push(documentOf(rows.incoming, rows.row));
    }
    const addresses = all.flatMap(rows => rows.addresses);
    const notes = all.flatMap(rows => rows.notes);
    const documents: DocumentRows[] = [
      { kind: 'contact', documents: found },
      {
        kind: 'address',
        documents: addresses.map(row => documentFrom(addressRecord, row)),
        // Their words are words of their customers, and known already.
        words: 'known words',
      },
      { kind: 'note', documents: notes.map(row => documentFrom(noteRecord, row)) },
    ];
    const statements: Sql[] = [];
    const later = { tx: { send: (statement: Sql) => void statements.push(statement) } };
    const { organization } = context;
    for (const make of [
      () =>
        insertionsOf(
          context,
          contactRecord,
          all.map(({ row }) => row),
        ),
      () =>
        keyInsertionsOf(
          context,
          all.flatMap(({ incoming }) => keysOf(incoming)),
        ),
      () => insertionsOf(context, addressRecord, addresses),
      () => insertionsOf(context, noteRecord, notes),
    ]) {
      await othersFirst();
      statements.push(...make());
    }
    for (const some of documents) {
      await othersFirst();
      writeDocuments({ ...later, organization }, { ids: [], are: 'new', ...some });
    }
    const write = async () => {
      countGrown(context);
      const sent = [
        companies.write(some, batchId),
        ...statements.map(statement => context.tx.run(statement).then(() => undefined)),
      ];
      // In the order they were sent: what fails behind the first that was refused, fails because of it.
      for (const answer of await Promise.allSettled(sent)) {
        if (answer.status === 'rejected') throw answer.reason;
      }
      companies.areThere(some);
      for (const contact of some) made.delete(contact);
    };
    return { ids: all.map(({ incoming }) => incoming.id), write };
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0);

/** The companies people work for: found by their names, else made together with the first who works there. */
async function companiesOf(context: Context, contacts: readonly SquareContact[]) {
  const nameOf = ({ kind, company_name }: SquareContact) => (kind === 'person' ? company_name : '');
  const wanted = new Map(
    contacts
      .map(nameOf)
      .filter(name => name !== '')
      .map(name => [name.toLowerCase(), name]),
  );
  const ids = new Map<string, string>();
  if (wanted.size > 0) {
    for (const company of (await listNamed(context, [...wanted.values()])).reverse()) {
      ids.set(company.name.toLowerCase(), company.id);
    }
  }
  const missing = new Map<string, { id: string; reference: string; name: string }>();
  const unknown = [...wanted].filter(([key]) => !ids.has(key));
  const reference = await reserve(context, companyRecord, unknown.length);
  for (const [key, name] of unknown) {
    const id = newId();
    ids.set(key, id);
    missing.set(key, { id, reference: reference(), name });
  }
  const missingOf = (some: readonly SquareContact[]) =>
    new Set(some.map(contact => nameOf(contact).toLowerCase()).filter(key => missing.has(key)));
  return {
    idOf: (contact: SquareContact) => ids.get(nameOf(contact).toLowerCase()) ?? null,
    /** Makes those that are missing and wanted by some. */
    write: (some: readonly SquareContact[], batchId: string): Promise<void> =>
      insertRows(
        context,
        companyRecord,
        [...missingOf(some)].map(key => ({
          ...missing.get(key),
          source: 'import_csv',
          import_batch_id: batchId,
        })),
      ),
    /** They are written; before that, what was refused together wants them again. */
    areThere(some: readonly SquareContact[]): void {
      for (const key of missingOf(some)) {
        context.reindex('company', missing.get(key)?.id ?? '');
        missing.delete(key);
      }
    },
  };
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
