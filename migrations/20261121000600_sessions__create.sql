-- Signed-in browsers. Reference tables: found by the hash of a secret before any organization is known, so the
-- application reaches them only through the functions below and in `authenticate`.
create table sessions (
  token_hash bytea primary key,
  user_id uuid not null references users (id),
  organization_id uuid not null references organizations (id),
  csrf_token text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index sessions_user on sessions (user_id);

-- Links that sign a person in once (TEN-09, TEN-13): hashed, ten minutes, used up by a POST and never by a GET.
create table sign_in_tokens (
  token_hash bytea primary key,
  user_id uuid not null references users (id),
  organization_id uuid not null references organizations (id),
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);

-- Makes a link for a member's address and answers where the mail belongs; null when nobody has that address, which
-- the caller must not let anyone notice.
create function create_sign_in_token(address text, hash bytea, valid_until timestamptz) returns jsonb
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  member_found record;
begin
  select m.organization_id, m.id, m.name, o.name as organization_name
  into member_found
  from members as m
  join organizations as o on o.id = m.organization_id
  where m.email = lower(address)
    and m.deleted_at is null
  order by m.created_at, m.organization_id
  limit 1;
  if not found then
    return null;
  end if;
  insert into sign_in_tokens (token_hash, user_id, organization_id, expires_at)
  values (hash, member_found.id, member_found.organization_id, valid_until);
  return jsonb_build_object(
    'organization_id', member_found.organization_id, 'user_id', member_found.id,
    'name', member_found.name, 'organization_name', member_found.organization_name);
end
$$;
grant execute on function create_sign_in_token to deskhand_app;

-- Whether a link would still work, for the page that asks for the POST. Uses nothing up.
create function peek_sign_in_token(hash bytea) returns boolean
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select exists (
    select 1 from sign_in_tokens where token_hash = hash and used_at is null and expires_at > now()
  )
$$;
grant execute on function peek_sign_in_token to deskhand_app;

-- Uses a link up and opens a session. The conditional update lets one of two clicks win.
create function redeem_sign_in_token(hash bytea, session_hash bytea, csrf text, valid_until timestamptz)
returns jsonb
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  token_found record;
begin
  update sign_in_tokens
  set used_at = now()
  where token_hash = hash
    and used_at is null
    and expires_at > now()
  returning user_id, organization_id
  into token_found;
  if not found then
    return null;
  end if;
  insert into sessions (token_hash, user_id, organization_id, csrf_token, expires_at)
  values (session_hash, token_found.user_id, token_found.organization_id, csrf, valid_until);
  return jsonb_build_object('organization_id', token_found.organization_id, 'user_id', token_found.user_id);
end
$$;
grant execute on function redeem_sign_in_token to deskhand_app;

-- Lengthens a session that is in use (TEN-11) and answers its form token.
create function renew_session(hash bytea, valid_until timestamptz) returns text
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update sessions
  set expires_at = greatest(expires_at, valid_until)
  where token_hash = hash
    and expires_at > now()
  returning csrf_token
$$;
grant execute on function renew_session to deskhand_app;

create function end_session(hash bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from sessions where token_hash = hash
$$;
grant execute on function end_session to deskhand_app;

-- Ends every session of the person this one belongs to: a lost phone must not stay signed in.
create function end_sessions(hash bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from sessions as s
  using sessions as mine
  where mine.token_hash = hash
    and s.user_id = mine.user_id
$$;
grant execute on function end_sessions to deskhand_app;
