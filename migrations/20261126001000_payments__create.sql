-- Money that came in for a bill, and what of it was given back (D7, D8, OPQ-11). What has moved is kept, whatever the bill
-- says: too much, too late, for a bill that is void. What is paid of a bill follows from these rows alone (decision 028).
create table payments (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  invoice_id uuid not null,
  contact_id uuid not null,
  amount_cents bigint not null constraint payments_amount check (amount_cents > 0),
  currency text not null,
  method text not null check (method in ('card', 'bank_transfer', 'check', 'cash', 'other')),
  received_at timestamptz not null,
  note text,
  provider text not null default 'manual' check (provider in ('manual', 'stripe')),
  payment_intent_id text,
  charge_id text,
  checkout_session_id text,
  closeout_session_id uuid,
  status text not null default 'succeeded' check (status in ('pending', 'succeeded', 'failed')),
  refunded_cents bigint not null default 0,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, closeout_session_id) references closeout_sessions (organization_id, id),
  constraint payments_given_back check (refunded_cents between 0 and amount_cents),
  constraint payments_refunded_stay check (deleted_at is null or refunded_cents = 0)
);
create index payments_invoice on payments (organization_id, invoice_id);
create index payments_contact on payments (organization_id, contact_id, received_at desc);
create index payments_received on payments (organization_id, received_at desc) where deleted_at is null;
-- What Stripe tells twice is one payment.
create unique index payments_intent on payments (organization_id, payment_intent_id) where payment_intent_id is not null;
-- What was taken at a door is one payment, too.
create unique index payments_door on payments (organization_id, closeout_session_id)
  where closeout_session_id is not null and deleted_at is null;

