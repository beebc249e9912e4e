-- One busy business does not keep the others waiting (core/decisions/054). When more is due in a lane than there are hands,
-- businesses come one behind the other, as those of mails always did; what is left goes by age.
create index jobs_open_by_business on jobs (lane, organization_id, run_at, id) where done_at is null and dead_at is null;
drop index jobs_due_by_business;
insert into paces (name) values ('general'), ('timers');

create function take_in_turn(wanted text, due_at timestamptz, most integer) returns table (organization_id uuid, id uuid)
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  -- So many businesses are looked at in one call: those that only have something to come are passed over, one step each.
  steps constant integer := 200;
  last uuid;
  begun_at uuid;
  next record;
  taken_businesses uuid[] := '{}';
  taken uuid[] := '{}';
  is_round boolean := false;
begin
  if most < (
    select count(*)
    from (
      select
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.run_at <= due_at
        and (j.locked_until is null or j.locked_until < now())
      order by j.run_at, j.id
      limit most + 1
    ) as due
  ) then
    select coalesce(p.served, nobody) into last from paces as p where p.name = wanted;
    begun_at := last;
    for step in 1 .. steps loop
      exit when cardinality(taken) = most;
      select j.organization_id, j.run_at into next
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.organization_id > last
      order by j.organization_id, j.run_at, j.id
      limit 1;
      if next.organization_id is null then
        exit when is_round;
        is_round := true;
        last := nobody;
        continue;
      end if;
      exit when is_round and next.organization_id > begun_at;
      last := next.organization_id;
      continue when next.run_at > due_at;
      select j.organization_id, j.id into next
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.organization_id = last
        and j.run_at <= due_at
        and (j.locked_until is null or j.locked_until < now())
        and (wanted = 'general' or not waits_behind(j))
      order by j.run_at, j.id
      limit 1
      for update skip locked;
      if next.id is not null then
        taken_businesses := taken_businesses || next.organization_id;
        taken := taken || next.id;
      end if;
    end loop;
    -- Whoever takes at the same moment goes on from the same place, and waits for nobody.
    update paces as p
    set served = last
    where p.name = (select l.name from paces as l where l.name = wanted for update skip locked);
  end if;
  return query select * from unnest(taken_businesses, taken);
  return query
    select j.organization_id, j.id
    from jobs as j
    where j.done_at is null
      and j.dead_at is null
      and j.lane = wanted
      and j.run_at <= due_at
      and (j.locked_until is null or j.locked_until < now())
      and (wanted = 'general' or not waits_behind(j))
      and not j.id = any (taken)
    order by j.run_at, j.id
    limit most - cardinality(taken)
    for update skip locked;
end
$$;
revoke execute on function take_in_turn(text, timestamptz, integer) from public;

create or replace function claim_jobs(worker text, most integer, lease interval, wanted text, spacing interval DEFAULT NULL::interval, at timestamp with time zone DEFAULT NULL::timestamp with time zone)
returns setof jobs
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  pace paces;
  business uuid;
  businesses uuid[];
  ids uuid[];
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  due_at constant timestamptz := case when wanted = 'timers' then coalesce(at, now()) else now() end;
begin
  if spacing is null then
    select array_agg(t.organization_id), array_agg(t.id) into businesses, ids
    from take_in_turn(wanted, due_at, most) as t;
  else
    if due_business(wanted, nobody) is null then
      return;
    end if;
    select * into pace from paces where name = 'mail' for update;
    if pace.free_at > now() then
      return;
    end if;
    business := coalesce(due_business(wanted, coalesce(pace.served, nobody)), due_business(wanted, nobody));
    select array_agg(d.organization_id), array_agg(d.id) into businesses, ids
    from (
      select j.organization_id, j.id
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.lane in ('mail', 'sign_in')
        and j.organization_id = business
        and j.run_at <= now()
        and (j.locked_until is null or j.locked_until < now())
        and not waits_behind(j)
      order by j.run_at, j.id
      limit 1
      for update skip locked
    ) as d;
    if ids is not null then
      update paces set free_at = now() + spacing, served = business where name = 'mail';
    end if;
  end if;
  return query
    update jobs as j
    set locked_by = worker,
      locked_until = now() + lease,
      attempts = j.attempts + 1
    from unnest(businesses, ids) as d (organization_id, id)
    where j.organization_id = d.organization_id
      and j.id = d.id
    returning j.*;
end
$$;
