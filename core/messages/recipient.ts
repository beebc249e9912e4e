import { whyUnwanted } from '../contacts/consent.ts';
import { contactRecord } from '../contacts/contact.ts';
import { callInstead, whyNotWrittenTo } from '../contacts/mail-trouble.ts';
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

/** The customer a message goes to, deleted ones too, kept as they are until this transaction ends. */
export async function findRecipient(context: ReadContext, contactId: string): Promise<Contact | undefined> {
  const [contact] = await listByIds(context, contactRecord, [contactId], { lock: 'share', deleted: true });
  return contact;
}

/** A message, as far as where it goes depends on it. */
interface Addressed {
  contact_id: string;
  kind: MessageKind;
  /** Where to, when not to the customer's own address. */
  send_to?: string | null;
}

/** Where a message to a customer goes now, or why it does not. */
export async function reach(
  context: ReadContext,
  { contact_id, kind, send_to = null }: Addressed,
): Promise<Reachable> {
  const recipient = await findRecipient(context, contact_id);
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
  recipient: Contact,
  { kind, to }: { kind: MessageKind; to: string | null },
): Promise<Obstacle | undefined> {
  if (isUnasked(kind) && (await whyUnwanted(context, recipient)) !== undefined)
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
export async function reachOwn(
  context: ReadContext,
  { contact_id, kind, send_to = null, words }: Due,
): Promise<Reachable & { is_bounded: boolean }> {
  const reachable = await reach(context, { contact_id, kind, send_to });
  if (reachable.obstacle || (await isOwnAddress(context, contact_id, reachable.to)))
    return { ...reachable, is_bounded: false };
  const mayBeNew = words === 'template' && isFixed(kind);
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
