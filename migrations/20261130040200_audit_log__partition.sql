-- The log by month. Nothing is copied or looked through here: the table there was becomes the first part.
-- The parts are reached through the log alone: nobody else has rights on them, and row level security without a policy
-- lets nobody else see a row.
alter index audit_log_pkey rename to audit_log_before_pkey;
alter index audit_log_actor rename to audit_log_before_actor;
alter index audit_log_request rename to audit_log_before_request;
alter index audit_log_subject rename to audit_log_before_subject;
alter table audit_log rename to audit_log_before;
revoke all on audit_log_before from deskhand_app;
drop policy organization_isolation on audit_log_before;
drop trigger immutable on audit_log_before;

create table audit_log (like audit_log_before including defaults) partition by range (id);
alter table audit_log add constraint audit_log_pkey primary key (organization_id, id);
-- The id is time-ordered, so (…, id) serves "newest first": the parts are read from the newest one on, as far as needed.
create index audit_log_subject on audit_log (organization_id, subject_type, subject_id, id desc);
create index audit_log_actor on audit_log (organization_id, user_id, id desc);
create index audit_log_request on audit_log (organization_id, request_id, id desc) where request_id is not null;
alter table audit_log enable row level security;
create policy organization_isolation on audit_log to deskhand_app
  using (organization_id = current_organization());
grant select on audit_log to deskhand_app;
-- Immutable for everybody, the owner of the table included (AUD-03); each part gets the trigger from here.
create trigger immutable before update or delete on audit_log
  for each row execute function refuse_audit_change();

do $$
declare
  bound constant text := (
    select substring(pg_get_constraintdef(oid) from '[0-9a-f]{8}-[0-9a-f-]{27}')
    from pg_constraint
    where conrelid = 'audit_log_before'::regclass
      and conname = 'audit_log_before'
  );
begin
  execute format('alter table audit_log attach partition audit_log_before for values from (minvalue) to (%L)', bound);
  execute format('create table audit_log_later partition of audit_log for values from (%L) to (maxvalue)', bound);
  alter table audit_log_later enable row level security;
end
$$;
alter table audit_log_before drop constraint audit_log_before;

-- Makes the parts of the months to come, so many ahead, and answers how many. What nobody has made a part for goes to the
-- last one, audit_log_later, which has no end: no write ever fails, and a list "newest first" is still read part by part,
-- which a default partition would prevent. When nobody called this for long, that part becomes one of several months.
-- Writers are kept out for milliseconds; when the log cannot be had at once (somebody copies it), the next call tries again.
create function extend_audit_log(ahead integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '100ms'
as $$
declare
  this_month constant timestamp := date_trunc('month', now() at time zone 'UTC');
  goal constant timestamp := this_month + make_interval(months => ahead + 1);
  lower_bound uuid;
  begins timestamp;
  ends timestamp;
  name text;
  filled text;
  filled_until uuid;
  made integer := 0;
begin
  for attempt in 1 .. 2 loop
    select substring(pg_get_expr(relpartbound, oid) from '[0-9a-f]{8}-[0-9a-f-]{27}')::uuid into strict lower_bound
    from pg_class
    where oid = 'audit_log_later'::regclass;
    begins := to_timestamp(('x' || left(replace(lower_bound::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC';
    if begins >= goal then
      return 0;
    end if;
    -- Looked at again once nobody else can make them.
    if attempt = 1 then
      lock table audit_log in access exclusive mode;
    end if;
  end loop;
  alter table audit_log detach partition audit_log_later;
  if exists (select from audit_log_later where id < uuid7_floor(goal at time zone 'UTC')) then
    filled := to_char(begins, '"audit_log_"YYYY_MM');
    execute format('alter table audit_log_later rename to %I', filled);
    create table public.audit_log_later (like audit_log including defaults);
    alter table audit_log_later enable row level security;
    begins := greatest(this_month, begins) + interval '1 month';
    filled_until := uuid7_floor(begins at time zone 'UTC');
    made := 1;
  end if;
  while begins < goal loop
    name := to_char(begins, '"audit_log_"YYYY_MM');
    ends := begins + interval '1 month';
    execute format(
      'create table public.%I partition of audit_log for values from (%L) to (%L)', name,
      uuid7_floor(begins at time zone 'UTC'), uuid7_floor(ends at time zone 'UTC')
    );
    execute format('alter table %I enable row level security', name);
    made := made + 1;
    begins := ends;
  end loop;
  execute format(
    'alter table audit_log attach partition audit_log_later for values from (%L) to (maxvalue)',
    uuid7_floor(begins at time zone 'UTC')
  );
  if filled is not null then
    -- Of a clock that was ahead.
    execute format('insert into audit_log select * from %I where id >= %L', filled, filled_until);
    execute format('delete from %I where id >= %L', filled, filled_until);
    execute format('alter table audit_log attach partition %I for values from (%L) to (%L)', filled, lower_bound, filled_until);
  end if;
  return made;
exception
  when lock_not_available then
    return 0;
end
$$;
revoke execute on function extend_audit_log(integer) from public;
grant execute on function extend_audit_log(integer) to deskhand_app;

select extend_audit_log(2);
