-- What a day of work comes to by service and by technician, so that figures over a year add up a few rows of each day instead of looking
-- up every line of every visit. A day is one of UTC: it is the same day whichever time zone the business is moved to. `changed_days` says
-- which days have changed since they were summed up; those, and days nobody has summed up yet, are counted from their visits (decision 043).
create table summed_days (
  organization_id uuid not null references organizations (id),
  day date not null,
  primary key (organization_id, day)
);
alter table summed_days enable row level security;
create policy organization_isolation on summed_days to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on summed_days to deskhand_app;

create table summed_services (
  organization_id uuid not null references organizations (id),
  day date not null,
  position integer not null,
  -- Null is work off the price list.
  service_id uuid,
  currency text not null,
  visits bigint not null,
  quantity numeric not null,
  cents numeric not null,
  primary key (organization_id, day, position)
);
alter table summed_services enable row level security;
create policy organization_isolation on summed_services to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on summed_services to deskhand_app;

create table summed_technicians (
  organization_id uuid not null references organizations (id),
  day date not null,
  technician_id uuid not null,
  currency text not null,
  visits bigint not null,
  minutes numeric not null,
  cents numeric not null,
  timed_cents numeric not null,
  callbacks bigint not null,
  primary key (organization_id, day, technician_id, currency)
);
alter table summed_technicians enable row level security;
create policy organization_isolation on summed_technicians to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on summed_technicians to deskhand_app;

-- A row of its own for each transaction that changes the closed visits of a day: nobody waits for anybody, and whoever sums the day up
-- takes away only what it has seen and counted.
create table changed_days (
  organization_id uuid not null references organizations (id),
  day date not null,
  changed_by bigint not null,
  primary key (organization_id, day, changed_by)
);
alter table changed_days enable row level security;
create policy organization_isolation on changed_days to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on changed_days to deskhand_app;

-- Lines, crews and hours of a closed visit never change, so what changes its day is the visit itself: closed, or taken away again.
create function mark_changed_day() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'INSERT' and old.status = 'closed' then
    insert into changed_days (organization_id, day, changed_by)
    values (old.organization_id, (old.scheduled_at at time zone 'UTC')::date, pg_current_xact_id()::text::bigint)
    on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' and new.status = 'closed' then
    insert into changed_days (organization_id, day, changed_by)
    values (new.organization_id, (new.scheduled_at at time zone 'UTC')::date, pg_current_xact_id()::text::bigint)
    on conflict do nothing;
  end if;
  return null;
end
$$;
create trigger sums_made after insert on tickets
  for each row when (new.status = 'closed') execute function mark_changed_day();
create trigger sums_gone after delete on tickets
  for each row when (old.status = 'closed') execute function mark_changed_day();
create trigger sums_changed after update on tickets
  for each row when (
    (old.status = 'closed' or new.status = 'closed')
    and (old.status, old.scheduled_at, old.currency, old.total_cents, old.actual_minutes, old.address_id, old.series_id)
      is distinct from (new.status, new.scheduled_at, new.currency, new.total_cents, new.actual_minutes, new.address_id, new.series_id)
  ) execute function mark_changed_day();

-- The visits there are by now.
insert into changed_days (organization_id, day, changed_by)
select distinct organization_id, (scheduled_at at time zone 'UTC')::date, 0
from tickets
where status = 'closed';
