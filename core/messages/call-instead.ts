import { callInstead as whomToCall } from '../contacts/mail-trouble.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { planCall } from '../tasks/call.ts';
import type { Task } from '../tasks/record.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { callsAbout } from '../waitlist/of-offer.ts';
import { scriptOf } from './call-words.ts';
import { type Subject, valuesOf } from './facts.ts';
import { findRecipient } from './recipient.ts';
import { isFree, type MessageKind, type PlannedLink } from './record.ts';
import { ownWords, type ScheduledMessage } from './scheduled-message.ts';
import { isAboutTime } from './too-late.ts';

/** A message that does not go by mail. */
export interface Unsent extends Subject {
  /** When it would have gone; UTC. */
  send_at: string;
  /** After this it says nothing anybody needs; UTC. */
  send_before: string | null;
  links: Readonly<Record<string, PlannedLink>>;
  /** Its own words, where it has some. */
  own?: { subject: string; body: string } | undefined;
}

/**
 * What does not reach a customer by mail is said by telephone: a task with the words to say, due when the mail would have
 * gone (CFL-49). The one rule for every flow; undefined for what nobody is called about, and for a customer who is gone.
 */
export async function callCustomer(
  context: Context,
  { own, ...message }: Unsent,
  why: string,
): Promise<Task | undefined> {
  const { kind, contact_id, company_id, ticket_id, invoice_id, send_at, send_before, links } = message;
  const customer = await findRecipient(context, message);
  if (!customer || customer.deleted_at !== null) return undefined;
  const script = scriptOf(kind, await valuesOf(context, { ...message, is_bounded: false }), own);
  if (!script) return undefined;
  const visit =
    ticket_id !== null && isAboutTime(kind) ? await findRow(context, ticketRecord, ticket_id) : undefined;
  const offer = links.offer_link;
  const call = await planCall(context, {
    ...thatOf(kind, own !== undefined),
    contact_id,
    company_id: company_id ?? null,
    ticket_id,
    invoice_id,
    title: `Call ${customer.full_name}: ${script.about}`,
    note: [`${why} ${whomToCall(context, customer)}`, script.say].join('\n\n'),
    at: send_at,
    before: visit?.scheduled_at ?? send_before ?? undefined,
  });
  if (offer) await callsAbout(context, offer.subject_id, call.id);
  return call;
}

/** What a call is for, and whether it is said besides another one about the same, or takes its place. */
function thatOf(kind: MessageKind, hasOwnWords: boolean): { kind: MessageKind; is_apart: boolean } {
  // What somebody has written of their own accord is said, whatever else is to be said to the same customer.
  if (hasOwnWords && isFree(kind)) return { kind: 'other', is_apart: true };
  // Asked again by telephone is the same call; each offered time is one by itself.
  return {
    kind: kind === 'confirmation_follow_up' ? 'confirmation' : kind,
    is_apart: kind === 'waitlist_offer',
  };
}

/**
 * Plans the call for a message that no mail carries any more, and answers why and what helps, for whoever reads the message;
 * undefined when nobody is called.
 */
export async function saidByTelephone(
  context: Context,
  message: ScheduledMessage,
  why: string,
): Promise<string | undefined> {
  const call = await callCustomer(context, { ...message, own: ownWords(message) }, why);
  return call && `${why} ${call.reference} says what to tell them by telephone.`;
}
