import { isOwnAddress } from '../contacts/own-address.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { getBooked } from './booking-queries.ts';

/**
 * Queues the mail that tells a customer when we come (MCP-06), and instead of when, if the visit was moved. Warns when
 * there is no address to send it to. The text says "estimated" where the price is (TKT-09).
 */
export async function enqueueConfirmation(
  context: Context,
  {
    ticketId,
    customer,
    address,
    movedFrom,
  }: {
    ticketId: string;
    customer: { full_name: string; email: string | null };
    address: string | undefined;
    movedFrom?: string;
  },
): Promise<void> {
  if (customer.email === null) {
    context.warn(`${quote(customer.full_name)} has no e-mail address; no confirmation was sent.`);
    return;
  }
  const ticket = await getBooked(context, ticketId);
  const { name, time_zone } = context.organization;
  const when = localTime(ticket.scheduled_at, time_zone).slice(0, 20);
  const before = movedFrom === undefined ? undefined : localTime(movedFrom, time_zone).slice(0, 20);
  // To somebody new goes what an agent cannot fill with anything: the rest of the customer list, say (security.md).
  const isTheirs =
    context.actor.kind !== 'agent' || (await isOwnAddress(context, ticket.contact_id, customer.email));
  const where = address && isTheirs ? ` at ${address}` : '';
  const salutation = isTheirs || isPlainName(customer.full_name) ? ` ${customer.full_name}` : '';
  const price = formatMoney(ticket.total_cents, ticket.currency);
  await context.enqueue({
    kind: 'email',
    payload: {
      to: customer.email,
      from_name: name,
      subject: `${name}: your appointment ${before === undefined ? 'on' : 'is now on'} ${when}`,
      text: [
        `Hello${salutation},`,
        before === undefined
          ? `we have you down for ${when}${where}.`
          : `your appointment on ${before} is moved: we have you down for ${when}${where}.`,
        ticket.total_cents > 0 ? `${ticket.is_price_estimated ? 'Estimated price' : 'Price'}: ${price}.` : '',
        `If that does not suit you, just reply to this mail.`,
        name,
      ]
        .filter(Boolean)
        .join('\n\n'),
      ticket_id: ticketId,
      contact_id: ticket.contact_id,
    },
    is_bounded: !isTheirs,
  });
}

/**
 * Whether a name is one: a few words of letters, as people are called. No number, address or link is, nor a dot with more
 * behind it than a space, nor a text that is longer than names are.
 */
export const isPlainName = (name: string): boolean =>
  name.length <= 60 && /^[\p{L}\p{M}’'-]+\.?(?: [\p{L}\p{M}’'&-]+\.?){0,4}$/u.test(name);
