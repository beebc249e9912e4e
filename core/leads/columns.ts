import { companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import { findKnown } from '../contacts/match.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { invalid } from '../kernel/words/errors.ts';
import { readPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { readDay } from '../kernel/words/time.ts';
import { firstOwner } from '../members/first-owner.ts';
import { memberRecord } from '../members/member.ts';
import type { Lead } from './record.ts';

/** What a caller sent as columns of a lead: numbers in one spelling, its customer found, an owner for a new one. */
export async function readLead(context: Context, input: Row, before: Lead | undefined): Promise<Row> {
  await requireLiving(context, contactRecord, input.contact_id, 'contact_id');
  await requireLiving(context, companyRecord, input.company_id, 'company_id');
  await requireLiving(context, memberRecord, input.owner_user_id, 'owner_user_id');
  const columns: Row = { ...input };
  if (typeof input.phone === 'string')
    columns.phone = readPhone(input.phone, context.organization.country, 'phone');
  if (typeof input.expected_close_date === 'string')
    columns.expected_close_date = readDay(input.expected_close_date, 'expected_close_date').toString();
  if (before && typeof input.custom_fields === 'object')
    columns.custom_fields = { ...before.custom_fields, ...input.custom_fields };
  Object.assign(columns, await matchCustomer(context, columns, before));
  if (before) return columns;
  return {
    ...columns,
    currency: context.organization.currency,
    owner_user_id: input.owner_user_id ?? (await ownerOf(context)),
  };
}

/**
 * The customer whose e-mail address or number this is (LED-16, LED-18). Several are none: the caller is told who they
 * are. Nothing is matched over what somebody chose.
 */
async function matchCustomer(context: Context, columns: Row, before: Lead | undefined): Promise<Row> {
  if ('contact_id' in columns || before?.contact_id) return {};
  if (columns.email === undefined && columns.phone === undefined) return {};
  const text = (name: 'email' | 'phone') => {
    const value = name in columns ? columns[name] : before?.[name];
    return typeof value === 'string' ? value : null;
  };
  const known = await findKnown(context, { email: text('email'), phone: text('phone') });
  const [only, ...others] = known;
  if (!only) return {};
  if (others.length > 0) {
    const names = known.slice(0, 5).map(({ reference, label }) => `${reference} ${quote(label)}`);
    context.warn(
      `Several customers have this e-mail address or number: ${names.join(', ')}. Choose with lead.update and contact_id.`,
    );
    return {};
  }
  const company = columns.company_id ?? before?.company_id ?? only.company_id;
  return { contact_id: only.id, ...(company === null ? {} : { company_id: company }) };
}

const ownerOf = async (context: Context): Promise<string> =>
  context.actor.kind === 'user' && context.actor.id !== null ? context.actor.id : firstOwner(context);

/** A title from what is known: what is wanted, the beginning of the notes, or who it is. Throws VALIDATION_ERROR. */
export function titleFor(row: Row): string {
  const { service_interest, raw_notes, description, full_name, company_name, email, phone } = row;
  const first = firstLine(service_interest ?? raw_notes ?? description);
  if (first !== undefined) return first;
  const who = [full_name, company_name, email, phone].find(value => typeof value === 'string');
  if (who !== undefined) return `Inquiry of ${String(who)}`.slice(0, 200);
  throw invalid('raw_notes', 'There is nothing of an inquiry in this.', {
    hint: 'Give raw_notes, or at least a name, an e-mail address or a telephone number.',
  });
}

const longestTitle = 60;

/** The beginning of a text as one short line; undefined when there is nothing to be seen in it. */
export function firstLine(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain === '') return undefined;
  if (plain.length <= longestTitle) return plain;
  const cut = plain.slice(0, longestTitle).replace(/[\ud800-\udbff]$/, '');
  return `${cut.replace(/\s+\S*$/, '')}…`;
}
