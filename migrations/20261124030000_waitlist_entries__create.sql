-- Customers who want to come sooner (SCH-06, CON-03), each of them once: what they wish, and the visit that would be moved for
-- it, when they have one.
create table waitlist_entries (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  ticket_id uuid,
  address_id uuid,
  technician_id uuid,
  earliest_on date,
  latest_on date,
  days text[] not null default '{}',
  time_of_day text not null default 'any' check (time_of_day in ('any', 'morning', 'afternoon')),
  duration_minutes integer check (duration_minutes between 5 and 1440),
  lines jsonb not null default '[]',
  note text,
  status text not null default 'waiting' check (status in ('waiting', 'served')),
  served_at timestamptz,
  custom_fields jsonb not null default '{}',
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, address_id) references addresses (organization_id, id),
  foreign key (organization_id, technician_id) references members (organization_id, id),
  constraint waitlist_entries_days check (earliest_on is null or latest_on is null or earliest_on <= latest_on),
  constraint waitlist_entries_served_have_a_time check ((status = 'waiting') = (served_at is null))
);
-- Nobody waits twice.
create unique index waitlist_entries_living on waitlist_entries (organization_id, contact_id)
  where status = 'waiting' and deleted_at is null;
create index waitlist_entries_contact on waitlist_entries (organization_id, contact_id);
create index waitlist_entries_ticket on waitlist_entries (organization_id, ticket_id) where ticket_id is not null;
create index waitlist_entries_address on waitlist_entries (organization_id, address_id) where address_id is not null;
create index waitlist_entries_technician on waitlist_entries (organization_id, technician_id)
  where technician_id is not null;

alter table waitlist_entries enable row level security;
create policy organization_isolation on waitlist_entries to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on waitlist_entries to deskhand_app;
create trigger redact before insert or update of note on waitlist_entries
  for each row execute function redact_columns('note');
create trigger touch before update on waitlist_entries for each row execute function touch_row();
create trigger audit after insert or update or delete on waitlist_entries
  for each row execute function audit_row('waitlist', 'contact', 'contact_id');
