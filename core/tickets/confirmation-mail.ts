import { isOwnAddress } from '../contacts/own-address.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { getBooked } from './booking-queries.ts';

/** A customer as somebody who may be told something. */
interface Told {
  id: string;
  full_name: string;
  email: string | null;
  phone: string | null;
}

/**
 * Queues the mail that tells a customer when we come (MCP-06), and instead of when, if the visit was moved. Warns when
 * there is no address to send it to. The text says "estimated" where the price is (TKT-09). Answers how they were told.
 */
export async function enqueueConfirmation(
  context: Context,
  {
    ticketId,
    customer,
    address,
    movedFrom,
  }: { ticketId: string; customer: Told; address: string | undefined; movedFrom?: string },
): Promise<string> {
  const ticket = await getBooked(context, ticketId);
  const before = movedFrom === undefined ? undefined : whenOf(context, movedFrom);
  const when = whenOf(context, ticket.scheduled_at);
  const price = formatMoney(ticket.total_cents, ticket.currency);
  return tell(context, { ticketId, customer }, isTheirs => {
    // To somebody new goes what an agent cannot fill with anything: the rest of the customer list, say (security.md).
    const where = address && isTheirs ? ` at ${address}` : '';
    return {
      subject: `your appointment ${before === undefined ? 'on' : 'is now on'} ${when}`,
      text: [
        before === undefined
          ? `we have you down for ${when}${where}.`
          : `your appointment on ${before} is moved: we have you down for ${when}${where}.`,
        ticket.total_cents > 0 ? `${ticket.is_price_estimated ? 'Estimated price' : 'Price'}: ${price}.` : '',
        `If that does not suit you, just reply to this mail.`,
      ],
    };
  });
}

/** Queues the mail that tells a customer that we do not come; why is between them and the office. */
export async function enqueueCancellation(
  context: Context,
  { ticketId, customer }: { ticketId: string; customer: Told },
): Promise<string> {
  const when = whenOf(context, (await getBooked(context, ticketId)).scheduled_at);
  return tell(context, { ticketId, customer }, () => ({
    subject: `your appointment on ${when} is cancelled`,
    text: [
      `your appointment on ${when} is cancelled.`,
      'If you would like another time, just reply to this mail.',
    ],
  }));
}

/** How a customer is told who was not written to. */
export const notTold = 'not told: notify_customer was not set';

async function tell(
  context: Context,
  { ticketId, customer }: { ticketId: string; customer: Told },
  write: (isTheirs: boolean) => { subject: string; text: readonly string[] },
): Promise<string> {
  const { id, full_name, email, phone } = customer;
  if (email === null) {
    context.warn(`${quote(full_name)} has no e-mail address; no confirmation was sent.`);
    const call =
      phone === null ? 'nor a phone number' : `call ${formatPhone(phone, context.organization.country)}`;
    return `not told: has no e-mail, ${call}`;
  }
  const { name } = context.organization;
  const isTheirs = context.actor.kind !== 'agent' || (await isOwnAddress(context, id, email));
  const salutation = isTheirs || isPlainName(full_name) ? ` ${full_name}` : '';
  const { subject, text } = write(isTheirs);
  await context.enqueue({
    kind: 'email',
    payload: {
      to: email,
      from_name: name,
      subject: `${name}: ${subject}`,
      text: [`Hello${salutation},`, ...text, name].filter(Boolean).join('\n\n'),
      ticket_id: ticketId,
      contact_id: id,
    },
    is_bounded: !isTheirs,
  });
  return `mailed to ${quote(email)}`;
}

const whenOf = ({ organization }: Context, moment: string): string =>
  localTime(moment, organization.time_zone).slice(0, 20);

/**
 * Whether a name is one: a few words of letters, as people are called. No number, address or link is, nor a dot with more
 * behind it than a space, nor a text that is longer than names are.
 */
export const isPlainName = (name: string): boolean =>
  name.length <= 60 && /^[\p{L}\p{M}’'-]+\.?(?: [\p{L}\p{M}’'&-]+\.?){0,4}$/u.test(name);
