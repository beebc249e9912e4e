import { callInstead as whomToCall } from '../contacts/mail-trouble.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { planCall } from '../tasks/call.ts';
import type { Task } from '../tasks/record.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { scriptOf } from './call-words.ts';
import { type Subject, valuesOf } from './facts.ts';
import { findRecipient } from './recipient.ts';
import { isAboutTime } from './too-late.ts';

/** A message that does not go by mail. */
export interface Unsent extends Subject {
  /** When it would have gone; UTC. */
  send_at: string;
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
  const { kind, contact_id, ticket_id, invoice_id, send_at } = message;
  const customer = await findRecipient(context, contact_id);
  if (!customer || customer.deleted_at !== null) return undefined;
  const script = scriptOf(kind, await valuesOf(context, { ...message, is_bounded: false }), own);
  if (!script) return undefined;
  const visit =
    ticket_id !== null && isAboutTime(kind) ? await findRow(context, ticketRecord, ticket_id) : undefined;
  return planCall(context, {
    // Asked again by telephone is the same call.
    kind: kind === 'confirmation_follow_up' ? 'confirmation' : kind,
    contact_id,
    ticket_id,
    invoice_id,
    title: `Call ${customer.full_name}: ${script.about}`,
    note: [`${why} ${whomToCall(context, customer)}`, script.say].join('\n\n'),
    at: send_at,
    before: visit?.scheduled_at,
  });
}
