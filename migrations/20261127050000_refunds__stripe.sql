-- Money that is given back through Stripe is on its way until Stripe says that it went, and may fail after that (decision 037).
alter table refunds
  add column stripe_refund_id text,
  add column stripe_dispute_id text,
  add column failure text;
-- What Stripe tells twice is one refund, and what a lost dispute took is one, too.
create unique index refunds_stripe on refunds (organization_id, stripe_refund_id) where stripe_refund_id is not null;
create unique index refunds_dispute on refunds (organization_id, stripe_dispute_id) where stripe_dispute_id is not null;
-- Looked up before any business is known.
create index refunds_by_stripe on refunds (stripe_refund_id) where stripe_refund_id is not null;

-- The newest dispute of a payment, and until when the bank wants to hear from us.
alter table payments
  add column stripe_dispute_id text,
  add column dispute_opened_at timestamptz,
  add column dispute_due_at timestamptz;
create index payments_by_dispute on payments (stripe_dispute_id) where stripe_dispute_id is not null;

create or replace function owner_of_stripe_object(object_ids text[]) returns uuid
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select o.organization_id
  from (
    select s.organization_id from checkout_sessions as s where s.session_id = any (object_ids)
    union all
    select s.organization_id from checkout_sessions as s where s.payment_intent_id = any (object_ids)
    union all
    select p.organization_id from payments as p where p.payment_intent_id = any (object_ids)
    union all
    select p.organization_id from payments as p where p.charge_id = any (object_ids)
    union all
    select p.organization_id from payments as p where p.stripe_dispute_id = any (object_ids)
    union all
    select r.organization_id from refunds as r where r.stripe_refund_id = any (object_ids)
    union all
    select i.organization_id from invoices as i where i.stripe_invoice_id = any (object_ids)
    union all
    select c.organization_id from contacts as c where c.stripe_customer_id = any (object_ids)
    union all
    select c.organization_id from companies as c where c.stripe_customer_id = any (object_ids)
  ) as o
  limit 1
$$;

-- A refund that did not go through, and a dispute, are one task each while they are open.
alter table tasks
  drop constraint tasks_made_for_check,
  add constraint tasks_made_for_check
    check (made_for in ('give_back', 'payment_failed', 'said_paid', 'refund_failed', 'dispute'));
