-- When each timer of a business is due. Written by the worker alone, through the functions below: it serves every
-- business. `next_run_at` is -infinity until somebody has computed it from the clock of the business.
create table timers (
  organization_id uuid not null references organizations (id),
  name text not null,
  schedule text not null,
  next_run_at timestamptz not null default '-infinity',
  -- The last local date it ran for: never twice for one, whatever happens to clocks and time zones.
  last_run_on date,
  last_run_at timestamptz,
  last_job_id uuid,
  primary key (organization_id, name)
);
create index timers_due on timers (next_run_at, name);

alter table timers enable row level security;
create policy organization_isolation on timers to deskhand_app
  using (organization_id = current_organization());
grant select on timers to deskhand_app;

-- Whoever moves to another time zone has other mornings.
create function replan_timers() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  update timers set next_run_at = '-infinity' where organization_id = new.id;
  return null;
end
$$;
create trigger replan_timers after update of time_zone on organizations
  for each row when (old.time_zone is distinct from new.time_zone)
  execute function replan_timers();

-- Gives every business the timers there are, and notices those that were set to another time.
create function seed_timers(names text[], schedules text[]) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  insert into timers as t (organization_id, name, schedule)
  select o.id, wanted.name, wanted.schedule
  from organizations as o
  cross join unnest(names, schedules) as wanted (name, schedule)
  where not exists (
    select 1
    from timers as known
    where known.organization_id = o.id
      and known.name = wanted.name
      and known.schedule = wanted.schedule
  )
  on conflict (organization_id, name) do update
  set schedule = excluded.schedule,
    next_run_at = '-infinity'
  where t.schedule <> excluded.schedule
$$;

-- The timers that are due, held until this transaction ends; what another worker holds is left to it.
create function claim_timers(names text[], at timestamptz, most integer)
returns table (organization_id uuid, name text, time_zone text, is_planned boolean, last_run_on date)
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select t.organization_id, t.name, o.time_zone, t.next_run_at <> '-infinity', t.last_run_on
  from timers as t
  join organizations as o on o.id = t.organization_id
  where t.next_run_at <= at
    and t.name = any (names)
  order by t.next_run_at, t.organization_id, t.name
  limit most
  for update of t skip locked
$$;

-- Sets a timer to its next time; with a day, it is due now, and a job of its own does what it is for.
create function move_timer(organization uuid, timer text, next_at timestamptz, run_on date, at timestamptz, job uuid)
returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update timers
  set next_run_at = next_at,
    last_run_on = coalesce(run_on, last_run_on),
    last_run_at = case when run_on is null then last_run_at else at end,
    last_job_id = case when run_on is null then last_job_id else job end
  where organization_id = organization
    and name = timer;
  insert into jobs (organization_id, id, kind, payload, dedupe_key)
  select organization, job, 'timer:' || timer, jsonb_build_object('date', run_on), run_on::text
  where run_on is not null
  on conflict (organization_id, kind, dedupe_key) where done_at is null and dead_at is null do nothing
$$;

grant execute on function seed_timers, claim_timers, move_timer to deskhand_app;
