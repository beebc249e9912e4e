-- How long the queue is, of all businesses together: a number for each lane and no row of any job. Read by whoever watches over
-- the installation.
create function queue_figures()
returns table (lane text, waiting integer, running integer, oldest_seconds double precision)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select l.lane, coalesce(j.waiting, 0), coalesce(j.running, 0), coalesce(j.oldest_seconds, 0)
  from unnest(array['general', 'timers', 'sign_in', 'mail']) as l (lane)
  left join (
    select jobs.lane,
      (count(*) filter (where locked_until is null or locked_until < now()))::integer as waiting,
      (count(*) filter (where locked_until >= now()))::integer as running,
      extract(epoch from now() - min(run_at) filter (where locked_until is null or locked_until < now()))::double precision
        as oldest_seconds
    from jobs
    where done_at is null
      and dead_at is null
      and run_at <= now()
    group by jobs.lane
  ) as j on j.lane = l.lane
$$;
revoke execute on function queue_figures from public;
grant execute on function queue_figures to deskhand_app;
