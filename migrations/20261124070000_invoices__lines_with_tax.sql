-- Bills are edited line by line while they are drafts: a line has a service, a tax rate and its amounts before and after
-- tax; the whole has a discount, terms, and words for the paper and for the office (INV-09…12, INV-20, CFL-41, CFL-42, D13).
alter table invoice_lines
  add column service_id uuid,
  add column tax_rate numeric(7, 4) not null default 0 check (tax_rate between 0 and 100),
  add column subtotal_cents bigint,
  add column tax_cents bigint not null default 0 check (tax_cents >= 0),
  add column deleted_at timestamptz,
  add column version bigint not null default 1,
  add column updated_at timestamptz not null default now(),
  add foreign key (organization_id, service_id) references services (organization_id, id);
update invoice_lines set subtotal_cents = total_cents;
alter table invoice_lines
  alter column subtotal_cents set not null,
  add constraint invoice_lines_add_up check (total_cents = subtotal_cents + tax_cents);
create index invoice_lines_service on invoice_lines (organization_id, service_id) where service_id is not null;
grant update on invoice_lines to deskhand_app;
create trigger touch before update on invoice_lines for each row execute function touch_row();

alter table invoices
  add column subtype text not null default 'sales'
    check (subtype in ('sales', 'subscription', 'one_time', 'recurring', 'setup')),
  add column description text,
  add column discount_cents bigint not null default 0 check (discount_cents >= 0),
  add column payment_terms text check (payment_terms in ('due_on_receipt', 'net_30', 'net_60', 'net_90')),
  add column terms_and_conditions text,
  add column footer text,
  add column internal_notes text,
  add column tags text[] not null default '{}',
  add column custom_fields jsonb not null default '{}',
  drop constraint invoices_add_up,
  add constraint invoices_add_up check (total_cents = subtotal_cents + tax_cents - discount_cents),
  add constraint invoices_discount check (total_cents >= 0);

drop trigger redact on invoices;
create trigger redact before insert or update
  of notes, terms_and_conditions, footer, internal_notes, end_reason on invoices
  for each row execute function redact_columns(
    'notes', 'terms_and_conditions', 'footer', 'internal_notes', 'end_reason'
  );

-- What was issued is what the customer holds in hands: its lines, and what they come to, stay as they are (INV-20), and no
-- line goes from one bill to another. The row of the bill is locked, so that a line is not added while the bill goes out.
create function refuse_issued_invoice_line() returns trigger
language plpgsql as $$
declare
  standing text;
begin
  select i.status into standing
  from invoices as i
  where i.organization_id = coalesce(new.organization_id, old.organization_id)
    and i.id = coalesce(new.invoice_id, old.invoice_id)
  for no key update;
  if standing <> 'draft' or (tg_op = 'UPDATE' and new.invoice_id <> old.invoice_id) then
    raise exception 'the invoice is issued' using errcode = 'check_violation', constraint = 'invoices_issued';
  end if;
  return coalesce(new, old);
end
$$;
create trigger issued before insert or update or delete on invoice_lines
  for each row execute function refuse_issued_invoice_line();

create function refuse_issued_invoice_change() returns trigger
language plpgsql as $$
begin
  raise exception 'the invoice is issued' using errcode = 'check_violation', constraint = 'invoices_issued';
end
$$;
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
    )
  )
  execute function refuse_issued_invoice_change();
