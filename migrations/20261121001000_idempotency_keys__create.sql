-- What a call with a key answered, so that the same call again answers the same and acts once (NFR-03). Kept 24 hours.
-- The primary key is also the lock: a second call waits here until the first one has committed or gone.
create table idempotency_keys (
  organization_id uuid not null references organizations (id),
  actor_key text not null,
  key text not null check (length(key) between 1 and 200),
  action text not null,
  input_hash text not null,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (organization_id, actor_key, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

alter table idempotency_keys enable row level security;
create policy organization_isolation on idempotency_keys to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update, delete on idempotency_keys to deskhand_app;
