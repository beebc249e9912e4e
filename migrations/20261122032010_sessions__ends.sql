-- A session ends thirty days after the sign-in, however much it is used; its row can be named, so that a person can see and
-- end it. Somebody who works for several businesses has one of them open at a time; none, until they have chosen.
alter table sessions
  add column id uuid not null default gen_random_uuid() unique,
  add column last_used_at timestamptz not null default now(),
  add column user_agent text,
  alter column organization_id drop not null;
update sessions set expires_at = least(expires_at, created_at + interval '30 days');

-- A link is good in the browser that asked for it, and elsewhere with the code that this browser shows. Both are kept as
-- hashes. A link made at the command line has no asker: whoever reads it there may use it.
alter table sign_in_tokens
  add column asker_hash bytea,
  add column code_hash bytea,
  add column tries integer not null default 0,
  add constraint asker_and_code check ((asker_hash is null) = (code_hash is null));

-- What a phone locks up with what this person has typed there and not sent yet, when they are signed out.
alter table users add column phone_secret bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

drop function create_sign_in_token(text, bytea, timestamptz);
drop function peek_sign_in_token(bytea);
drop function redeem_sign_in_token(bytea, bytea, text, timestamptz);

-- The living memberships of a person, the longest one first.
create function memberships_of(person uuid) returns table (organization_id uuid, organization_name text, name text)
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select m.organization_id, o.name, m.name
  from members as m
  join organizations as o on o.id = m.organization_id
  where m.id = person
    and m.deleted_at is null
  order by m.created_at, m.organization_id
$$;

-- Makes a link for the address of somebody who works anywhere, and ends the older ones. Answers where the mail belongs, and
-- the names of all their businesses; null when nobody has that address, which the caller must not let anyone notice.
create function create_sign_in_token(address text, hash bytea, asker bytea, code bytea, valid_until timestamptz) returns jsonb
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  person uuid;
  first_one record;
begin
  select id into person from users where email = lower(address);
  select * into first_one from memberships_of(person) limit 1;
  if not found then
    return null;
  end if;
  update sign_in_tokens set used_at = now() where user_id = person and used_at is null;
  insert into sign_in_tokens (token_hash, user_id, organization_id, asker_hash, code_hash, expires_at)
  values (hash, person, first_one.organization_id, asker, code, valid_until);
  return jsonb_build_object(
    'organization_id', first_one.organization_id, 'user_id', person, 'name', first_one.name,
    'organizations', (select jsonb_agg(organization_name) from memberships_of(person)));
end
$$;
grant execute on function create_sign_in_token to deskhand_app;

