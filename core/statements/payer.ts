import { addressesOf, addressesOfCompanies } from '../addresses/addresses-of.ts';
import { postalLines } from '../addresses/format.ts';
import { type Company, companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Contact } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { invalid } from '../kernel/words/errors.ts';
import type { Payer } from '../reading/movements.ts';

/** Whose statement is asked for: one of both. */
export interface Whose {
  contact_id?: string | undefined;
  company_id?: string | undefined;
}

/** Who pays, of the two members that may name them. Throws VALIDATION_ERROR when neither or both do. */
export function payerNamed({ contact_id, company_id }: Whose): Payer {
  if (contact_id !== undefined && company_id === undefined) return { contact_id };
  if (company_id !== undefined && contact_id === undefined) return { company_id };
  throw invalid('contact_id', 'Say whose statement it is.', {
    hint: 'Give contact_id for a customer, or company_id for a company that pays bills: one of both.',
  });
}

/** Who pays, with what stands on a statement of theirs. */
export interface Account {
  payer: Payer;
  reference: string;
  /** The legal name of a company, where it has one. */
  name: string;
  is_company: boolean;
  row: Contact | Company;
}

/** Throws NOT_FOUND. */
export async function accountOf(context: ReadContext, whose: Whose): Promise<Account> {
  const payer = payerNamed(whose);
  if (payer.company_id === undefined) {
    const row = await getRow(context, contactRecord, payer.contact_id);
    return { payer, reference: row.reference, name: row.full_name, is_company: false, row };
  }
  const row = await getRow(context, companyRecord, payer.company_id);
  return { payer, reference: row.reference, name: row.legal_name ?? row.name, is_company: true, row };
}

/** Where they get their bills, line by line; nothing where no address is known. */
export async function billingLines(context: ReadContext, { payer }: Account): Promise<string[]> {
  const all =
    payer.company_id === undefined
      ? await addressesOf(context, [payer.contact_id])
      : await addressesOfCompanies(context, [payer.company_id]);
  const address = all.find(({ type }) => type === 'billing') ?? all[0];
  return address ? postalLines(address) : [];
}
