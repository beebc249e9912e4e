-- Bills of the program used before: with its number, and not of our series. They came with a file, and are taken back with it.
alter table invoices
  add column foreign_number text check (foreign_number <> ''),
  add column is_imported boolean not null default false,
  add constraint invoices_foreign_number_is_imported check (foreign_number is null or is_imported);

create or replace function refuse_issued_invoice_line() returns trigger
language plpgsql
as $$
declare
  standing text;
begin
  if tg_op = 'DELETE' and is_taking_back_import() then
    return old;
  end if;
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

-- Deletes the bills of one import with their payments; one that anything was done about since stays, and says so.
create function take_back_imported_invoices(batch uuid)
returns table (id uuid, contact_id uuid, reference text, why text)
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  bill record;
begin
  perform set_config('deskhand.taking_back_import', 'yes', true);
  for bill in
    select i.id, i.contact_id, i.reference
    from imported_rows as r
    join invoices as i on i.organization_id = r.organization_id and i.id = r.record_id
    where r.organization_id = current_organization()
      and r.import_batch_id = batch
      and r.record_type = 'invoice'
      and i.is_imported
    order by i.id
    for update of i
  loop
    id := bill.id;
    contact_id := bill.contact_id;
    reference := bill.reference;
    why := null;
    if exists (
      select 1
      from audit_log as a
      where a.organization_id = current_organization()
        and (
          (a.subject_type = 'invoice' and a.subject_id = bill.id)
          or (a.subject_type = 'contact' and a.subject_id = bill.contact_id and a.entity_id = bill.id)
        )
        and a.domain_action is distinct from 'import.csv'
    ) then
      why := 'changed';
    else
      begin
        delete from payments as p where p.organization_id = current_organization() and p.invoice_id = bill.id;
        delete from invoice_lines as l where l.organization_id = current_organization() and l.invoice_id = bill.id;
        delete from invoices as i where i.organization_id = current_organization() and i.id = bill.id;
        delete from imported_rows as r
        where r.organization_id = current_organization() and r.record_type = 'invoice' and r.record_id = bill.id;
      exception when foreign_key_violation then
        why := 'used';
      end;
    end if;
    return next;
  end loop;
  perform set_config('deskhand.taking_back_import', '', true);
end
$$;
revoke all on function take_back_imported_invoices (uuid) from public;
grant execute on function take_back_imported_invoices (uuid) to deskhand_app;