-- Whether a link would still work, and whether this browser has to give the code. Uses nothing up.
create function peek_sign_in_token(hash bytea, asker bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object('wants_code', asker_hash is not null and asker_hash is distinct from asker)
  from sign_in_tokens
  where token_hash = hash
    and used_at is null
    and expires_at > now()
    and tries < 5
$$;
grant execute on function peek_sign_in_token to deskhand_app;

-- Uses a link up and opens a session; the conditional update lets one of two clicks win. Without the right browser or code
-- it says `wrong_code`, and the fifth time the link is gone. The session this browser had before ends; its business stays
-- open when it was the same person's.
create function redeem_sign_in_token(hash bytea, shown jsonb, session jsonb) returns jsonb
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  token record;
  earlier record;
  chosen uuid;
begin
  select * into token
  from sign_in_tokens
  where token_hash = hash
    and used_at is null
    and expires_at > now()
    and tries < 5
  for update;
  if not found or not exists (select 1 from memberships_of(token.user_id)) then
    return null;
  end if;
  if token.asker_hash is not null
    and token.asker_hash is distinct from decode(shown ->> 'asker', 'hex')
    and token.code_hash is distinct from decode(shown ->> 'code', 'hex') then
    update sign_in_tokens set tries = tries + 1 where token_hash = hash;
    return jsonb_build_object('wrong_code', true);
  end if;
  update sign_in_tokens set used_at = now() where token_hash = hash;

  delete from sessions where token_hash = decode(shown ->> 'before', 'hex') returning * into earlier;
  select case when count(*) = 1 then min(m.organization_id::text)::uuid end into chosen from memberships_of(token.user_id) as m;
  if chosen is null and earlier.user_id = token.user_id then
    select m.organization_id into chosen
    from memberships_of(token.user_id) as m
    where m.organization_id = earlier.organization_id;
  end if;
  insert into sessions (token_hash, user_id, organization_id, csrf_token, user_agent, expires_at)
  values (
    decode(session ->> 'hash', 'hex'), token.user_id, chosen, session ->> 'csrf_token', session ->> 'user_agent',
    now() + make_interval(mins => (session ->> 'minutes')::integer));
  return jsonb_build_object('wrong_code', false);
end
$$;
grant execute on function redeem_sign_in_token to deskhand_app;

-- The businesses of the person of a session, and which one is open.
create function session_businesses(hash bytea) returns table (id uuid, name text, is_open boolean)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select m.organization_id, m.organization_name, m.organization_id is not distinct from s.organization_id
  from sessions as s
  cross join lateral memberships_of(s.user_id) as m
  where s.token_hash = hash
    and s.expires_at > now()
    and s.created_at > now() - interval '30 days'
$$;
grant execute on function session_businesses to deskhand_app;

-- Opens one of the businesses of a person in place of the one that was open, under a new secret. It is no new sign-in: its
-- time goes on. Answers whether they belong to it.
create function open_business(hash bytea, organization uuid, new_hash bytea, csrf text) returns boolean
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  update sessions as s
  set organization_id = organization, token_hash = new_hash, csrf_token = csrf, last_used_at = now()
  where s.token_hash = hash
    and s.expires_at > now()
    and s.created_at > now() - interval '30 days'
    and exists (select 1 from memberships_of(s.user_id) as m where m.organization_id = organization);
  return found;
end
$$;
grant execute on function open_business to deskhand_app;

-- As before, up to the end of the session.
create or replace function renew_session(hash bytea, valid_until timestamptz) returns text
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update sessions
  set expires_at = least(greatest(expires_at, valid_until), created_at + interval '30 days'), last_used_at = now()
  where token_hash = hash
    and expires_at > now()
    and created_at > now() - interval '30 days'
  returning csrf_token
$$;

-- As before, until thirty days after the sign-in. `is_fresh` says that this was less than twelve hours ago.
create or replace function authenticate_session(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'user', 'id', m.id, 'name', m.name, 'role', m.role),
    'csrf_token', s.csrf_token,
    'is_fresh', s.created_at > now() - interval '12 hours',
    'phone', jsonb_build_object(
      'id', md5(o.id::text || m.id::text)::uuid,
      'key', encode(substring(sha256(u.phone_secret || uuid_send(o.id)) for 16), 'hex')),
    'paused', false)
  from sessions as s
  join users as u on u.id = s.user_id
  join members as m on m.organization_id = s.organization_id and m.id = s.user_id
  join organizations as o on o.id = s.organization_id
  where s.token_hash = hash
    and s.expires_at > now()
    and s.created_at > now() - interval '30 days'
    and m.deleted_at is null
$$;

-- The living sessions of a person, in whichever business, and with `everybody` also those of the people of the business
-- whose context is set. `mine` is the hash of the form token of the session that asks.
create function list_sessions(person uuid, everybody boolean, mine text)
returns table (
  id uuid, member_id uuid, member text, business text, user_agent text, is_this boolean, is_own boolean,
  created_at timestamptz, last_used_at timestamptz, expires_at timestamptz
)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select s.id, s.user_id, m.name, o.name, s.user_agent,
    encode(sha256(convert_to(s.csrf_token, 'UTF8')), 'hex') is not distinct from mine, s.user_id = person,
    s.created_at, s.last_used_at, s.expires_at
  from sessions as s
  join members as m on m.organization_id = current_organization() and m.id = s.user_id
  left join organizations as o on o.id = s.organization_id
  where s.expires_at > now()
    and s.created_at > now() - interval '30 days'
    and (s.user_id = person or (everybody and s.organization_id = current_organization()))
$$;
grant execute on function list_sessions to deskhand_app;

-- Ends sessions among those that `list_sessions` shows; `wanted` null: all of the person but the one that asks. Answers how
-- many, and leaves each in the history of whose it was.
create function end_sessions_of(person uuid, everybody boolean, mine text, wanted uuid) returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  one record;
  ended integer := 0;
begin
  for one in
    delete from sessions as s
    using list_sessions(person, everybody and wanted is not null, mine) as l
    where s.id = l.id
      and case when wanted is null then not l.is_this else l.id = wanted end
    returning s.user_id, s.user_agent, s.created_at
  loop
    ended := ended + 1;
    perform log_audit('member', one.user_id, 'session_ended',
      jsonb_build_object('session', jsonb_build_object('old', coalesce(one.user_agent, ''), 'new', null)));
  end loop;
  return ended;
end
$$;
grant execute on function end_sessions_of to deskhand_app;

-- Ends what somebody who leaves the business has open there. What they have open elsewhere is none of its business.
create function end_member_sessions(member uuid) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from sessions where user_id = member and organization_id = current_organization()
$$;
grant execute on function end_member_sessions to deskhand_app;
