import { z } from 'zod';
import { addressesOf, addressesOfCompanies } from '../addresses/addresses-of.ts';
import { type Postal, postalLines } from '../addresses/format.ts';
import { companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, listByIds } from '../kernel/records/record-queries.ts';
import { invalid } from '../kernel/words/errors.ts';
import { ticketRecord } from '../tickets/ticket.ts';

/** Whom a bill is made out to: the company where one pays, else the customer (CFL-06). */
export const payerShape = z.object({
  /** The legal name of a company, where it has one. */
  name: z.string(),
  /** On several lines, as it stands on the paper; null when none is known. */
  address: z.string().nullable(),
  /** Where the bill goes; null when there is no address of mail. */
  email: z.string().nullable(),
  is_company: z.boolean(),
});
export type Payer = z.infer<typeof payerShape>;

/** Who pays instead of the customer, as a caller says it. */
export const payingCompany = z
  .string()
  .min(1)
  .max(200)
  .nullable()
  .optional()
  .meta({ ref: 'company', description: 'the company that pays; null: the customer' });

/** What of a bill says who pays. */
export interface Billed {
  contact_id: string | null;
  company_id: string | null;
  ticket_id: string | null;
  issued_on: string | null;
  billing_name: string | null;
  billing_address: string | null;
  billing_email: string | null;
}

/** Who pays a bill: as it was made out when it was issued, and as things are now while it is a draft (D9). */
export const payerOf = async (context: ReadContext, invoice: Billed): Promise<Payer> =>
  onlyOf(await payersOf(context, [invoice]));

/** The same of several bills, in their order. */
export async function payersOf(context: ReadContext, invoices: readonly Billed[]): Promise<Payer[]> {
  const present = await presentPayers(
    context,
    invoices.filter(invoice => !isMadeOut(invoice)),
  );
  return invoices.map(invoice => {
    const { billing_name: name, billing_address: address, billing_email: email, company_id } = invoice;
    if (!isMadeOut(invoice)) return present.get(invoice) ?? nobody;
    return { name: name ?? '', address, email, is_company: company_id !== null };
  });
}

const isMadeOut = ({ issued_on, billing_name }: Billed): boolean =>
  issued_on !== null && billing_name !== null;

const nobody: Payer = { name: '', address: null, email: null, is_company: false };

const onlyOf = (payers: Iterable<Payer>): Payer => [...payers][0] ?? nobody;

/** Who pays some bills as things are now, removed or not. */
async function presentPayers(context: ReadContext, invoices: readonly Billed[]): Promise<Map<Billed, Payer>> {
  const idsOf = (column: 'contact_id' | 'company_id' | 'ticket_id') =>
    invoices.flatMap(invoice => invoice[column] ?? []);
  const contactIds = idsOf('contact_id');
  const companyIds = idsOf('company_id');
  const [contacts, companies, visits, homes, offices] = await Promise.all([
    listByIds(context, contactRecord, contactIds, { deleted: true }),
    listByIds(context, companyRecord, companyIds, { deleted: true }),
    listByIds(context, ticketRecord, idsOf('ticket_id')),
    contactIds.length === 0 ? [] : addressesOf(context, contactIds),
    companyIds.length === 0 ? [] : addressesOfCompanies(context, companyIds),
  ]);
  const of = <T extends { id: string }>(rows: readonly T[], id: string | null) =>
    rows.find(row => row.id === id);
  const payerNow = (invoice: Billed): Payer => {
    const contact = of(contacts, invoice.contact_id);
    const company = of(companies, invoice.company_id);
    if (!company) {
      const theirs = homes.filter(({ contact_id }) => contact_id === invoice.contact_id);
      const place = of(visits, invoice.ticket_id)?.address_id ?? null;
      const address = billingAmong(theirs) ?? of(theirs, place) ?? theirs[0];
      return {
        name: contact?.full_name ?? '',
        address: asText(address),
        email: contact?.email ?? null,
        is_company: false,
      };
    }
    const theirs = offices.filter(({ company_id }) => company_id === company.id);
    return {
      name: company.legal_name ?? company.name,
      address: asText(billingAmong(theirs) ?? theirs[0]),
      // Whom we know there gets the bill of a company that has said no address for bills.
      email: company.billing_email ?? contact?.email ?? null,
      is_company: true,
    };
  };
  return new Map(invoices.map(invoice => [invoice, payerNow(invoice)]));
}

const billingAmong = <T extends { type: string }>(addresses: readonly T[]): T | undefined =>
  addresses.find(({ type }) => type === 'billing');

const asText = (address: Postal | undefined): string | null =>
  address ? postalLines(address).join('\n') || null : null;

/** What is written on a bill on the day it is issued; says so when a company has no address to be billed at. */
export async function madeOutNow(context: Context, invoice: Billed & { reference: string }) {
  const present = await presentPayers(context, [invoice]);
  const { name, address, email, is_company } = onlyOf(present.values());
  if (is_company && address === null) {
    context.warn(
      `${invoice.reference} is made out to ${name} without an address, because there is none of that company: add it with address.create and company_id for the bills to come.`,
    );
  }
  return { billing_name: name, billing_address: address, billing_email: email };
}

/** Who is to pay a bill that is made now, with their names where they were read on the way. */
export interface Chosen {
  contact_id?: string;
  company_id?: string;
  names?: { customer: string | null; company: string | null };
}

/**
 * Who is to pay a bill that is made now: what was said, or else the company of the customer where that pays for its people.
 * `company_id: null` says that the customer pays. Throws VALIDATION_ERROR when neither is named.
 */
export async function choosePayer(
  context: ReadContext,
  { contact_id, company_id }: { contact_id?: string | undefined; company_id?: string | null | undefined },
): Promise<Chosen> {
  const isSaid = company_id !== undefined && company_id !== null;
  if (contact_id === undefined) {
    if (isSaid) return { company_id };
    throw invalid('contact_id', 'Say who the invoice is for.', {
      hint: 'Give contact_id, or company_id for a company that pays, or both.',
    });
  }
  if (isSaid) return { contact_id, company_id };
  if (company_id === null) return { contact_id };
  const contact = await findRow(context, contactRecord, contact_id, { deleted: true });
  const company = contact?.company_id ? await findRow(context, companyRecord, contact.company_id) : undefined;
  const pays = company?.pays_for_its_people ? company : undefined;
  return {
    contact_id,
    ...(pays ? { company_id: pays.id } : {}),
    ...(contact ? { names: { customer: contact.full_name, company: pays ? namesOf(pays) : null } } : {}),
  };
}

/** As search knows a company. */
const namesOf = ({ name, legal_name }: { name: string; legal_name: string | null }): string =>
  [name, legal_name].filter(one => one !== null).join(' ');
