import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findAddressTrust, setConfirmed } from './address-queries.ts';

/**
 * Whether mail to this address reaches the customer, as far as people of the business have said: it is one of theirs, and
 * somebody entered it, imported it, allowed a mail to it or confirmed it. What an agent or a stranger typed is not, until
 * then (security.md, "out by mail").
 */
export async function isOwnAddress(context: ReadContext, contactId: string, email: string): Promise<boolean> {
  return (await findAddressTrust(context, contactId, email)).is_confirmed;
}

/** Whether a customer has this address and never had another: somebody new who is to be told when we come. */
export async function isFirstAddress(
  context: ReadContext,
  contactId: string,
  email: string,
): Promise<boolean> {
  const { is_theirs, had_another } = await findAddressTrust(context, contactId, email);
  return is_theirs && !had_another;
}

/** A person has said that this address is the customer's; false when it is none of theirs. */
export const confirmAddress = (context: Context, contactId: string, email: string): Promise<boolean> =>
  setConfirmed(context, contactId, email);
