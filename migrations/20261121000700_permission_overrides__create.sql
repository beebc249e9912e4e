-- Levels the owner set for agents, and the grants that "Allow Always" leaves (OPQ-22, OPQ-23). `rule` names the rule
-- that fired, '*' stands for the action's own level. `agent_id` null means every agent. The newest living row wins.
create table permission_overrides (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  action text not null,
  rule text not null,
  agent_id uuid,
  level text not null check (level in ('unrestricted', 'soft_limit', 'requires_authorization', 'forbidden')),
  request_id uuid,
  schema_hash text,
  limits jsonb not null default '{}'::jsonb,
  reason text,
  set_by uuid not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, agent_id) references agents (organization_id, id),
  foreign key (organization_id, set_by) references members (organization_id, id)
);
create index permission_overrides_action on permission_overrides (organization_id, action, id desc)
  where revoked_at is null;
create index permission_overrides_agent on permission_overrides (organization_id, agent_id) where agent_id is not null;
create index permission_overrides_setter on permission_overrides (organization_id, set_by);

alter table permission_overrides enable row level security;
create policy organization_isolation on permission_overrides to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on permission_overrides to deskhand_app;
create trigger touch before update on permission_overrides for each row execute function touch_row();
create trigger audit after insert or update or delete on permission_overrides
  for each row execute function audit_row('permission');

-- How often a grant with a daily limit was used, per local day of the business.
create table grant_uses (
  organization_id uuid not null,
  grant_id uuid not null,
  used_on date not null,
  uses integer not null default 1 check (uses > 0),
  primary key (organization_id, grant_id, used_on),
  foreign key (organization_id, grant_id) references permission_overrides (organization_id, id)
);
alter table grant_uses enable row level security;
create policy organization_isolation on grant_uses to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (uses) on grant_uses to deskhand_app;
