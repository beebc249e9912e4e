import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// Everything that changed what a customer or a company owes. Reads invoices, payments and refunds.

const movement = z.object({
  /** The local day. */
  on: z.string(),
  kind: z.enum(['bill', 'payment', 'refund', 'credit']),
  /** Of the bill, payment or refund. */
  reference: z.string(),
  invoice: z.string(),
  /** How money came or went; null for what is none. */
  method: z.string().nullable(),
  due_on: z.string().nullable(),
  /** What more is owed by it; negative for what is owed less. */
  amount_cents: z.number(),
  currency: z.string(),
});
export type Movement = z.infer<typeof movement>;

/** Who pays: a customer or a company, by its id. */
export type Payer =
  | { contact_id: string; company_id?: undefined }
  | { company_id: string; contact_id?: undefined };

/** The bills `i` of who pays. What a company pays is not owed by whom we know there. */
const isBilled = ({ contact_id, company_id }: Payer): Sql =>
  company_id === undefined
    ? sql`i.contact_id = ${contact_id}::uuid and i.company_id is null`
    : sql`i.company_id = ${company_id}::uuid`;

/**
 * What somebody was billed, has paid, got back and is not asked for any more until a local day, in order. Bills that are drafts,
 * void or cancelled are none; what was paid on them is. What is settled although something of it was given back is taken off on
 * the day of that.
 */
export const listMovements = ({ tx, organization }: ReadContext, { to, ...payer }: Payer & { to: string }) =>
  tx.many(
    movement,
    sql`
    with bills as (
      select i.id, i.reference, i.status, i.issued_on, i.due_on, i.total_cents, i.paid_cents, i.currency
      from invoices as i
      where i.organization_id = ${organization.id}::uuid
        and ${isBilled(payer)}
    ),
    paid as (
      select p.id, p.reference, p.amount_cents, p.currency, p.method, b.reference as invoice, b.id as invoice_id,
        p.received_at, (p.received_at at time zone ${organization.time_zone})::date as on_day
      from payments as p
      join bills as b on b.id = p.invoice_id
      where p.organization_id = ${organization.id}::uuid
        and p.status = 'succeeded'
        and p.deleted_at is null
    ),
    given_back as (
      select r.reference, r.amount_cents, r.currency, r.method, p.invoice, p.invoice_id, r.refunded_at,
        (r.refunded_at at time zone ${organization.time_zone})::date as on_day
      from refunds as r
      join paid as p on p.id = r.payment_id
      where r.organization_id = ${organization.id}::uuid
        and r.status = 'succeeded'
    ),
    moved as (
      select b.issued_on as on_day, 1 as place, 'bill' as kind, b.reference, b.reference as invoice, null as method, b.due_on,
        b.total_cents as amount_cents, b.currency, null::timestamptz as at
      from bills as b
      where b.status in ('sent', 'partial', 'paid', 'refunded')
      union all
      select p.on_day, 2, 'payment', p.reference, p.invoice, p.method, null, -p.amount_cents, p.currency, p.received_at
      from paid as p
      union all
      select g.on_day, 3, 'refund', g.reference, g.invoice, g.method, null, g.amount_cents, g.currency, g.refunded_at
      from given_back as g
      union all
      select coalesce(last.on_day, b.issued_on), 4, 'credit', b.reference, b.reference, null, null,
        b.paid_cents - b.total_cents, b.currency, last.at
      from bills as b
      left join lateral (
        select max(g.on_day) as on_day, max(g.refunded_at) as at from given_back as g where g.invoice_id = b.id
      ) as last on true
      where b.status in ('paid', 'refunded')
        and b.paid_cents < b.total_cents
    )
    select on_day as on, kind, reference, invoice, method, due_on, amount_cents, currency
    from moved
    where on_day <= ${to}::date
    order by on_day, place, at, reference`,
  );

/** What is on its way to us by a bank, by currency (D5). */
export const listOnItsWay = ({ tx, organization }: ReadContext, payer: Payer) =>
  tx.many(
    z.object({ currency: z.string(), amount_cents: z.coerce.number() }),
    sql`
    select p.currency, sum(p.amount_cents) as amount_cents
    from payments as p
    join invoices as i on i.organization_id = p.organization_id and i.id = p.invoice_id
    where p.organization_id = ${organization.id}::uuid
      and ${isBilled(payer)}
      and p.status = 'pending'
      and p.deleted_at is null
    group by p.currency`,
  );
