-- Files of any program: what kind of rows a file had, how they fared, and what a row not taken said.
alter table import_batches
  add column kind text not null default 'contacts'
    check (kind in ('contacts', 'companies', 'services', 'tickets', 'leads', 'notes')),
  add column taken_rows integer not null default 0,
  add column matched_rows integer not null default 0,
  add column refused_count integer not null default 0,
  add column columns jsonb not null default '[]'::jsonb;

-- Which record came of which row: by its key the same row is known again, and an import is taken back by it.
create table imported_rows (
  organization_id uuid not null references organizations (id),
  record_type text not null,
  key text not null,
  record_id uuid not null,
  import_batch_id uuid not null,
  primary key (organization_id, record_type, key),
  foreign key (organization_id, import_batch_id) references import_batches (organization_id, id)
);
create index imported_rows_import on imported_rows (organization_id, import_batch_id, record_type);
alter table imported_rows enable row level security;
create policy organization_isolation on imported_rows to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update, delete on imported_rows to deskhand_app;

-- What the columns of a program's files are read as in this business, and what was answered about them.
create table import_mappings (
  organization_id uuid not null references organizations (id),
  kind text not null,
  fingerprint text not null,
  mapping jsonb not null,
  answers jsonb not null default '{}'::jsonb,
  updated_at timestamptz not null default now(),
  primary key (organization_id, kind, fingerprint)
);
alter table import_mappings enable row level security;
create policy organization_isolation on import_mappings to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on import_mappings to deskhand_app;

-- A visit of the years before came with a file: the program used then billed it, so it does not wait for a bill here, and
-- it keeps no time of a technician free.
alter table tickets add column is_imported boolean not null default false;

create or replace function fill_ticket_technician() returns trigger
language plpgsql
as $$
begin
  select tstzrange(t.scheduled_at, t.ends_at), t.status in ('scheduled', 'in_progress') and not t.is_imported
  into strict new.period, new.is_active
  from tickets as t
  where t.organization_id = new.organization_id
    and t.id = new.ticket_id
  for no key update;
  return new;
end
$$;

-- Said by the function below while it runs, and by nobody else: the application is not the owner of the table.
create function is_taking_back_import() returns boolean
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(current_setting('deskhand.taking_back_import', true), '') = 'yes'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = 'public.tickets'::regclass)
$$;

create or replace function refuse_final_ticket_change() returns trigger
language plpgsql
as $$
declare
  moving constant text[] := '{contact_id}';
begin
  if old.status in ('closed', 'cancelled') then
    if tg_op = 'UPDATE'
      and nullif(current_setting('app.actor', true), '')::jsonb ->> 'action' in ('contact.merge', 'contact.unmerge')
      and to_jsonb(new) - moving = to_jsonb(old) - moving
    then
      return new;
    end if;
    if tg_op = 'DELETE' and is_taking_back_import() then
      return old;
    end if;
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

create or replace function refuse_final_ticket_part() returns trigger
language plpgsql
as $$
declare
  organizations_meant uuid[] := array[
    case when tg_op <> 'INSERT' then old.organization_id end,
    case when tg_op <> 'DELETE' then new.organization_id end
  ];
  tickets_meant uuid[] := array[
    case when tg_op <> 'INSERT' then old.ticket_id end,
    case when tg_op <> 'DELETE' then new.ticket_id end
  ];
begin
  if tg_op = 'DELETE' and is_taking_back_import() then
    return old;
  end if;
  perform 1
  from tickets as t
  where t.organization_id = any (organizations_meant)
    and t.id = any (tickets_meant)
  order by t.organization_id, t.id
  for no key update;
  if exists (
    select 1
    from tickets as t
    where t.organization_id = any (organizations_meant)
      and t.id = any (tickets_meant)
      and t.status in ('closed', 'cancelled')
  ) then
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

-- Takes the visits of one import away again, those that were billed or used since excepted: why they stay is answered.
create function take_back_imported_visits(batch uuid)
returns table (id uuid, contact_id uuid, reference text, why text)
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  visit record;
begin
  perform set_config('deskhand.taking_back_import', 'yes', true);
  for visit in
    select t.id, t.contact_id, t.reference
    from imported_rows as r
    join tickets as t on t.organization_id = r.organization_id and t.id = r.record_id
    where r.organization_id = current_organization()
      and r.import_batch_id = batch
      and r.record_type = 'ticket'
    order by t.id
    for update of t
  loop
    id := visit.id;
    contact_id := visit.contact_id;
    reference := visit.reference;
    why := null;
    if exists (
      select 1 from invoices as i
      where i.organization_id = current_organization() and i.ticket_id = visit.id and i.status not in ('void', 'cancelled')
    ) then
      why := 'billed';
    else
      begin
        delete from ticket_lines as l where l.organization_id = current_organization() and l.ticket_id = visit.id;
        delete from ticket_technicians as p where p.organization_id = current_organization() and p.ticket_id = visit.id;
        delete from tickets as t where t.organization_id = current_organization() and t.id = visit.id;
        delete from imported_rows as r
        where r.organization_id = current_organization() and r.record_type = 'ticket' and r.record_id = visit.id;
      exception when foreign_key_violation then
        why := 'used';
      end;
    end if;
    return next;
  end loop;
  perform set_config('deskhand.taking_back_import', '', true);
end
$$;
revoke all on function take_back_imported_visits (uuid) from public;
grant execute on function take_back_imported_visits (uuid) to deskhand_app;
