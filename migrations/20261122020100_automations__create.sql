-- Which automations a business has switched off, and on again; one without a row is on.
create table automation_settings (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  automation text not null,
  is_enabled boolean not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, automation)
);
alter table automation_settings enable row level security;
create policy organization_isolation on automation_settings to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on automation_settings to deskhand_app;
create trigger touch before update on automation_settings for each row execute function touch_row();
create trigger audit after insert or update or delete on automation_settings
  for each row execute function audit_row('automation_setting');

-- What automations have done: one run for each of them and each event. The job that runs it has the run's id.
create table automation_runs (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  automation text not null,
  event_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'skipped')),
  why text,
  did jsonb,
  request_id text,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, event_id) references events (organization_id, id)
);
create unique index automation_runs_once on automation_runs (organization_id, event_id, automation);
create index automation_runs_request on automation_runs (organization_id, request_id) where request_id is not null;
create index automation_runs_automation on automation_runs (organization_id, automation, id desc);

alter table automation_runs enable row level security;
create policy organization_isolation on automation_runs to deskhand_app
  using (organization_id = current_organization());
grant select, insert on automation_runs to deskhand_app;
grant update (state, why, did, request_id, finished_at) on automation_runs to deskhand_app;
