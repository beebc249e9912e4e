-- Ten thousand mails that are due at once keep nothing else waiting: jobs stand in lanes, and each lane is worked off by
-- itself. Mails are taken one at a time, as fast as the service in between allows for all processes together, in turns
-- among the businesses, and in order for each customer: one that says "moved" never overtakes the one that said "booked".
alter table jobs add column lane text not null generated always as (
  case kind
    when 'email' then 'mail'
    when 'sign_in_email' then 'sign_in'
    when 'scheduled_message' then 'timers'
    when 'planned_message' then 'timers'
    else 'general'
  end
) stored;
drop index jobs_due;
create index jobs_due on jobs (lane, run_at, id) where done_at is null and dead_at is null;
create index jobs_due_by_business on jobs (lane, organization_id, run_at, id)
  where done_at is null and dead_at is null and lane in ('mail', 'sign_in');
create index jobs_locked on jobs (lane, locked_until)
  where done_at is null and dead_at is null and locked_until is not null;

-- When the next mail may go, and whose mail went last. Reached through the functions below alone.
create table paces (
  name text primary key,
  free_at timestamptz not null default '-infinity',
  served uuid
);
insert into paces (name) values ('mail');

-- Whether an earlier job of the same kind for the same customer is not through yet.
create function waits_behind(job jobs) returns boolean
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select job.contact_id is not null
    and exists (
      select
      from jobs as e
      where e.organization_id = job.organization_id
        and e.contact_id = job.contact_id
        and e.kind = job.kind
        and e.done_at is null
        and e.dead_at is null
        and (coalesce(e.payload ->> 'send_at', ''), e.id) < (coalesce(job.payload ->> 'send_at', ''), job.id)
    )
$$;
revoke execute on function waits_behind from public;

-- Takes due jobs of a lane for one worker, over all organizations. A lease instead of a lock: a worker that dies gives its
-- jobs back when the lease ends. A job whose attempts are used up without a word is dead, not forgotten. With `spacing` it
-- takes one at most, and none before the last one was taken so long ago: nothing waits while it is held.
drop function claim_jobs(text, integer, interval);
create function claim_jobs(
  worker text, most integer, lease interval, wanted text, spacing interval default null
) returns setof jobs
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  pace paces;
  business uuid;
  businesses uuid[];
  ids uuid[];
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if spacing is null then
    select array_agg(d.organization_id), array_agg(d.id) into businesses, ids
    from (
      select j.organization_id, j.id
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.run_at <= now()
        and (j.locked_until is null or j.locked_until < now())
        and (wanted = 'general' or not waits_behind(j))
      order by j.run_at, j.id
      limit most
      for update skip locked
    ) as d;
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
  update jobs as j
  set dead_at = now(),
    last_error = coalesce(j.last_error, 'the worker died during every attempt'),
    locked_by = null,
    locked_until = null
  from unnest(businesses, ids) as d (organization_id, id)
  where j.organization_id = d.organization_id
    and j.id = d.id
    and j.attempts >= j.max_attempts;
  return query
    update jobs as j
    set locked_by = worker,
      locked_until = now() + lease,
      attempts = j.attempts + 1
    from unnest(businesses, ids) as d (organization_id, id)
    where j.organization_id = d.organization_id
      and j.id = d.id
      and j.dead_at is null
    returning j.*;
end
$$;

-- The first business behind another one that has mail to be taken now.
create function due_business(wanted text, behind uuid) returns uuid
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select j.organization_id
  from jobs as j
  where j.done_at is null
    and j.dead_at is null
    and j.lane = wanted
    and j.lane in ('mail', 'sign_in')
    and j.organization_id > behind
    and j.run_at <= now()
    and (j.locked_until is null or j.locked_until < now())
    and not waits_behind(j)
  order by j.organization_id, j.run_at, j.id
  limit 1
$$;
revoke execute on function due_business from public;

-- The service takes nothing for a while: no mail is tried meanwhile.
create function pause_mail(until timestamptz) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update paces set free_at = greatest(free_at, until) where name = 'mail'
$$;

-- When the worker must look at a lane again although nobody wakes it. What is due and was not taken is held by somebody, or
-- waits for what is; what became due since the worker looked is found by looking back a little.
drop function next_job_at();
create function next_job_at(wanted text, is_paced boolean default false) returns timestamptz
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select case
    when is_paced and due_business(wanted, '00000000-0000-0000-0000-000000000000') is not null
      then (select greatest(free_at, now()) from paces where name = 'mail')
    else least(
      (
        select run_at
        from jobs
        where done_at is null
          and dead_at is null
          and lane = wanted
          and locked_until is null
          and run_at > now() - interval '2 seconds'
        order by run_at
        limit 1
      ),
      (
        select min(locked_until)
        from jobs
        where done_at is null
          and dead_at is null
          and lane = wanted
          and locked_until is not null
      )
    )
  end
$$;
grant execute on function claim_jobs, pause_mail, next_job_at to deskhand_app;

-- The lane wakes, not everybody.
create or replace function announce_job() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('deskhand_jobs', new.lane);
  return null;
end
$$;
drop trigger announce on jobs;
create trigger announce after insert on jobs for each row execute function announce_job();
