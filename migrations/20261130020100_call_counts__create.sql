-- How often each credential has called in its minute, of all processes together (decision 046). Told now and then by each
-- process, never asked before a call. Credentials are here as hashes, good or not. Reached through the function alone.
create table call_counts (
  credential_hash bytea primary key,
  calls bigint not null,
  until timestamptz not null
);
create index call_counts_until on call_counts (until);

-- Adds calls of one process to those of all in the minute that goes, or begins one. Minutes that are over are swept on the way.
create function count_calls(credential bytea, made integer, out calls bigint, out left_ms integer)
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- A crash forgets a minute at most.
  set local synchronous_commit = off;
  insert into call_counts as c (credential_hash, calls, until)
  values (credential, made, clock_timestamp() + interval '1 minute')
  on conflict (credential_hash) do update
  set calls = case when c.until > clock_timestamp() then c.calls else 0 end + made,
    until = case when c.until > clock_timestamp() then c.until else excluded.until end
  returning c.calls, ceil(extract(epoch from c.until - clock_timestamp()) * 1000) into calls, left_ms;
  delete from call_counts as c
  where c.credential_hash in (
    select old.credential_hash
    from call_counts as old
    where old.until < clock_timestamp() - interval '1 minute'
    order by old.until
    limit 10
    for update skip locked
  );
end
$$;
grant execute on function count_calls(bytea, integer) to deskhand_app;
