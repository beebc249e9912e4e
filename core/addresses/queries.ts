import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { addressRecord } from './address.ts';

const ofContact = z.object({
  contact_id: z.string(),
  id: z.string(),
  reference: z.string(),
  type: z.string(),
  label: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
});
export type ContactAddress = z.infer<typeof ofContact>;

/** The living addresses of some contacts, oldest first. */
export const listOfContacts = (context: ReadContext, contactIds: readonly string[]) =>
  pickRows(context, addressRecord, ofContact, sql`contact_id = any (${[...contactIds]}::uuid[]) order by id`);

const ofCompany = ofContact.omit({ contact_id: true }).extend({ company_id: z.string() });

/** The living addresses of some companies themselves, oldest first. */
export const listOfCompanies = (context: ReadContext, companyIds: readonly string[]) =>
  pickRows(context, addressRecord, ofCompany, sql`company_id = any (${[...companyIds]}::uuid[]) order by id`);

const inOneLine = sql`concat_ws(', ', line1, line2, city, nullif(concat_ws(' ', state, postal_code), ''))`;

/** Addresses whose text holds what somebody wrote. */
export function listLike(
  context: ReadContext,
  text: string,
  among?: readonly string[],
): Promise<Candidate[]> {
  return listCandidates(context, addressRecord, {
    where: sql`${inOneLine} ilike ${anywhere(text)}`,
    order: sql`created_at`,
    label: inOneLine,
    among,
  });
}
