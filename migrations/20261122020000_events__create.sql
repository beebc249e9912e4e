-- What has happened, written in the transaction that did it. Only ever added to.
create table events (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  payload jsonb not null,
  -- The day of a timer; each of them happens once.
  occurrence text,
  -- How many automations lie behind it: a chain of them has an end.
  depth integer not null default 0 check (depth >= 0),
  actor_kind text not null,
  actor_id uuid,
  request_id text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create unique index events_occurrence on events (organization_id, name, occurrence) where occurrence is not null;
create index events_name on events (organization_id, name, id desc);

alter table events enable row level security;
create policy organization_isolation on events to deskhand_app
  using (organization_id = current_organization());
grant select, insert on events to deskhand_app;
