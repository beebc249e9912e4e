-- Messages of services that are nobody's here: they came to the address of the whole installation, where nobody can tell whose they
-- would be. How many there were and the last one, so that whoever runs the installation sees them; of what they say only the id and
-- type of an event that was signed. A row for each service and reason, however many come. Reached through the functions alone.
create table webhook_strays (
  provider text not null,
  reason text not null check (reason in ('signature', 'unknown')),
  count bigint not null default 1,
  event_id text,
  event_type text,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  primary key (provider, reason)
);

create function note_webhook_stray(provider text, reason text, event_id text, event_type text) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  insert into webhook_strays as s (provider, reason, event_id, event_type)
  values (note_webhook_stray.provider, note_webhook_stray.reason, note_webhook_stray.event_id, note_webhook_stray.event_type)
  on conflict on constraint webhook_strays_pkey do update
  set count = s.count + 1,
    event_id = excluded.event_id,
    event_type = excluded.event_type,
    last_at = now()
$$;
grant execute on function note_webhook_stray to deskhand_app;

create function list_webhook_strays() returns setof webhook_strays
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select * from webhook_strays order by provider, reason
$$;
grant execute on function list_webhook_strays to deskhand_app;

create or replace function sweep_from_outside(events_before timestamptz, links_before timestamptz) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from webhook_events where received_at < events_before and processed_at is not null;
  delete from webhook_strays where last_at < events_before;
  delete from customer_links where expires_at < links_before;
$$;
