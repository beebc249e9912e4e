import { isBillingAddress } from '../companies/billing-address.ts';
import { companyRecord } from '../companies/company.ts';
import { whyUnwanted } from '../contacts/consent.ts';
import { contactRecord } from '../contacts/contact.ts';
import { callInstead, findTrouble, type Written, whyNotWrittenTo } from '../contacts/mail-trouble.ts';
import { isFirstAddress, isOwnAddress } from '../contacts/own-address.ts';
import type { Contact } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { isFixed, isUnasked, type MessageKind } from './record.ts';

/** Why a message does not go out, and what becomes of it. */
export interface Obstacle {
  status: 'failed' | 'cancelled';
  /** A sentence for people and agents, kept with the message. */
  reason: string;
  /** What helps. */
  hint: string;
  /** They can still be told by telephone. */
  is_called?: true;
}

export type Reachable = { to: string; obstacle?: never } | { to?: never; obstacle: Obstacle };

/** Whom a message goes to: a customer, or the company that pays what it is about. */
export interface Recipient extends Written {
  full_name: string;
  deleted_at: string | null;
  /** None where it is a company of which we know nobody. */
  contact?: Contact | undefined;
}

/** What of a message says whom it goes to. */
export interface ForWhom {
  contact_id: string | null;
  company_id?: string | null | undefined;
}

/**
 * Whom a message goes to, deleted ones too, kept as they are until this transaction ends. What is for a company goes to its
 * address for bills, or else to whom we know there, who is called when no mail arrives.
 */
export async function findRecipient(
  context: ReadContext,
  { contact_id, company_id = null }: ForWhom,
): Promise<Recipient | undefined> {
  const as = { lock: 'share', deleted: true } as const;
  const [contact] = contact_id === null ? [] : await listByIds(context, contactRecord, [contact_id], as);
  if (company_id === null) return contact && { ...contact, contact };
  const [company] = await listByIds(context, companyRecord, [company_id], as);
  if (!company) return undefined;
  const { full_name = company.name, phone = company.main_phone } = contact ?? {};
  const { billing_email, deleted_at } = company;
  const own = { full_name, phone, deleted_at, contact };
  if (billing_email === null) {
    const { email = null, email_status = 'ok', email_status_at = null } = contact ?? {};
    return { ...own, email, email_status, email_status_at };
  }
  const trouble = await findTrouble(context, billing_email.toLowerCase());
  return {
    ...own,
    email: billing_email,
    email_status: trouble?.status ?? 'ok',
    email_status_at: trouble?.since ?? null,
  };
}

/** Whether mail to this address reaches whom it is for, as far as people of the business have said. */
export async function isTheirAddress(
  context: ReadContext,
  { contact_id, company_id = null }: ForWhom,
  to: string,
): Promise<boolean> {
  if (contact_id !== null && (await isOwnAddress(context, contact_id, to))) return true;
  return company_id !== null && (await isBillingAddress(context, company_id, to));
}

/** A message, as far as where it goes depends on it. */
interface Addressed extends ForWhom {
  kind: MessageKind;
  /** Where to, when not to the customer's own address. */
  send_to?: string | null;
}

/** Where a message to a customer goes now, or why it does not. */
export async function reach(
  context: ReadContext,
  { kind, send_to = null, ...whom }: Addressed,
): Promise<Reachable> {
  const recipient = await findRecipient(context, whom);
  if (!recipient || recipient.deleted_at !== null) return { obstacle: deleted };
  const to = send_to ?? recipient.email;
  const obstacle = await whyHeld(context, recipient, { kind, to });
  if (obstacle || to === null) return { obstacle: obstacle ?? unaddressed };
  return { to };
}

/**
 * Why nothing of a kind goes to a customer at an address: they do not want it, or mail there comes back. Asked when a message
 * is written, when its time has come and once more when it is delivered, because it may have waited in between.
 */
export async function whyHeld(
  context: ReadContext,
  recipient: Recipient,
  { kind, to }: { kind: MessageKind; to: string | null },
): Promise<Obstacle | undefined> {
  const { contact } = recipient;
  if (isUnasked(kind) && contact && (await whyUnwanted(context, contact)) !== undefined)
    return kind === 'waitlist_offer' ? { ...unwanted, is_called: true } : unwanted;
  const reason = to === null ? undefined : await whyNotWrittenTo(context, recipient, to);
  if (reason === undefined) return undefined;
  const hint = `${callInstead(context, recipient)} A person who knows that the address is right says contact.write_again.`;
  return { status: 'failed', reason, hint, is_called: true };
}

/** A message that goes out by itself, as far as where it may go depends on it. */
interface Due extends Addressed {
  words: 'own' | 'template';
}

/**
 * The same for a message that goes out by itself, with nobody looking: to an address that a person has entered or
 * confirmed, which may have been changed since the message was planned. To the first address of somebody new goes what no
 * agent can fill, in the words of the house (`is_bounded`).
 */
export async function reachOwn(context: ReadContext, due: Due): Promise<Reachable & { is_bounded: boolean }> {
  const { contact_id, kind, words } = due;
  const reachable = await reach(context, due);
  if (reachable.obstacle || (await isTheirAddress(context, due, reachable.to)))
    return { ...reachable, is_bounded: false };
  const mayBeNew = contact_id !== null && words === 'template' && isFixed(kind);
  if (mayBeNew && (await isFirstAddress(context, contact_id, reachable.to)))
    return { ...reachable, is_bounded: true };
  return { obstacle: unconfirmed, is_bounded: false };
}

/** Nobody looks at what goes out by itself: it goes to no address that an agent or a stranger has typed. */
export const unconfirmed: Obstacle = {
  status: 'failed',
  reason: 'Nobody has confirmed the e-mail address of the customer.',
  hint: 'A person confirms it with contact.confirm_email; then message.send_now sends it.',
};

const deleted: Obstacle = {
  status: 'failed',
  reason: 'The customer was deleted.',
  hint: 'Bring them back with contact.restore first.',
};

const unwanted: Obstacle = {
  status: 'cancelled',
  reason: 'The customer does not want to be written to.',
  hint: 'Call them instead. Only what is about a visit or a bill of theirs goes out.',
};

const unaddressed: Obstacle = {
  status: 'failed',
  reason: 'The customer has no e-mail address.',
  hint: 'Add one with contact.update first.',
  is_called: true,
};
