-- Whether two mails are about the same visit or bill, or both about none.
create function is_same_matter(one jsonb, other jsonb) returns boolean
  language sql immutable parallel safe
as $$
  select coalesce(one ->> 'ticket_id' = other ->> 'ticket_id', false)
    or coalesce(one ->> 'invoice_id' = other ->> 'invoice_id', false)
    or coalesce(one ->> 'ticket_id', one ->> 'invoice_id', other ->> 'ticket_id', other ->> 'invoice_id') is null
$$;
revoke execute on function is_same_matter(jsonb, jsonb) from public;

-- Each customer's mails go in their order. One that was put off after a failed attempt holds back what is about the same
-- visit or bill, and lets everything else pass, as does what waits for it: a bill that is tried again in an hour keeps no
-- cancellation of another visit waiting.
create or replace function waits_behind(job jobs) returns boolean
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
        and (
          is_same_matter(e.payload, job.payload)
          or not exists (
            select
            from jobs as late
            where late.organization_id = e.organization_id
              and late.contact_id = e.contact_id
              and late.kind = e.kind
              and late.done_at is null
              and late.dead_at is null
              and late.attempts > 0
              and late.run_at > now()
              and (coalesce(late.payload ->> 'send_at', ''), late.id) <= (coalesce(e.payload ->> 'send_at', ''), e.id)
              and is_same_matter(late.payload, e.payload)
          )
        )
    )
$$;
revoke execute on function waits_behind(jobs) from public;

-- A job whose worker died during every attempt is claimed once more, one attempt above its last, and not run: whoever
-- claims it says to what it carries that it is given up, and buries it. `at`: the time by which timers of messages are due.
drop function claim_jobs(text, integer, interval, text, interval);
create function claim_jobs(
  worker text, most integer, lease interval, wanted text, spacing interval default null, at timestamptz default null
) returns setof jobs
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
    select array_agg(d.organization_id), array_agg(d.id) into businesses, ids
    from (
      select j.organization_id, j.id
      from jobs as j
      where j.done_at is null
        and j.dead_at is null
        and j.lane = wanted
        and j.run_at <= due_at
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
revoke execute on function claim_jobs(text, integer, interval, text, interval, timestamptz) from public;
grant execute on function claim_jobs(text, integer, interval, text, interval, timestamptz) to deskhand_app;

-- What was given up shows the attempts it had.
create or replace function settle_job(
  organization uuid, job uuid, worker text, outcome jsonb, error text, retry_at timestamptz
) returns boolean
  language sql security definer
  set search_path = pg_catalog, public, pg_temp
as $$
  with settled as (
    update jobs
    set done_at = case when error is null then now() end,
      dead_at = case when error is not null and retry_at is null then now() end,
      run_at = coalesce(retry_at, run_at),
      attempts = least(attempts, max_attempts),
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
