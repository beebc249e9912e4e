import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// What a day brings of money, as much as a briefing could show and how much there is of it in all. `total` is the same in every row.
// Reads invoices, payments, contacts and companies.

const overdueInvoice = z.object({
  reference: z.string(),
  customer: z.string(),
  due_cents: z.number(),
  currency: z.string(),
  since: z.string(),
  total: z.number(),
});
export type OverdueInvoice = z.infer<typeof overdueInvoice>;

/** Invoices that are not fully paid and were due before a day, the longest overdue first (INV-04). */
export function listOverdueInvoices(context: ReadContext, day: string, most: number) {
  return context.tx.many(
    overdueInvoice,
    sql`
    select i.reference, coalesce(i.billing_name, f.name, c.full_name) as customer, i.total_cents - i.paid_cents as due_cents, i.currency,
      i.due_on as since,
      count(*) over () as total
    from invoices as i
    left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
    left join companies as f on f.organization_id = i.organization_id and f.id = i.company_id
    where i.organization_id = ${context.organization.id}::uuid
      and i.status in ('sent', 'partial')
      and i.due_on < ${day}::date
    order by i.due_on, i.id
    limit ${most}::integer`,
  );
}

const received = z.object({
  reference: z.string(),
  customer: z.string(),
  amount_cents: z.number(),
  currency: z.string(),
  method: z.string(),
  invoice: z.string(),
  total: z.number(),
});
export type ReceivedPayment = z.infer<typeof received>;

/** Payments of which a condition holds, the newest first. */
const listPayments = (context: ReadContext, which: Sql, most: number) =>
  context.tx.many(
    received,
    sql`
    select p.reference, coalesce(c.full_name, '') as customer, p.amount_cents, p.currency, p.method, i.reference as invoice,
      count(*) over () as total
    from payments as p
    join invoices as i on i.organization_id = p.organization_id and i.id = p.invoice_id
    left join contacts as c on c.organization_id = p.organization_id and c.id = p.contact_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.deleted_at is null
      and ${which}
    order by p.received_at desc, p.id desc
    limit ${most}::integer`,
  );

/** What came in from a moment until another. */
export const listReceived = (
  context: ReadContext,
  { from, to }: { from: string; to: string },
  most: number,
) =>
  listPayments(
    context,
    sql`p.status = 'succeeded' and p.received_at >= ${from}::timestamptz and p.received_at < ${to}::timestamptz`,
    most,
  );

/** Payments that their customers dispute. */
export const listDisputed = (context: ReadContext, most: number) =>
  listPayments(context, sql`p.dispute_status = 'open'`, most);

const sumOfCurrency = z.object({ currency: z.string(), due_cents: z.coerce.number() });

/** What is overdue before a day in all, by currency. */
export const sumOverdue = (context: ReadContext, day: string) =>
  context.tx.many(
    sumOfCurrency,
    sql`
    select i.currency, sum(i.total_cents - i.paid_cents) as due_cents
    from invoices as i
    where i.organization_id = ${context.organization.id}::uuid
      and i.status in ('sent', 'partial')
      and i.due_on < ${day}::date
    group by i.currency
    order by i.currency`,
  );
