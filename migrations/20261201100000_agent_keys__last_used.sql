-- When an agent called last with a key, noted now and then: its owner sees that it is connected. No change of the key, so neither
-- its version nor the history moves.
alter table agent_keys add column last_used_at timestamptz;
grant select (last_used_at), update (last_used_at) on agent_keys to deskhand_app;

drop trigger touch on agent_keys;
create trigger touch before update of revoked_at on agent_keys for each row execute function touch_row();

-- `credential` is a key or a connection, as the caller came in.
create function note_call(credential uuid) returns void
language plpgsql
as $$
begin
  -- A crash forgets some seconds.
  set local synchronous_commit = off;
  update agent_keys
  set last_used_at = clock_timestamp()
  where organization_id = current_organization()
    and id = credential
    and (last_used_at is null or last_used_at < clock_timestamp() - interval '5 seconds');
  update connections
  set last_used_at = clock_timestamp()
  where organization_id = current_organization()
    and id = credential
    and (last_used_at is null or last_used_at < clock_timestamp() - interval '5 seconds');
end
$$;
grant execute on function note_call(uuid) to deskhand_app;
