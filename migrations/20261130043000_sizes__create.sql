-- What an installation carries, of all businesses together, for `deskhand doctor`: numbers, no row of anybody.
create function installation_sizes() returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'bytes', pg_database_size(current_database()),
    'tables', (
      select jsonb_agg(to_jsonb(t))
      from (
        select coalesce(i.inhparent::regclass::text, c.relname::text) as name, sum(greatest(c.reltuples, 0))::bigint as rows,
          sum(pg_total_relation_size(c.oid))::bigint as bytes
        from pg_class as c
        left join pg_inherits as i on i.inhrelid = c.oid
        where c.relnamespace = 'public'::regnamespace
          and c.relkind = 'r'
        group by 1
        order by 3 desc, 1
        limit 5
      ) as t
    ),
    'waiting', (
      select jsonb_build_object('jobs', coalesce(sum(w.jobs), 0), 'oldest_seconds', extract(epoch from now() - min(w.oldest))::bigint)
      from (values ('general'), ('timers'), ('sign_in'), ('mail')) as l (lane)
      cross join lateral (
        select count(*) as jobs, min(j.run_at) as oldest
        from (
          select run_at
          from jobs
          where lane = l.lane
            and done_at is null
            and dead_at is null
            and run_at <= now()
          order by run_at, id
          limit 10000
        ) as j
      ) as w
    ),
    'search_words', (select greatest(reltuples, 0)::bigint from pg_class where oid = 'search_words'::regclass),
    'months', (select count(*) from pg_inherits where inhparent = 'audit_log'::regclass),
    -- Written to the part without an end: nobody has made the month.
    'months_missing', exists (select from audit_log_later)
  )
$$;
revoke execute on function installation_sizes() from public;
grant execute on function installation_sizes() to deskhand_app;
