-- A call that is taken back leaves nothing to be delivered: what of its jobs nobody has begun is gone, and the runs of
-- automations that waited for it say so. Answers those, and what had gone out or was being delivered and so stays.
create function cancel_jobs(request text)
returns table (kind text, payload jsonb, state text)
language sql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with gone as (
    delete from jobs as j
    where j.organization_id = current_organization()
      and j.request_id = request
      and j.done_at is null
      and j.dead_at is null
      and (j.locked_until is null or j.locked_until < now())
    returning j.organization_id, j.id, j.kind, j.payload
  ), skipped as (
    update automation_runs as r
    set state = 'skipped',
      why = 'what started it was taken back',
      finished_at = now()
    from gone
    where r.organization_id = gone.organization_id
      and r.id = gone.id
      and r.state = 'waiting'
  )
  select gone.kind, gone.payload, 'cancelled'
  from gone
  union all
  select j.kind, j.payload, case when j.done_at is null then 'under_way' else 'done' end
  from jobs as j
  where j.organization_id = current_organization()
    and j.request_id = request
    and j.dead_at is null
    and not exists (select from gone where gone.id = j.id)
$$;
revoke execute on function cancel_jobs(text) from public;
grant execute on function cancel_jobs(text) to deskhand_app;