create table refunds (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  payment_id uuid not null,
  contact_id uuid not null,
  amount_cents bigint not null constraint refunds_amount check (amount_cents > 0),
  currency text not null,
  method text not null check (method in ('card', 'bank_transfer', 'check', 'cash', 'other')),
  reason text not null check (reason in ('overpaid', 'duplicate', 'wrong_invoice', 'not_done', 'goodwill', 'other')),
  note text,
  refunded_at timestamptz not null,
  status text not null default 'succeeded' check (status in ('pending', 'succeeded', 'failed')),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, payment_id) references payments (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index refunds_payment on refunds (organization_id, payment_id);
create index refunds_contact on refunds (organization_id, contact_id, refunded_at desc);
create index refunds_refunded on refunds (organization_id, refunded_at desc);

alter table invoices
  add column refunded_cents bigint not null default 0,
  drop constraint invoices_not_overpaid,
  drop constraint invoices_status_check,
  add constraint invoices_status_check
    check (status in ('draft', 'sent', 'partial', 'paid', 'refunded', 'cancelled', 'void'));

-- What is to be given back is one task for each bill while it is open.
alter table tasks add column made_for text check (made_for in ('give_back'));
create unique index tasks_made_for on tasks (organization_id, invoice_id, made_for)
  where made_for is not null and status = 'open' and deleted_at is null;

-- What bills were paid before there were payments stands in the history: one entry for each time. Where the two differ, the
-- bill is right: one payment makes up for what is missing, or stands for all where the history tells more.
with told as (
  select l.organization_id, l.entity_id as invoice_id, l.id, l.created_at,
    (l.changes -> 'amount_cents' ->> 'new')::bigint as amount_cents,
    l.changes -> 'note' ->> 'new' as note
  from audit_log as l
  where l.entity_type = 'invoice'
    and l.action = 'payment'
    and (l.changes -> 'amount_cents' ->> 'new')::bigint > 0
),
summed as (
  select i.organization_id, i.id as invoice_id, i.paid_cents,
    coalesce(sum(t.amount_cents), 0) as told_cents,
    coalesce(i.paid_at, i.updated_at) as at
  from invoices as i
  left join told as t on t.organization_id = i.organization_id and t.invoice_id = i.id
  where i.paid_cents > 0
  group by i.organization_id, i.id
),
found as (
  select t.organization_id, t.invoice_id, t.id as told_by, t.created_at as at, t.amount_cents, t.note
  from told as t
  join summed as s on s.organization_id = t.organization_id and s.invoice_id = t.invoice_id
  where s.told_cents <= s.paid_cents
  union all
  select s.organization_id, s.invoice_id, null, s.at,
    case when s.told_cents < s.paid_cents then s.paid_cents - s.told_cents else s.paid_cents end, null
  from summed as s
  where s.told_cents <> s.paid_cents
)
insert into payments (
  organization_id, id, reference, invoice_id, contact_id, amount_cents, currency, method, received_at, note, created_at
)
select f.organization_id, uuid7(),
  'PAY-' || row_number() over (partition by f.organization_id order by f.at, f.told_by, f.invoice_id),
  f.invoice_id, i.contact_id, f.amount_cents, i.currency,
  case
    when f.note ~* '\m(check|cheque)\M' then 'check'
    when f.note ~* '\mcash\M' then 'cash'
    when f.note ~* '\mcard\M' then 'card'
    when f.note ~* '\m(transfer|wire|ach|bank)\M' then 'bank_transfer'
    else 'other'
  end,
  f.at, f.note, f.at
from found as f
join invoices as i on i.organization_id = f.organization_id and i.id = f.invoice_id;

insert into counters (organization_id, kind, value)
select organization_id, 'PAY', count(*)
from payments
group by organization_id;

alter table payments enable row level security;
create policy organization_isolation on payments to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on payments to deskhand_app;
create trigger redact before insert or update of note on payments
  for each row when (new.note is not null) execute function redact_columns('note');
create trigger touch before update on payments for each row execute function touch_row();
create trigger audit after insert or update or delete on payments
  for each row execute function audit_row('payment', 'invoice', 'invoice_id');

alter table refunds enable row level security;
create policy organization_isolation on refunds to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on refunds to deskhand_app;
create trigger redact before insert or update of note on refunds
  for each row when (new.note is not null) execute function redact_columns('note');
create trigger touch before update on refunds for each row execute function touch_row();
create trigger audit after insert or update or delete on refunds
  for each row execute function audit_row('refund', 'payment', 'payment_id');

-- Whoever writes a bill, what is paid of it is what its payments come to. The row is locked by the time this runs, so of two
-- payments at once the second sees the first. A bill that is out is `refunded` when all of it was given back; one that was
-- paid stays so when a part is: what we give back we do not ask for again.
create function count_invoice_payments() returns trigger
language plpgsql as $$
declare
  got bigint;
  back bigint;
  last_at timestamptz;
begin
  select coalesce(sum(p.amount_cents), 0), coalesce(sum(p.refunded_cents), 0), max(p.received_at)
  into got, back, last_at
  from payments as p
  where p.organization_id = new.organization_id
    and p.invoice_id = new.id
    and p.status = 'succeeded'
    and p.deleted_at is null;
  new.paid_cents := got - back;
  new.refunded_cents := back;
  if new.status in ('sent', 'partial', 'paid', 'refunded') then
    new.status := case
      when got = 0 then 'sent'
      when got = back then 'refunded'
      when got - back >= new.total_cents or (old.status = 'paid' and got >= new.total_cents) then 'paid'
      else 'partial'
    end;
    new.paid_at := case when new.status in ('paid', 'refunded') then last_at end;
  end if;
  return new;
end
$$;
create trigger counted before update on invoices for each row execute function count_invoice_payments();

-- A bill that is new has none; what is written there would be told of nobody.
create function start_invoice_unpaid() returns trigger
language plpgsql as $$
begin
  new.paid_cents := 0;
  new.refunded_cents := 0;
  return new;
end
$$;
create trigger counted_new before insert on invoices for each row execute function start_invoice_unpaid();

create function count_payment_refunds() returns trigger
language plpgsql as $$
begin
  new.refunded_cents := (
    select coalesce(sum(r.amount_cents), 0)
    from refunds as r
    where r.organization_id = new.organization_id
      and r.payment_id = new.id
      and r.status = 'succeeded'
  );
  return new;
end
$$;
create trigger counted before insert or update on payments for each row execute function count_payment_refunds();

-- Writes the bills anew that a payment is or was of. The older id first, so that two moves do not wait for each other.
create function follow_payment() returns trigger
language plpgsql as $$
declare
  touched uuid;
begin
  for touched in
    select distinct t.id
    from unnest(array[
      case when tg_op <> 'INSERT' then old.invoice_id end,
      case when tg_op <> 'DELETE' then new.invoice_id end
    ]) as t (id)
    where t.id is not null
    order by t.id
  loop
    update invoices as i
    set paid_cents = i.paid_cents
    where i.organization_id = coalesce(new.organization_id, old.organization_id)
      and i.id = touched;
  end loop;
  return null;
end
$$;
create trigger follow
  after insert or delete or update of invoice_id, amount_cents, status, refunded_cents, received_at, deleted_at on payments
  for each row execute function follow_payment();

create function follow_refund() returns trigger
language plpgsql as $$
begin
  update payments as p
  set refunded_cents = p.refunded_cents
  where p.organization_id = coalesce(new.organization_id, old.organization_id)
    and p.id in (old.payment_id, new.payment_id);
  return null;
end
$$;
create trigger follow after insert or delete or update of payment_id, amount_cents, status on refunds
  for each row execute function follow_refund();
