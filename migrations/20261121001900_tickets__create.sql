-- A visit: booked and performed work are one thing (TKT-01). Final once closed or cancelled (GAP-02).
create table tickets (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  address_id uuid,
  status text not null default 'scheduled'
    check (status in ('scheduled', 'in_progress', 'closed', 'cancelled')),
  confirmation_status text not null default 'not_sent'
    check (confirmation_status in ('not_sent', 'pending', 'accepted', 'declined', 'modify_requested')),
  scheduled_at timestamptz not null,
  duration_minutes integer not null check (duration_minutes between 5 and 1440),
  ends_at timestamptz not null,
  actual_minutes integer check (actual_minutes >= 0),
  is_price_estimated boolean not null default false,
  total_cents bigint not null default 0,
  currency text not null,
  notes text,
  cancelled_at timestamptz,
  cancel_reason text,
  closed_at timestamptz,
  rescheduled_from_id uuid,
  custom_fields jsonb not null default '{}'::jsonb,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, address_id) references addresses (organization_id, id),
  foreign key (organization_id, rescheduled_from_id) references tickets (organization_id, id),
  constraint tickets_end_after_start check (ends_at = scheduled_at + make_interval(mins => duration_minutes))
);
create index tickets_scheduled on tickets (organization_id, scheduled_at, id);
create index tickets_contact on tickets (organization_id, contact_id, scheduled_at desc);
create index tickets_address on tickets (organization_id, address_id) where address_id is not null;
create index tickets_rescheduled on tickets (organization_id, rescheduled_from_id)
  where rescheduled_from_id is not null;

alter table tickets enable row level security;
create policy organization_isolation on tickets to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on tickets to deskhand_app;
create trigger redact before insert or update of notes, cancel_reason on tickets
  for each row execute function redact_columns('notes', 'cancel_reason');
create trigger touch before update on tickets for each row execute function touch_row();
create trigger audit after insert or update or delete on tickets
  for each row execute function audit_row('ticket');

-- Closed and cancelled tickets do not change, by any path (TKT-05).
create function refuse_final_ticket_change() returns trigger
language plpgsql
as $$
begin
  if old.status in ('closed', 'cancelled') then
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger final before update or delete on tickets
  for each row execute function refuse_final_ticket_change();

-- One service on one visit, with name and prices as they were then (TKT-08, CFL-41).
create table ticket_lines (
  organization_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  service_id uuid,
  position integer not null,
  description text not null,
  pricing text not null check (pricing in ('fixed', 'flexible', 'per_unit')),
  quantity numeric(12, 3) not null default 1 check (quantity > 0),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  total_cents bigint not null,
  duration_minutes integer check (duration_minutes >= 0),
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id)
);
create index ticket_lines_ticket on ticket_lines (organization_id, ticket_id, position) where deleted_at is null;
create index ticket_lines_service on ticket_lines (organization_id, service_id) where service_id is not null;

alter table ticket_lines enable row level security;
create policy organization_isolation on ticket_lines to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on ticket_lines to deskhand_app;
create trigger touch before update on ticket_lines for each row execute function touch_row();
create trigger audit after insert or update or delete on ticket_lines
  for each row execute function audit_row('ticket_line', 'ticket', 'ticket_id');

-- Who goes, and when: the row that makes a double booking impossible. `period` and `is_active` are the ticket's, by
-- trigger, whatever a statement says, so no path can move a visit without moving the technicians' time with it.
create table ticket_technicians (
  organization_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  technician_id uuid not null,
  period tstzrange not null,
  is_active boolean not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, ticket_id, technician_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, technician_id) references members (organization_id, id),
  constraint ticket_technicians_no_overlap exclude using gist (
    organization_id with =, technician_id with =, period with &&
  ) where (is_active)
);

alter table ticket_technicians enable row level security;
create policy organization_isolation on ticket_technicians to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on ticket_technicians to deskhand_app;

-- Locks the ticket: a visit that is moved at the same moment must not leave this row behind.
create function fill_ticket_technician() returns trigger
language plpgsql
as $$
begin
  select tstzrange(t.scheduled_at, t.ends_at), t.status in ('scheduled', 'in_progress')
  into strict new.period, new.is_active
  from tickets as t
  where t.organization_id = new.organization_id
    and t.id = new.ticket_id
  for no key update;
  return new;
end
$$;
create trigger fill before insert or update on ticket_technicians
  for each row execute function fill_ticket_technician();

-- Definer, because the application may not write the derived columns itself.
create function follow_ticket() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  update ticket_technicians
  set period = tstzrange(new.scheduled_at, new.ends_at),
    is_active = new.status in ('scheduled', 'in_progress')
  where organization_id = new.organization_id
    and ticket_id = new.id;
  return null;
end
$$;
create trigger follow after update of scheduled_at, ends_at, status on tickets
  for each row execute function follow_ticket();

-- An assignment is told as a change of the ticket; the derived columns are not news.
create function audit_ticket_technician() returns trigger
language plpgsql
as $$
begin
  perform log_audit('ticket',
    case when tg_op = 'INSERT' then new.ticket_id else old.ticket_id end,
    case when tg_op = 'INSERT' then 'assign_technician' else 'unassign_technician' end,
    jsonb_build_object('technician_id', jsonb_build_object(
      'old', case when tg_op = 'DELETE' then old.technician_id end,
      'new', case when tg_op = 'INSERT' then new.technician_id end)));
  return null;
end
$$;
create trigger audit after insert or delete on ticket_technicians
  for each row execute function audit_ticket_technician();

-- Clocked time, one open entry per technician and visit (TKT-07, GAP-04).
create table time_entries (
  organization_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  technician_id uuid not null,
  clocked_in_at timestamptz not null,
  clocked_out_at timestamptz check (clocked_out_at >= clocked_in_at),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, technician_id) references members (organization_id, id)
);
create unique index time_entries_open on time_entries (organization_id, technician_id)
  where clocked_out_at is null;
create index time_entries_ticket on time_entries (organization_id, ticket_id);

alter table time_entries enable row level security;
create policy organization_isolation on time_entries to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on time_entries to deskhand_app;
create trigger touch before update on time_entries for each row execute function touch_row();
create trigger audit after insert or update or delete on time_entries
  for each row execute function audit_row('time_entry', 'ticket', 'ticket_id');

-- The parts of a final ticket are as final as the ticket: none is added, changed, removed or carried to another one.
-- Locks the tickets, so that a part cannot slip in while its ticket is being closed.
create function refuse_final_ticket_part() returns trigger
language plpgsql
as $$
declare
  tickets_meant uuid[] := array[
    case when tg_op <> 'INSERT' then old.ticket_id end,
    case when tg_op <> 'DELETE' then new.ticket_id end
  ];
  organization uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  perform 1
  from tickets as t
  where t.organization_id = organization
    and t.id = any (tickets_meant)
  order by t.id
  for no key update;
  if exists (
    select 1
    from tickets as t
    where t.organization_id = organization
      and t.id = any (tickets_meant)
      and t.status in ('closed', 'cancelled')
  ) then
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger final before insert or update or delete on ticket_lines
  for each row execute function refuse_final_ticket_part();
-- Closing a ticket frees its technicians, so a row that stays with its ticket and its technician may follow it.
create trigger final before insert or delete on ticket_technicians
  for each row execute function refuse_final_ticket_part();
create trigger final_change before update on ticket_technicians
  for each row
  when (new.ticket_id <> old.ticket_id or new.technician_id <> old.technician_id)
  execute function refuse_final_ticket_part();
create trigger final before insert or update or delete on time_entries
  for each row execute function refuse_final_ticket_part();
