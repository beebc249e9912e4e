-- Pages of Stripe at which a bill may be paid (STR-02, STR-04, D4). A page lives for a day at most, so one bill has several
-- over time. By these rows, and by nothing a message says, it is known whose and for what money is that came there (D3).
create table checkout_sessions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  session_id text not null,
  invoice_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  url text not null,
  payment_intent_id text,
  status text not null default 'open' check (status in ('open', 'complete', 'expired')),
  expires_at timestamptz not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, session_id),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id)
);
create index checkout_sessions_invoice on checkout_sessions (organization_id, invoice_id, created_at desc);
-- Looked up before any business is known.
create index checkout_sessions_session on checkout_sessions (session_id);
create index checkout_sessions_intent on checkout_sessions (payment_intent_id) where payment_intent_id is not null;

alter table checkout_sessions enable row level security;
create policy organization_isolation on checkout_sessions to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on checkout_sessions to deskhand_app;
create trigger touch before update on checkout_sessions for each row execute function touch_row();

-- What Stripe calls a bill, and how it is asked for.
alter table invoices
  add column collection_method text not null default 'checkout',
  add constraint invoices_collection_method_check check (collection_method in ('checkout', 'stripe_invoice', 'manual')),
  add column stripe_checkout_session_id text,
  add column stripe_payment_intent_id text,
  add column stripe_charge_id text,
  add column stripe_customer_id text,
  add column stripe_invoice_id text,
  add column stripe_invoice_url text,
  add column stripe_pdf_url text,
  add column last_synced_at timestamptz;
create unique index invoices_stripe_invoice on invoices (organization_id, stripe_invoice_id)
  where stripe_invoice_id is not null;
create index invoices_by_stripe_invoice on invoices (stripe_invoice_id) where stripe_invoice_id is not null;

-- Whom it calls what: one customer of Stripe for each of ours.
alter table contacts add column stripe_customer_id text;
create unique index contacts_stripe on contacts (organization_id, stripe_customer_id) where stripe_customer_id is not null;
create index contacts_by_stripe on contacts (stripe_customer_id) where stripe_customer_id is not null;
alter table companies
  add column stripe_customer_id text,
  add column stripe_default_payment_method text;
create unique index companies_stripe on companies (organization_id, stripe_customer_id)
  where stripe_customer_id is not null;
create index companies_by_stripe on companies (stripe_customer_id) where stripe_customer_id is not null;

-- A customer who tells their bank that a payment was not theirs.
alter table payments add column dispute_status text check (dispute_status in ('open', 'won', 'lost'));
create index payments_by_intent on payments (payment_intent_id) where payment_intent_id is not null;
create index payments_by_charge on payments (charge_id) where charge_id is not null;

-- The business one of these is of: asked when a message comes, before any business is known.
create function owner_of_stripe_object(object_ids text[]) returns uuid
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
    select i.organization_id from invoices as i where i.stripe_invoice_id = any (object_ids)
    union all
    select c.organization_id from contacts as c where c.stripe_customer_id = any (object_ids)
    union all
    select c.organization_id from companies as c where c.stripe_customer_id = any (object_ids)
  ) as o
  limit 1
$$;
grant execute on function owner_of_stripe_object to deskhand_app;
