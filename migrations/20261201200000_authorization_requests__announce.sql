-- Whoever watches a request is told when it was decided, by whichever process: the state alone says so, and who hears it looks for
-- themselves with their own credential. Without a listener it costs nothing; decisions are few.
create function announce_change() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('deskhand_changed', new.organization_id::text || ' ' || new.reference);
  return null;
end
$$;
create trigger announce_change after update of status on authorization_requests
  for each row when (old.status is distinct from new.status)
  execute function announce_change();
