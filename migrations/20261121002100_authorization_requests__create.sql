-- What an agent wanted to do and may not do alone (MAQ-18): stored whole, never edited, decided by a person. The
-- digest is what the page shows and what is compared again when it is decided and when it runs.
create table authorization_requests (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  agent_id uuid not null,
  action text not null,
  input jsonb not null,
  schema_hash text not null,
  digest text not null,
  rule_action text not null,
  rule text not null,
  rule_reason text not null,
  reasoning text,
  preview jsonb not null,
  target_versions jsonb not null default '{}'::jsonb,
  affected_rows integer not null,
  status text not null default 'pending' check (status in (
    'pending', 'approved', 'executing', 'succeeded', 'failed', 'denied', 'expired', 'canceled', 'stale'
  )),
  decided_by uuid,
  decided_at timestamptz,
  decision text check (decision in ('allow_once', 'allow_always', 'deny')),
  decision_note text,
  result jsonb,
  error jsonb,
  replaced_by uuid,
  request_id text not null,
  expires_at timestamptz not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, agent_id) references agents (organization_id, id),
  foreign key (organization_id, decided_by) references members (organization_id, id)
);
-- Identical requests that still wait are one request.
create unique index authorization_requests_pending on authorization_requests (organization_id, agent_id, digest)
  where status = 'pending';
create index authorization_requests_status on authorization_requests (organization_id, status, id desc);
create index authorization_requests_decider on authorization_requests (organization_id, decided_by)
  where decided_by is not null;

alter table authorization_requests enable row level security;
create policy organization_isolation on authorization_requests to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on authorization_requests to deskhand_app;
create trigger touch before update on authorization_requests for each row execute function touch_row();
create trigger audit after insert or update or delete on authorization_requests
  for each row execute function audit_row('authorization_request');
