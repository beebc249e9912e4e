import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { companyRecord } from './company.ts';
import { setConfirmed } from './queries.ts';

/** Whether bills of a company go to this address, and a person of the business has said so (security.md, "out by mail"). */
export async function isBillingAddress(
  context: ReadContext,
  companyId: string,
  email: string,
): Promise<boolean> {
  const company = await findRow(context, companyRecord, companyId);
  return (
    company?.is_billing_email_confirmed === true &&
    company.billing_email?.toLowerCase() === email.toLowerCase()
  );
}

/** A person let a mail to this address go: from now on it is the company's, if it stands with it. */
export async function confirmBillingAddress(
  context: Context,
  companyId: string,
  email: string,
): Promise<void> {
  await setConfirmed(context, companyId, email);
}
