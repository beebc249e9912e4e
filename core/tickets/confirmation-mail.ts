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
  const where = address ? ` at ${address}` : '';
  const price = formatMoney(ticket.total_cents, ticket.currency);
  await context.enqueue({
    kind: 'email',
    payload: {
      to: customer.email,
      from_name: name,
      subject: `${name}: your appointment ${before === undefined ? 'on' : 'is now on'} ${when}`,
      text: [
        `Hello ${customer.full_name},`,
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
  });
}
