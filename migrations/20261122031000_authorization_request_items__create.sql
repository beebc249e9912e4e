-- What joined a bulk that waits already: one request of one agent grows, and a person decides about all of it at once.
-- The request itself is its first item. Each is stored whole and never edited; `asked_hash` tells the same call asked
-- twice. While the request waits an item is pending; what became of it is written down with the decision.
create table authorization_request_items (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  authorization_request_id uuid not null,
  action text not null,
  input jsonb not null,
  schema_hash text not null,
  asked_hash text not null,
  rule_reason text not null,
  reasoning text,
  preview jsonb not null,
  target_versions jsonb not null default '{}'::jsonb,
  affected_rows integer not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed', 'stale')),
  result jsonb,
  error jsonb,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, authorization_request_id, asked_hash),
  foreign key (organization_id, authorization_request_id) references authorization_requests (organization_id, id)
    on delete cascade
);

alter table authorization_request_items enable row level security;
create policy organization_isolation on authorization_request_items to deskhand_app
  using (organization_id = current_organization());
grant select, insert on authorization_request_items to deskhand_app;
grant update (status, result, error) on authorization_request_items to deskhand_app;
create trigger touch before update on authorization_request_items for each row execute function touch_row();
create trigger audit after insert or update or delete on authorization_request_items
  for each row execute function audit_row('authorization_request_item', 'authorization_request', 'authorization_request_id');
