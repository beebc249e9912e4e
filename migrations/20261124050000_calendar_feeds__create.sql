-- Addresses by which a calendar reads the visits of one person, or of the business. The token is shown once; here is its
-- hash. A feed speaks for its person: it ends with their access, and shows what their role may see when it is read.
create table calendar_feeds (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  member_id uuid not null,
  covers text not null check (covers in ('own', 'business')),
  token_hash bytea not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references members (organization_id, id)
);
-- A new one ends the old.
create unique index calendar_feeds_living on calendar_feeds (organization_id, member_id, covers) where revoked_at is null;
-- Found by the hash before any organization is known; not unique, as with the keys of agents.
create index calendar_feeds_token on calendar_feeds (token_hash);

alter table calendar_feeds enable row level security;
create policy organization_isolation on calendar_feeds to deskhand_app
  using (organization_id = current_organization());
grant insert on calendar_feeds to deskhand_app;
grant select (organization_id, id, member_id, covers, revoked_at, created_at) on calendar_feeds to deskhand_app;
grant update (revoked_at) on calendar_feeds to deskhand_app;

create function audit_calendar_feed() returns trigger
language plpgsql
as $$
begin
  perform log_audit('member', new.member_id,
    case when tg_op = 'INSERT' then 'calendar_feed_created' else 'calendar_feed_revoked' end,
    jsonb_build_object('calendar_feed', jsonb_build_object('old', null, 'new', new.covers)));
  return null;
end
$$;
create trigger audit after insert or update of revoked_at on calendar_feeds
  for each row execute function audit_calendar_feed();

-- Whose feed it is, and what it covers. Null for an unknown or revoked one, one of somebody who left, and one of the
-- business whose person does not see all of it any more.
create function authenticate_feed(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'user', 'id', m.id, 'name', m.name, 'role', m.role),
    'covers', f.covers,
    'paused', false)
  from calendar_feeds as f
  join organizations as o on o.id = f.organization_id
  join members as m on m.organization_id = f.organization_id and m.id = f.member_id
  where f.token_hash = hash
    and f.revoked_at is null
    and m.deleted_at is null
    and (f.covers = 'own' or m.role in ('owner', 'admin', 'member'))
$$;
grant execute on function authenticate_feed to deskhand_app;

-- The first statement of whoever reads a feed, as `enter` is for all others. It stands apart, so that the token of a feed
-- opens no other door.
create function enter_feed(hash bytea, request jsonb) returns jsonb
language plpgsql
as $$
declare
  entered jsonb := authenticate_feed(hash);
  actor jsonb := entered -> 'actor';
begin
  if entered is null then
    perform set_ctx(null, null, request || '{"kind": "system", "name": "nobody"}'::jsonb);
    return null;
  end if;
  perform set_ctx((entered #>> '{organization,id}')::uuid, (actor ->> 'id')::uuid, request || actor);
  return entered;
end
$$;
grant execute on function enter_feed to deskhand_app;

-- As what calendars know a visit that was moved, and how often that was (RFC 5545: UID and SEQUENCE). A visit without a row
-- was never moved. One that took the place of another is the same entry, so that calendars move it and never show it twice.
create table calendar_entries (
  organization_id uuid not null,
  ticket_id uuid not null,
  uid uuid not null,
  sequence integer not null check (sequence > 0),
  changed_at timestamptz not null default now(),
  primary key (organization_id, ticket_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id) on delete cascade
);

alter table calendar_entries enable row level security;
create policy organization_isolation on calendar_entries to deskhand_app
  using (organization_id = current_organization());
grant select on calendar_entries to deskhand_app;

-- Those that were moved before there were calendars.
with recursive moved as (
  select organization_id, id, id as uid, 0 as sequence
  from tickets
  where rescheduled_from_id is null
    and (organization_id, id) in (select organization_id, rescheduled_from_id from tickets)
  union all
  select t.organization_id, t.id, m.uid, m.sequence + 1
  from moved as m
  join tickets as t on t.organization_id = m.organization_id and t.rescheduled_from_id = m.id
)
insert into calendar_entries (organization_id, ticket_id, uid, sequence)
select organization_id, id, uid, sequence from moved where sequence > 0;

create function follow_visit_in_calendars() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into calendar_entries (organization_id, ticket_id, uid, sequence)
    select new.organization_id, new.id, coalesce(e.uid, new.rescheduled_from_id), coalesce(e.sequence, 0) + 1
    from (values (true)) as one (row)
    left join calendar_entries as e
      on e.organization_id = new.organization_id and e.ticket_id = new.rescheduled_from_id;
  else
    insert into calendar_entries (organization_id, ticket_id, uid, sequence)
    values (new.organization_id, new.id, new.id, 1)
    on conflict (organization_id, ticket_id) do update
    set sequence = calendar_entries.sequence + 1, changed_at = now();
  end if;
  return null;
end
$$;
create trigger calendar_booked after insert on tickets
  for each row when (new.rescheduled_from_id is not null) execute function follow_visit_in_calendars();
create trigger calendar_moved after update of scheduled_at, ends_at, address_id, status on tickets
  for each row when (
    new.scheduled_at <> old.scheduled_at
    or new.ends_at <> old.ends_at
    or new.address_id is distinct from old.address_id
    or (new.status = 'cancelled') <> (old.status = 'cancelled')
  )
  execute function follow_visit_in_calendars();

-- The place itself may get another street.
create function follow_place_in_calendars() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into calendar_entries (organization_id, ticket_id, uid, sequence)
  select t.organization_id, t.id, t.id, 1
  from tickets as t
  where t.organization_id = new.organization_id
    and t.address_id = new.id
    and t.status in ('scheduled', 'in_progress')
  on conflict (organization_id, ticket_id) do update
  set sequence = calendar_entries.sequence + 1, changed_at = now();
  return null;
end
$$;
create trigger calendar_moved after update of line1, line2, city, state, postal_code on addresses
  for each row when (
    (new.line1, new.line2, new.city, new.state, new.postal_code)
    is distinct from (old.line1, old.line2, old.city, old.state, old.postal_code)
  )
  execute function follow_place_in_calendars();
