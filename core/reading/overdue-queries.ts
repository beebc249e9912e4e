import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// Bills of which customers are reminded. Reads invoices, invoice_reminders, scheduled_messages, payments and tasks.

/** The step of a bill `i` that was taken last; what was left out together with another bill was not taken. */
const lastTaken = sql`
  left join lateral (
    select r.step, r.remind_on
    from invoice_reminders as r
    left join scheduled_messages as m on m.organization_id = r.organization_id and m.id = r.message_id
    where r.organization_id = i.organization_id
      and r.invoice_id = i.id
      and not coalesce(m.status = 'skipped' and m.invoice_id <> i.id, false)
    order by r.step desc
    limit 1
  ) as taken on true`;

/** Money for a bill `i` that is on its way (D5). */
const onItsWay = sql`exists (
  select 1
  from payments as p
  where p.organization_id = i.organization_id and p.invoice_id = i.id and p.status = 'pending' and p.deleted_at is null
)`;

const disputed = sql`exists (
  select 1
  from payments as p
  where p.organization_id = i.organization_id and p.invoice_id = i.id and p.dispute_status = 'open'
    and p.deleted_at is null
)`;

/** The customer says that it is paid: the office looks at that first. */
const lookedAtFirst = sql`(
  select k.reference
  from tasks as k
  where k.organization_id = i.organization_id
    and k.invoice_id = i.id
    and k.made_for = 'said_paid'
    and k.status = 'open'
    and k.deleted_at is null
  order by k.id
  limit 1
)`;

const overdueBill = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string().nullable(),
  company_id: z.string().nullable(),
  ticket_id: z.string().nullable(),
  currency: z.string(),
  due_on: z.string(),
  step: z.number().nullable(),
  remind_on: z.string().nullable(),
});
export type OverdueBill = z.infer<typeof overdueBill>;

/** Bills that were due before a day, of which their customers may be reminded, the longest overdue first. */
export const listToRemind = (
  context: ReadContext,
  { due_before, most, which = sql`true` }: { due_before: string; most: number; which?: Sql },
) =>
  context.tx.many(
    overdueBill,
    sql`
    select i.id, i.reference, i.contact_id, i.company_id, i.ticket_id, i.currency, i.due_on, taken.step, taken.remind_on
    from invoices as i
    ${lastTaken}
    where i.organization_id = ${context.organization.id}::uuid
      and i.status in ('sent', 'partial')
      and i.due_on < ${due_before}::date
      and i.is_reminded
      and not ${onItsWay}
      and not ${disputed}
      and ${lookedAtFirst} is null
      and ${which}
    order by i.due_on, i.id
    limit ${most}::integer`,
  );

const standing = z.object({
  reference: z.string(),
  status: z.string(),
  due_on: z.string().nullable(),
  is_reminded: z.boolean(),
  is_on_its_way: z.boolean(),
  is_disputed: z.boolean(),
  task: z.string().nullable(),
});

/** What stands for and against reminding of one bill; undefined when there is no such bill. */
export const findStanding = (context: ReadContext, invoiceId: string) =>
  context.tx.maybe(
    standing,
    sql`
    select i.reference, i.status, i.due_on, i.is_reminded, ${onItsWay} as is_on_its_way, ${disputed} as is_disputed,
      ${lookedAtFirst} as task
    from invoices as i
    where i.organization_id = ${context.organization.id}::uuid
      and i.id = ${invoiceId}::uuid`,
  );
