-- That something sensitive was taken out, where and of what kind; never the value itself (SAN-02, SAN-05).
create table security_events (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null,
  action text,
  field text,
  details jsonb not null default '{}'::jsonb,
  actor_kind text not null,
  actor_name text not null,
  request_id text,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

alter table security_events enable row level security;
create policy organization_isolation on security_events to deskhand_app
  using (organization_id = current_organization());
grant select, insert on security_events to deskhand_app;
