import { confirmBillingAddress, isBillingAddress } from '../core/companies/billing-address.ts';
import { confirmAddress, isFirstAddress, isOwnAddress } from '../core/contacts/own-address.ts';
import type { Context, ReadContext } from '../core/kernel/pipeline/context.ts';
import type { Recipient, Verdict } from '../core/kernel/pipeline/gate.ts';

/** The rule by which a mail to an address that nobody has confirmed waits; no grant lifts it. */
export const newAddressRule = 'new_address';

/**
 * Why a mail that a call of an agent has queued may not go: an agent chooses neither where mails go nor what they say to
 * somebody new (security.md, "out by mail"). To a customer's own confirmed address it goes. To an address nobody has
 * confirmed goes only a fixed text with bounded fields, and only to somebody who never had another address; everything
 * else waits for a person, who reads the whole of it.
 */
export async function checkRecipient(
  context: ReadContext,
  call: string,
  { to, contact_id, company_id, is_bounded }: Recipient,
): Promise<Verdict | undefined> {
  if (contact_id !== undefined) {
    if (await isOwnAddress(context, contact_id, to)) return undefined;
    if (is_bounded && (await isFirstAddress(context, contact_id, to))) return undefined;
  }
  if (company_id !== undefined && (await isBillingAddress(context, company_id, to))) return undefined;
  return {
    action: call,
    rule: newAddressRule,
    reason: `nobody of the business has confirmed ${to} as an address of this customer`,
  };
}

/** A person read a mail to this address and let it go: from now on it is the customer's, if it stands with them. */
export async function allowRecipient(
  context: Context,
  { to, contact_id, company_id }: Recipient,
): Promise<void> {
  if (contact_id !== undefined) await confirmAddress(context, contact_id, to);
  if (company_id !== undefined) await confirmBillingAddress(context, company_id, to);
}
