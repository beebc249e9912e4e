-- The models that work for a business. `paused_at` beats every permission (security.md, rule 9).
create table agents (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null check (name <> ''),
  paused_at timestamptz,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

alter table agents enable row level security;
create policy organization_isolation on agents to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on agents to deskhand_app;
create trigger touch before update on agents for each row execute function touch_row();
create trigger audit after insert or update or delete on agents
  for each row execute function audit_row('agent');

-- An agent's keys: only their hashes, with a visible prefix to tell them apart.
create table agent_keys (
  organization_id uuid not null,
  id uuid not null,
  agent_id uuid not null,
  prefix text not null,
  key_hash bytea not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, agent_id) references agents (organization_id, id)
);
-- Not unique across organizations: thirty-two random bytes are, and a unique index without the organization would
-- not shard. The look-up takes the one living row.
create index agent_keys_hash on agent_keys (key_hash);
create index agent_keys_agent on agent_keys (organization_id, agent_id);

alter table agent_keys enable row level security;
create policy organization_isolation on agent_keys to deskhand_app
  using (organization_id = current_organization());
grant select (organization_id, id, agent_id, prefix, expires_at, revoked_at, version, created_at, updated_at),
  insert, update (revoked_at) on agent_keys to deskhand_app;
create trigger touch before update on agent_keys for each row execute function touch_row();
-- The hash itself never reaches the audit log.
create function audit_agent_key() returns trigger
language plpgsql
as $$
begin
  perform log_audit('agent', new.agent_id,
    case when tg_op = 'INSERT' then 'key_created' else 'key_revoked' end,
    jsonb_build_object('key', jsonb_build_object('old', null, 'new', new.prefix)));
  return null;
end
$$;
create trigger audit after insert or update of revoked_at on agent_keys
  for each row execute function audit_agent_key();
