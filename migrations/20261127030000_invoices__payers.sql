-- A bill is for a customer or for a company, and the company pays when there is one (CFL-06, decision 034). Whom it was made out
-- to stands on it as it was on the day it was issued, whatever becomes of the customer (D9).
alter table invoices
  alter column contact_id drop not null,
  add column company_id uuid,
  add column billing_name text,
  add column billing_address text,
  add column billing_email text,
  add foreign key (organization_id, company_id) references companies (organization_id, id),
  add constraint invoices_are_for_somebody check (num_nonnulls(contact_id, company_id) >= 1);
create index invoices_company on invoices (organization_id, company_id, created_at desc) where company_id is not null;

alter table companies
  add column pays_for_its_people boolean not null default false,
  add column is_billing_email_confirmed boolean not null default false;

-- An address that an assistant has typed is not the company's own until a person says so (security.md, "out by mail").
create function trust_billing_email() returns trigger
language plpgsql as $$
declare
  actor constant jsonb := nullif(current_setting('app.actor', true), '')::jsonb;
begin
  if tg_op = 'INSERT' or lower(new.billing_email) is distinct from lower(old.billing_email) then
    new.is_billing_email_confirmed :=
      new.billing_email is not null and coalesce(actor ->> 'kind' in ('user', 'system'), false);
  end if;
  return new;
end
$$;
create trigger trust before insert or update of billing_email on companies
  for each row execute function trust_billing_email();

-- What is issued already was made out to its customer, at the address that stands on its paper until today.
alter table companies disable trigger user;
update companies as c
set is_billing_email_confirmed = true
where c.billing_email is not null
  and coalesce((
    select a.actor_kind in ('user', 'system')
    from audit_log as a
    where a.organization_id = c.organization_id
      and a.entity_type = 'company'
      and a.entity_id = c.id
      and a.changes ? 'billing_email'
    order by a.id desc
    limit 1
  ), false);
alter table companies enable trigger user;

alter table invoices disable trigger user;
update invoices as i
set billing_name = c.full_name,
  billing_email = coalesce(i.sent_to, c.email),
  billing_address = (
    select nullif(concat_ws(
      e'\n', nullif(a.line1, ''), nullif(a.line2, ''),
      nullif(concat_ws(', ', a.city, nullif(concat_ws(' ', a.state, a.postal_code), '')), '')
    ), '')
    from addresses as a
    where a.organization_id = i.organization_id
      and a.contact_id = i.contact_id
      and a.deleted_at is null
    order by
      a.type = 'billing' desc,
      exists (
        select
        from tickets as t
        where t.organization_id = i.organization_id
          and t.id = i.ticket_id
          and t.address_id = a.id
      ) desc,
      a.id
    limit 1
  )
from contacts as c
where c.organization_id = i.organization_id
  and c.id = i.contact_id
  and i.issued_on is not null;
alter table invoices enable trigger user;
alter table invoices
  add constraint invoices_made_out check (issued_on is null or billing_name is not null);

drop trigger issued on invoices;
create trigger issued before update on invoices
  for each row
  when (
    old.status <> 'draft'
    and (
      new.status = 'draft'
      or new.subtotal_cents <> old.subtotal_cents
      or new.tax_cents <> old.tax_cents
      or new.discount_cents <> old.discount_cents
      or new.total_cents <> old.total_cents
      or new.currency <> old.currency
      or new.company_id is distinct from old.company_id
      or new.billing_name is distinct from old.billing_name
      or new.billing_address is distinct from old.billing_address
      or new.billing_email is distinct from old.billing_email
    )
  )
  execute function refuse_issued_invoice_change();

-- Whose a payment is follows from its bill, and whose a refund is from its payment.
alter table payments
  alter column contact_id drop not null,
  add column company_id uuid,
  add foreign key (organization_id, company_id) references companies (organization_id, id);
create index payments_company on payments (organization_id, company_id, received_at desc) where company_id is not null;
alter table refunds
  alter column contact_id drop not null,
  add column company_id uuid,
  add foreign key (organization_id, company_id) references companies (organization_id, id);
create index refunds_company on refunds (organization_id, company_id, refunded_at desc) where company_id is not null;

create function name_payer_of_payment() returns trigger
language plpgsql as $$
begin
  select i.contact_id, i.company_id into new.contact_id, new.company_id
  from invoices as i
  where i.organization_id = new.organization_id
    and i.id = new.invoice_id;
  return new;
end
$$;
create trigger name_payer before insert or update of invoice_id on payments
  for each row execute function name_payer_of_payment();

create function name_payer_of_refund() returns trigger
language plpgsql as $$
begin
  select p.contact_id, p.company_id into new.contact_id, new.company_id
  from payments as p
  where p.organization_id = new.organization_id
    and p.id = new.payment_id;
  return new;
end
$$;
create trigger name_payer before insert on refunds for each row execute function name_payer_of_refund();

-- A draft on which something is paid already may be made out to somebody else.
create function follow_payer() returns trigger
language plpgsql as $$
begin
  update payments as p
  set company_id = new.company_id
  where p.organization_id = new.organization_id
    and p.invoice_id = new.id;
  update refunds as r
  set company_id = new.company_id
  from payments as p
  where p.organization_id = new.organization_id
    and p.invoice_id = new.id
    and r.organization_id = p.organization_id
    and r.payment_id = p.id;
  return null;
end
$$;
create trigger follow_payer after update of company_id on invoices
  for each row when (new.company_id is distinct from old.company_id) execute function follow_payer();

-- A company of which we know nobody is written to all the same, and has links of its own.
alter table scheduled_messages
  alter column contact_id drop not null,
  add column company_id uuid,
  add foreign key (organization_id, company_id) references companies (organization_id, id),
  add constraint scheduled_messages_are_for_somebody check (num_nonnulls(contact_id, company_id) >= 1);
create index scheduled_messages_company on scheduled_messages (organization_id, company_id) where company_id is not null;
alter table customer_links
  alter column contact_id drop not null,
  add column company_id uuid,
  add foreign key (organization_id, company_id) references companies (organization_id, id),
  add constraint customer_links_are_for_somebody check (num_nonnulls(contact_id, company_id) >= 1);
create index customer_links_company on customer_links (organization_id, company_id) where company_id is not null;

create or replace function authenticate_link(hash bytea) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'customer', 'id', coalesce(c.id, f.id), 'name', coalesce(c.full_name, f.name)),
    'link', jsonb_build_object(
      'id', l.id, 'purpose', l.purpose, 'subject_type', l.subject_type, 'subject_id', l.subject_id,
      'subject_version', l.subject_version, 'contact_id', l.contact_id, 'company_id', l.company_id),
    'paused', false)
  from customer_links as l
  join organizations as o on o.id = l.organization_id
  left join contacts as c on c.organization_id = l.organization_id and c.id = l.contact_id
  left join companies as f on f.organization_id = l.organization_id and f.id = l.company_id
  where l.token_hash = hash
    and l.used_at is null
    and l.expires_at > now()
$$;
