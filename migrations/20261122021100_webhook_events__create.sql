-- What services outside told us of, each event once (PLT-21). A log of its own: what an event does is audited.
create table webhook_events (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  provider text not null,
  event_id text not null,
  type text not null,
  object_id text not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  error text,
  primary key (organization_id, id),
  unique (organization_id, provider, event_id)
);
create index webhook_events_received on webhook_events (received_at);

alter table webhook_events enable row level security;
create policy organization_isolation on webhook_events to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (processed_at, error) on webhook_events to deskhand_app;

-- The service that told us of an event which was written down, and signed. Null for an event nobody wrote down.
create function authenticate_webhook(organization uuid, sender text, event uuid) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'webhook', 'id', e.id, 'name', e.provider),
    'paused', false)
  from webhook_events as e
  join organizations as o on o.id = e.organization_id
  where e.organization_id = organization
    and e.id = event
    and e.provider = sender
$$;
grant execute on function authenticate_webhook to deskhand_app;
