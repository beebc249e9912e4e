import { addressRecord } from '../addresses/address.ts';
import { addressesOf } from '../addresses/addresses-of.ts';
import { companyRecord } from '../companies/company.ts';
import { findNamedToAdd } from '../companies/named.ts';
import { contactRecord } from '../contacts/contact.ts';
import { compareNames, findKnownToAdd, type KnownContact, sharedWords } from '../contacts/match.ts';
import type { Contact } from '../contacts/record.ts';
import type { ProposedAttribute } from '../extraction/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { createRecord, updateRecord } from '../kernel/records/record-actions.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { fold } from '../kernel/words/fold.ts';
import { quote } from '../kernel/words/quote.ts';
import type { Lead } from './record.ts';

/**
 * The customer a lead becomes: the given one, a new one if that is wanted, the one it was matched with, the one whose
 * e-mail address or number it has, else a new one. Throws AMBIGUOUS when several could be meant, INVALID_STATE when nobody
 * knows the name.
 */
export async function ensureContact(
  context: Context,
  lead: Lead,
  { given, isNew }: { given: string | undefined; isNew: boolean },
): Promise<{ contact: Contact; isNew: boolean }> {
  const id = given ?? (isNew ? undefined : await knownCustomer(context, lead));
  if (id === undefined) return { contact: await createContact(context, lead), isNew: true };
  const known = await getRow(context, contactRecord, id, { lock: true });
  const isWon = known.lifecycle_stage === 'lead' || known.lifecycle_stage === 'prospect';
  const contact = isWon
    ? await updateRecord(context, contactRecord, id, { lifecycle_stage: 'customer' })
    : known;
  return { contact, isNew: false };
}

/**
 * What an inquiry says of somebody who is known already, and that does not stand with them: another way to be reached, a
 * street. Who wrote it nobody knows, so none of it becomes the customer's by itself (security.md, "in from strangers"):
 * no mail goes there and no visit. It is written down as unconfirmed facts, for a person to confirm or drop.
 */
export async function offeredBy(context: Context, lead: Lead, known: Contact): Promise<ProposedAttribute[]> {
  const { email, phone, line1, line2, city, state, postal_code } = lead;
  const offered: ProposedAttribute[] = [];
  if (email !== null && !known.emails.some(entry => entry.email === email)) {
    offered.push({ key: 'email', value: email });
  }
  if (phone !== null && !known.phones.some(entry => entry.number === phone)) {
    offered.push({ key: 'phone', value: phone });
  }
  if (line1 === null || (await knownPlace(context, lead, known.id))) return offered;
  const street = [line1, line2, city, [state, postal_code].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  return [...offered, { key: 'address', value: street.slice(0, 300) }];
}

async function knownCustomer(context: Context, lead: Lead): Promise<string | undefined> {
  const { contact_id } = lead;
  if (contact_id !== null && (await findRow(context, contactRecord, contact_id))) return contact_id;
  const known = await findKnownToAdd(context, lead);
  const [only, ...others] = meantBy(lead, known);
  if (others.length === 0 || only === undefined) return only?.id;
  const found = [only, ...others];
  throw new DeskhandError('AMBIGUOUS', `${lead.reference} could be several customers.`, {
    field: 'contact_id',
    candidates: found.slice(0, 5).map(candidate => {
      const { reference, label } = candidate;
      return { reference, label, why: whyOf(lead, candidate) };
    }),
    hint: 'Say which one with contact_id, or new_customer: true for somebody we do not know yet.',
  });
}

/**
 * Whom an inquiry can mean of those who are reached in the same way: whoever has the same name, else all it could be. People
 * who share a number and are called otherwise are a family or a landlord, and not the one who asks: making somebody new warns
 * of them.
 */
function meantBy({ full_name, email }: Lead, known: readonly KnownContact[]): readonly KnownContact[] {
  if (full_name === null) return known;
  const same = known.filter(({ label }) => compareNames(full_name, label) === 'same');
  if (same.length === 1) return same;
  return known.filter(
    ({ label, keys }) =>
      (email !== null && keys.includes(`email:${email}`)) || compareNames(full_name, label) !== 'other',
  );
}

/** `same phone, name «Anna Twin» is near «A. Twin»` */
function whyOf({ full_name }: Lead, candidate: KnownContact): string {
  const shared = sharedWords(candidate);
  if (full_name === null) return `${shared}, name ${quote(candidate.label)}`;
  const fit = compareNames(full_name, candidate.label);
  const name = `name ${quote(candidate.label)}`;
  if (fit === 'same') return `${shared}, same ${name}`;
  return `${shared}, ${name} ${fit === 'near' ? 'is near' : 'is not'} ${quote(full_name)}`;
}

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

/**
 * The company a lead named, found by its name or made, and linked with a new customer. Whom we know belongs to the company
 * we know, and to no other because an inquiry says so.
 */
export async function ensureCompany(
  context: Context,
  lead: Lead,
  { contact, isNew }: { contact: Contact; isNew: boolean },
) {
  const id = await companyOf(context, lead);
  if (id === undefined) return undefined;
  const company = await getRow(context, companyRecord, id);
  if (isNew && contact.company_id === null) {
    await updateRecord(context, contactRecord, contact.id, { company_id: id });
  } else if (contact.company_id !== id) {
    context.warn(
      `${contact.reference} ${contact.company_id === null ? 'is not known to belong to this company' : 'belongs to another company already'}; ${company.reference} ${quote(company.name)} stands on the lead only.`,
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
  const same = await knownPlace(context, lead, contactId);
  if (same) return same;
  const parts: Row = { contact_id: contactId, line1, line2, city, state, postal_code };
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null));
  return createRecord(context, addressRecord, { ...given, type: 'service' });
}

/** The address of a customer that a lead names; undefined when they have no such. */
export async function knownPlace(context: Context, { line1, city, postal_code }: Lead, contactId: string) {
  if (line1 === null) return undefined;
  const known = await addressesOf(context, [contactId]);
  return known.find(address => isSamePlace(address, { line1, city, postal_code }));
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
