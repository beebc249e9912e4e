-- The briefings that were given, so that the next one can tell what was decided since (MCP-10).
create table briefings (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  day date not null,
  -- From when on decisions were told in it.
  since timestamptz not null,
  facts jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create index briefings_created on briefings (organization_id, created_at desc);

alter table briefings enable row level security;
create policy organization_isolation on briefings to deskhand_app
  using (organization_id = current_organization());
grant select, insert on briefings to deskhand_app;
create trigger audit after insert or update or delete on briefings for each row execute function audit_row('briefing');
