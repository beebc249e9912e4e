import { Temporal } from 'temporal-polyfill';
import type { randomOf } from './figures.ts';

/** The bill of a closed visit, what was paid of it, and some money given back. */
export function bill({
  put,
  random,
  today,
  time_zone,
  currency,
  ticket_id,
  contact_id,
  at,
  total_cents,
  number,
}: {
  put(table: string, row: Record<string, unknown>): string;
  random: ReturnType<typeof randomOf>;
  today: Temporal.PlainDate;
  time_zone: string;
  currency: string;
  ticket_id: string;
  contact_id: string;
  at: Temporal.Instant;
  total_cents: number;
  number: number;
}): void {
  const issued = at.toZonedDateTimeISO(time_zone).toPlainDate();
  const luck = random.next();
  const isOld = Temporal.PlainDate.compare(issued.add({ days: 45 }), today) < 0;
  const status =
    luck < 0.03
      ? 'void'
      : luck < 0.08
        ? 'partial'
        : isOld && luck < 0.96
          ? 'paid'
          : luck < 0.5
            ? 'paid'
            : 'sent';
  const paid = status === 'paid' ? total_cents : status === 'partial' ? Math.floor(total_cents / 2) : 0;
  const back = status === 'paid' && random.next() < 0.02 ? Math.floor(total_cents / 4) : 0;
  const invoice_id = put('invoices', {
    reference: `INV-${issued.year}-${60_001 + number}`,
    source: 'ticket',
    billing_name: 'Whoever pays',
    subtype: 'sales',
    contact_id,
    ticket_id,
    status,
    currency,
    issued_on: issued.toString(),
    due_on: issued.add({ days: 30 }).toString(),
    subtotal_cents: total_cents,
    tax_cents: 0,
    discount_cents: 0,
    total_cents,
    paid_cents: paid - back,
    refunded_cents: back,
    tags: [],
    custom_fields: {},
  });
  if (paid === 0) return;
  const latest = Math.max(0, issued.until(today).days);
  const received = at.add({ hours: 24 * Math.min(latest, random.below(35)) });
  const payment_id = put('payments', {
    reference: `PAY-${50_001 + number}`,
    invoice_id,
    contact_id,
    amount_cents: paid,
    currency,
    method: random.of(['card', 'check', 'cash', 'bank_transfer']),
    received_at: received.toString(),
    provider: 'manual',
    status: 'succeeded',
    refunded_cents: back,
  });
  if (back > 0)
    put('refunds', {
      reference: `RFD-${50_001 + number}`,
      payment_id,
      contact_id,
      amount_cents: back,
      currency,
      method: 'card',
      reason: 'goodwill',
      refunded_at: received.add({ hours: 24 }).toString(),
      status: 'succeeded',
    });
}
