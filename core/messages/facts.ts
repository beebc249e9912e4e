import { companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import { readToldBill } from '../invoices/told-bill.ts';
import { toldOtherBills } from '../invoices/told-other-bills.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { businessPhone } from '../organizations/letterhead.ts';
import { toldStatement } from '../statements/told.ts';
import { statementOf } from '../statements/which.ts';
import { readToldVisit } from '../tickets/told-visit.ts';
import { isPlainName } from './plain-name.ts';
import type { MessageKind } from './record.ts';
import { type LinkName, type Values, type VariableName, variables } from './variables.ts';

/** What is known of a message before it has words. */
export interface Subject {
  kind: MessageKind;
  contact_id: string | null;
  company_id?: string | null | undefined;
  ticket_id: string | null;
  invoice_id: string | null;
  custom_message: string | null;
  /** What its flow knows and no row says: the time a visit had before, how many months ago. */
  facts: Values;
  links: Readonly<Partial<Record<LinkName, unknown>>>;
  /** Which statement it brings, where it brings one. */
  statement?: Readonly<Record<string, string>>;
  /**
   * It goes to somebody new without a person: nothing is filled in that an agent could have filled with what it likes
   * (decision 016).
   */
  is_bounded: boolean;
}

/** What the variables of a message stand for, as things are now. */
export async function valuesOf(context: ReadContext, subject: Subject): Promise<Values> {
  const { kind, contact_id, company_id = null, ticket_id, invoice_id } = subject;
  const { custom_message, facts, links, is_bounded } = subject;
  const which = statementOf(subject);
  const [customer, visit, bill, others, account] = await Promise.all([
    nameOf(context, subject),
    ticket_id === null ? undefined : readToldVisit(context, ticket_id),
    invoice_id === null ? undefined : readToldBill(context, invoice_id),
    invoice_id === null || kind !== 'overdue'
      ? undefined
      : toldOtherBills(context, { contact_id, company_id, invoice_id }),
    which && toldStatement(context, which),
  ]);
  // Nobody is asked to pay what is paid; with a receipt, the same page says so.
  const isPaid = bill !== undefined && bill.amount_due === undefined && kind !== 'receipt';
  const names = Object.keys(links)
    .filter(name => name !== 'payment_link' || !isPaid)
    .map(name => [name, 'link']);
  const values: Values = {
    ...(customer ? namesOf(customer, is_bounded) : {}),
    business_name: context.organization.name,
    business_phone: settingOf(context, businessPhone),
    ...visit,
    ...bill,
    ...others,
    ...account,
    ...(custom_message === null ? {} : { custom_message }),
    ...facts,
    ...Object.fromEntries(names),
  };
  return is_bounded ? bounded(values) : values;
}

/** Whom it greets: whom we know, or else the company it goes to. */
async function nameOf(context: ReadContext, { contact_id, company_id = null }: Subject) {
  if (contact_id !== null) return findRow(context, contactRecord, contact_id, { deleted: true });
  const company =
    company_id === null ? undefined : await findRow(context, companyRecord, company_id, { deleted: true });
  return company && { full_name: company.name, first_name: null };
}

/** Somebody without a name that is one is greeted without it. */
function namesOf(
  { full_name, first_name }: { full_name: string; first_name: string | null },
  isBounded: boolean,
): Values {
  const isFine = !isBounded || [full_name, first_name ?? full_name].every(isPlainName);
  if (!isFine) return { customer_name: 'there', customer_first_name: 'there' };
  return { customer_name: full_name, customer_first_name: first_name ?? full_name };
}

/** What a mail to somebody new may say: the time, the price and who comes, which no agent can fill with words. */
const safe: readonly VariableName[] = [
  'customer_name',
  'customer_first_name',
  'business_name',
  'business_phone',
  'appointment_date',
  'appointment_time',
  'previous_date',
  'previous_time',
  'price',
  'technician',
  'repeats',
];

const bounded = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => safe.some(known => known === name) || name.endsWith('_link')),
  );

/** A made-up customer and visit, for a preview. */
export const sampleValues: Values = Object.fromEntries(
  Object.entries(variables).map(([name, { sample }]) => [name, sample]),
);
