-- Visits that come again (SCH-04, SCH-05): what is to be done, when for the first time, and the rule by which it comes again.
-- The time is that of the clock on the wall of the business, whatever it does in spring and autumn.
create table series (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  address_id uuid,
  rule text not null check (rule <> ''),
  repeats text not null,
  starts_on date not null,
  start_time text not null check (start_time ~ '^[0-2][0-9]:[0-5][0-9]$'),
  ends_on date,
  duration_minutes integer not null check (duration_minutes between 5 and 1440),
  lines jsonb not null default '[]',
  technician_ids jsonb not null default '[]',
  notes text,
  status text not null default 'active' check (status in ('active', 'ended')),
  skipped jsonb not null default '[]',
  made_until date,
  ended_at timestamptz,
  end_reason text,
  custom_fields jsonb not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, address_id) references addresses (organization_id, id),
  constraint series_ended_have_a_time check ((status = 'active') = (ended_at is null))
);
create index series_contact on series (organization_id, contact_id);
create index series_address on series (organization_id, address_id) where address_id is not null;
create index series_to_make on series (organization_id, made_until, id) where status = 'active';

alter table series enable row level security;
create policy organization_isolation on series to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on series to deskhand_app;
create trigger redact before insert or update of notes, end_reason on series
  for each row execute function redact_columns('notes', 'end_reason');
create trigger touch before update on series for each row execute function touch_row();
create trigger audit after insert or update or delete on series
  for each row execute function audit_row('series', 'contact', 'contact_id');

-- Which date of its series a visit is, what it was planned as (whoever changes it by hand makes it differ from that), and why
-- nobody could be sent there when it was made.
alter table tickets
  add column series_id uuid,
  add column occurrence_on date,
  add column as_planned text,
  add column to_place_why text,
  add foreign key (organization_id, series_id) references series (organization_id, id),
  add constraint tickets_of_a_series_have_a_date check ((series_id is null) = (occurrence_on is null));

-- Each date once, whoever makes it; a visit that was cancelled and booked once more is the same date again.
create unique index tickets_occurrence on tickets (organization_id, series_id, occurrence_on)
  where series_id is not null and status <> 'cancelled';
create index tickets_series on tickets (organization_id, series_id, occurrence_on) where series_id is not null;
create index tickets_to_place on tickets (organization_id, scheduled_at) where to_place_why is not null;
