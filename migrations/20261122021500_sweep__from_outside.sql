-- Throws away what came from outside and has served its purpose: events nobody repeats any more, links that are over.
create function sweep_from_outside(events_before timestamptz, links_before timestamptz) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from webhook_events where received_at < events_before and processed_at is not null;
  delete from customer_links where expires_at < links_before;
$$;
grant execute on function sweep_from_outside to deskhand_app;
