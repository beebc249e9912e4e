import { contactRecord } from '../contacts/contact.ts';
import type { Contact } from '../contacts/record.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { contactDocument, newestEntries } from '../reading/contact-document.ts';
import { plainKeys } from './match.ts';
import { contactKeys, type SquareContact } from './square/contact.ts';

/** A contact on its way into the tables. */
export interface Incoming {
  id: string;
  reference: string;
  contact: SquareContact;
  companyId: string | null;
  notes: string[];
  source: Source;
}

/** Where a customer came from (IMX-03). */
export type Source = 'import_csv' | 'import_google_contacts';

export type ContactColumns = ReturnType<typeof contactColumns>;

export function contactColumns(context: Context, incoming: Incoming, batchId: string) {
  const { id, reference, contact, companyId } = incoming;
  const custom: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...contact.custom_fields, birthday: contact.birthday ?? '' })) {
    if (value !== '') custom[key] = value;
  }
  return Object.assign(otherColumns(contact), {
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
  });
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

export function addressColumns(incoming: readonly Incoming[], batchId: string, reference: () => string) {
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

export function noteColumns(incoming: readonly Incoming[], batchId: string, reference: () => string) {
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

export const keysOf = ({ id, contact }: Incoming) =>
  [...new Set([...contactKeys(contact), ...plainKeys(contact)])].map(key => ({ key, contact_id: id }));

/** The same document that is made of the rows later on. */
export function documentOf({ contact, companyId, notes }: Incoming, columns: ContactColumns) {
  const { id, reference, full_name, nickname, emails, phones, phone, custom_fields } = columns;
  const { job_title = null, tags = [], notes: remarks = null } = columns;
  return contactDocument(
    {
      id,
      reference,
      full_name,
      nickname,
      emails,
      phones,
      phone,
      custom_fields,
      job_title,
      tags,
      notes: remarks,
    },
    {
      company: companyId === null ? null : contact.company_name,
      addresses: contact.addresses.map(({ line1, line2, city, state, postal_code }) =>
        [line1, line2, city, state, postal_code].filter(Boolean).join(' '),
      ),
      town: contact.addresses.find(({ city }) => city)?.city ?? null,
      entries: newestEntries(notes),
    },
  );
}

/** The name people say; for somebody without one, what else identifies them. */
function nameOf(contact: SquareContact): string {
  const said = typeof contact.fields?.full_name === 'string' ? contact.fields.full_name : '';
  const person = said || [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  const known = contact.nickname ?? contact.emails[0]?.email ?? contact.phones[0]?.number;
  return person || contact.company_name || known || 'Unknown';
}
