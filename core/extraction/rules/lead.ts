import { capital } from '../../kernel/words/capital.ts';
import type { LeadFields } from '../record.ts';
import { findAddress } from './address.ts';
import { findCompany, findEmails, findPhones } from './contact-details.ts';
import { readInquiry } from './inquiry.ts';
import { findName } from './name.ts';
import { noteByRules } from './note.ts';
import { readable } from './readable.ts';

/** What the rules make of an inquiry (LED-03): who, where, what, how soon, and what is said of the property. */
export function leadByRules(written: string, country: string): LeadFields {
  const text = readable(written);
  const [email] = findEmails(text);
  const [phone] = findPhones(text, country);
  const full_name = findName(text);
  const company_name = findCompany(text);
  const { attributes } = noteByRules(text);
  const fields: LeadFields = {
    ...(full_name === undefined ? {} : { full_name: full_name.slice(0, 200) }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    ...(company_name === undefined ? {} : { company_name: company_name.slice(0, 200) }),
    ...findAddress(text),
    ...readInquiry(text),
    ...(attributes.length > 0 ? { property_details: attributes } : {}),
  };
  const title = titleOf(fields);
  return title === undefined ? fields : { title, ...fields };
}

/** `Window cleaning, screen cleaning in Owens Cross Roads`; undefined when nothing is known that would tell it. */
function titleOf({ service_interest, city, company_name, full_name }: LeadFields): string | undefined {
  if (service_interest === undefined) return full_name === undefined ? undefined : `Inquiry of ${full_name}`;
  const wanted = capital(service_interest);
  const where = company_name ?? city;
  return `${wanted.slice(0, 80)}${where === undefined ? '' : `${company_name === undefined ? ' in ' : ' for '}${where}`}`.slice(
    0,
    200,
  );
}
