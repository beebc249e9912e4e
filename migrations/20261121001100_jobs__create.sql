-- The outbox: what must happen outside, written in the transaction that decides it and delivered at least once.
-- Claimed across organizations, so on a distributed database it stays a local table of the coordinator.
create table jobs (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null,
  payload jsonb not null,
  request_id text,
  run_at timestamptz not null default now(),
  attempts integer not null default 0,
  max_attempts integer not null default 10 check (max_attempts > 0),
  locked_until timestamptz,
  locked_by text,
  dedupe_key text,
  last_error text,
  result jsonb,
  done_at timestamptz,
  dead_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create unique index jobs_dedupe on jobs (organization_id, kind, dedupe_key)
  where done_at is null and dead_at is null;
create index jobs_due on jobs (run_at, id) where done_at is null and dead_at is null;
create index jobs_request on jobs (organization_id, request_id);

alter table jobs enable row level security;
create policy organization_isolation on jobs to deskhand_app
  using (organization_id = current_organization());
grant select, insert on jobs to deskhand_app;
grant update (run_at, attempts, locked_until, dead_at, last_error) on jobs to deskhand_app;

-- Wakes the worker the moment the transaction commits; without a listener it costs nothing.
create function announce_job() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('deskhand_jobs', '');
  return null;
end
$$;
create trigger announce after insert on jobs for each statement execute function announce_job();
create trigger announce_revival after update on jobs
  for each row when (old.dead_at is not null and new.dead_at is null)
  execute function announce_job();

-- Takes due jobs for one worker, over all organizations. A lease instead of a lock: a worker that dies gives its
-- jobs back when the lease ends. A job whose attempts are used up without a word is dead, not forgotten.
create function claim_jobs(worker text, most integer, lease interval) returns setof jobs
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with due as (
    select j.organization_id, j.id, j.attempts < j.max_attempts as has_attempts
    from jobs as j
    where j.done_at is null
      and j.dead_at is null
      and j.run_at <= now()
      and (j.locked_until is null or j.locked_until < now())
    order by j.run_at, j.id
    limit most
    for update skip locked
  ), buried as (
    update jobs as j
    set dead_at = now(),
      last_error = coalesce(j.last_error, 'the worker died during every attempt'),
      locked_by = null,
      locked_until = null
    from due
    where j.organization_id = due.organization_id
      and j.id = due.id
      and not due.has_attempts
  )
  update jobs as j
  set locked_by = worker,
    locked_until = now() + lease,
    attempts = j.attempts + 1
  from due
  where j.organization_id = due.organization_id
    and j.id = due.id
    and due.has_attempts
  returning j.*
$$;

-- Records how a job ended, if the lease is still this worker's. `retry_at` null with an error means it is dead.
create function settle_job(
  organization uuid, job uuid, worker text, outcome jsonb, error text, retry_at timestamptz
) returns boolean
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with settled as (
    update jobs
    set done_at = case when error is null then now() end,
      dead_at = case when error is not null and retry_at is null then now() end,
      run_at = coalesce(retry_at, run_at),
      last_error = error,
      result = outcome,
      locked_by = null,
      locked_until = null
    where organization_id = organization
      and id = job
      and locked_by = worker
      and done_at is null
    returning 1
  )
  select exists (select 1 from settled)
$$;

-- When the worker must look again although nobody wakes it.
create function next_job_at() returns timestamptz
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select min(greatest(run_at, coalesce(locked_until, run_at)))
  from jobs
  where done_at is null
    and dead_at is null
$$;

-- Throws away what has served its purpose: answers of old calls, used links, ended sessions, jobs done long ago.
create function sweep(answers_before timestamptz, jobs_before timestamptz) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from idempotency_keys where created_at < answers_before;
  delete from sign_in_tokens where expires_at < now() - interval '1 day';
  delete from sessions where expires_at < now();
  delete from jobs where done_at < jobs_before;
$$;

grant execute on function claim_jobs, settle_job, next_job_at, sweep to deskhand_app;
