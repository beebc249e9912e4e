import { addressRecord } from '../addresses/address.ts';
import { addressesOf } from '../addresses/addresses-of.ts';
import { companyRecord } from '../companies/company.ts';
import { findNamedToAdd } from '../companies/named.ts';
import { contactRecord } from '../contacts/contact.ts';
import { findKnownToAdd } from '../contacts/match.ts';
import type { Contact } from '../contacts/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Candidate, Row } from '../kernel/records/record.ts';
import { createRecord, updateRecord } from '../kernel/records/record-actions.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { fold } from '../kernel/words/fold.ts';
import { quote } from '../kernel/words/quote.ts';
import type { Lead } from './record.ts';

/**
 * The customer a lead becomes: the given one, the one it was matched with, the one whose e-mail address or number it
 * has, else a new one. Throws AMBIGUOUS when several could be meant, INVALID_STATE when nobody knows the name.
 */
export async function ensureContact(
  context: Context,
  lead: Lead,
  given: string | undefined,
): Promise<{ contact: Contact; isNew: boolean }> {
  const id = given ?? (await knownCustomer(context, lead));
  if (id === undefined) return { contact: await createContact(context, lead), isNew: true };
  const known = await getRow(context, contactRecord, id, { lock: true });
  const news = newsOf(known, lead);
  const contact = Object.keys(news).length > 0 ? await updateRecord(context, contactRecord, id, news) : known;
  return { contact, isNew: false };
}

async function knownCustomer(context: Context, lead: Lead): Promise<string | undefined> {
  const { contact_id } = lead;
  if (contact_id !== null && (await findRow(context, contactRecord, contact_id))) return contact_id;
  const [only, ...others] = await findKnownToAdd(context, lead);
  if (others.length === 0 || only === undefined) return only?.id;
  throw ambiguous(`${lead.reference} could be several customers.`, 'contact_id', [only, ...others]);
}

const ambiguous = (message: string, field: string, found: readonly Candidate[]) =>
  new DeskhandError('AMBIGUOUS', message, {
    field,
    candidates: found.slice(0, 5).map(({ reference, label }) => ({ reference, label })),
    hint: `Say which one with ${field}.`,
  });

async function createContact(context: Context, lead: Lead): Promise<Contact> {
  const { full_name, company_name, email, phone, reference, owner_user_id, tags } = lead;
  const name = full_name ?? company_name;
  if (name === null) {
    throw new DeskhandError('INVALID_STATE', `Nobody knows yet who ${reference} is.`, {
      field: 'full_name',
      hint: 'Give the name with lead.update and full_name, or an existing customer with contact_id.',
    });
  }
  return createRecord(context, contactRecord, {
    full_name: name,
    ...(full_name === null ? { kind: 'organization' } : {}),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    source: 'lead_conversion',
    source_ref: reference,
    owner_user_id,
    tags,
  });
}

/** What a known customer gains: a way to be reached that was missing; whoever was to be won is a customer now. */
function newsOf(known: Contact, lead: Lead): Row {
  const isWon = known.lifecycle_stage === 'lead' || known.lifecycle_stage === 'prospect';
  return {
    ...(known.email === null && lead.email !== null ? { email: lead.email } : {}),
    ...(known.phone === null && lead.phone !== null ? { phone: lead.phone } : {}),
    ...(isWon ? { lifecycle_stage: 'customer' } : {}),
  };
}

/** The company a lead named, found by its name or made, and linked with the customer unless that has another one. */
export async function ensureCompany(context: Context, lead: Lead, contact: Contact) {
  const id = await companyOf(context, lead);
  if (id === undefined) return undefined;
  const company = await getRow(context, companyRecord, id);
  if (contact.company_id === null) {
    await updateRecord(context, contactRecord, contact.id, { company_id: id });
  } else if (contact.company_id !== id) {
    context.warn(
      `${contact.reference} belongs to another company already; ${company.reference} ${quote(company.name)} stands on the lead only.`,
    );
  }
  return company;
}

async function companyOf(context: Context, lead: Lead): Promise<string | undefined> {
  const { company_id, company_name } = lead;
  if (company_id !== null && (await findRow(context, companyRecord, company_id))) return company_id;
  if (company_name === null) return undefined;
  const named = await findNamedToAdd(context, company_name);
  const [only, ...others] = named;
  if (others.length > 0) {
    throw new DeskhandError('AMBIGUOUS', 'Several companies have this name.', {
      field: 'company_id',
      candidates: named.slice(0, 5).map(({ reference, label }) => ({ reference, label })),
      hint: 'Say which one with lead.update and company_id, then convert again.',
    });
  }
  if (only) return only.id;
  return (await createRecord(context, companyRecord, { name: company_name })).id;
}

/** The address a lead named, unless its customer has it already or no street is known. */
export async function ensureAddress(context: Context, lead: Lead, contactId: string) {
  const { line1, line2, city, state, postal_code } = lead;
  if (line1 === null) return undefined;
  const known = await addressesOf(context, [contactId]);
  const same = known.find(address => isSamePlace(address, { line1, city, postal_code }));
  if (same) return same;
  const parts: Row = { contact_id: contactId, line1, line2, city, state, postal_code };
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null));
  return createRecord(context, addressRecord, { ...given, type: 'service' });
}

interface Place {
  line1: string;
  city: string | null;
  postal_code: string | null;
}

/** The same street and number; what only one of the two knows of the town says nothing against it. */
function isSamePlace(a: Place, b: Place): boolean {
  const fits = (left: string | null, right: string | null) =>
    left === null || right === null || plain(left) === plain(right);
  return plain(a.line1) === plain(b.line1) && fits(a.city, b.city) && fits(a.postal_code, b.postal_code);
}

const plain = (text: string) =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
