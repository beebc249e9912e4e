-- Who is acting, for which organization: the one place that says it, for every statement of a transaction.

create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gin with schema public;
create extension if not exists btree_gist with schema public;

-- Every policy is one equality on this. It raises when no organization is set (TEN-04): a forgotten context is
-- an error, never an empty list. Inlined by the planner, so an index on organization_id is used.
create function current_organization() returns uuid
language sql stable parallel safe
return current_setting('app.current_organization_id')::uuid;

-- The only function that sets the context. It EXECUTEs `set local` because that is what reaches every node of a
-- distributed database and what a pooler in transaction mode forgets at commit.
create function set_ctx(
  organization_id uuid,
  user_id uuid,
  actor jsonb
) returns void
language plpgsql
as $$
begin
  execute format('set local app.current_organization_id = %L', coalesce(organization_id::text, ''));
  execute format('set local app.current_user_id = %L', coalesce(user_id::text, ''));
  execute format('set local app.actor = %L', actor);
  set local statement_timeout = '10s';
  set local role deskhand_app;
end
$$;

-- UUID version 7 with microseconds in the twelve bits after the version (RFC 9562, method 3), so that rows the
-- database makes by itself sort by time within one millisecond too. In plpgsql, because that keeps its plan: every
-- audit entry takes one.
create function uuid7() returns uuid
language plpgsql volatile parallel safe
as $$
declare
  micros constant bigint := extract(epoch from clock_timestamp()) * 1000000;
begin
  return encode(
    overlay(
      uuid_send(gen_random_uuid())
      placing substring(int8send(micros / 1000) from 3)
        || substring(int4send(28672 + (micros % 1000 * 4096 / 1000)::integer) from 3)
      from 1 for 8
    ),
    'hex'
  )::uuid;
end
$$;

-- The smallest UUID version 7 of a moment: turns a time range into a range of primary keys.
create function uuid7_floor(moment timestamptz) returns uuid
language sql immutable parallel safe
return (
  encode(substring(int8send((extract(epoch from moment) * 1000)::bigint) from 3), 'hex') || '70008000000000000000'
)::uuid;

-- A row that changes gets its time of change from the database.
create function touch_row() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  return new;
end
$$;
