-- Programs of other people (Claude, an editor) that a person lets work as one of the agents, by OAuth. What a connection may do is
-- what its agent may do, within its scope. Names and hosts are what the program says of itself.
create table connections (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  agent_id uuid not null,
  client_id text not null,
  client_name text not null,
  -- Where the program is sent back to, and whether its description stands at an address of its own.
  redirect_host text not null,
  is_verified boolean not null,
  scope text not null check (scope in ('office', 'calendar', 'read')),
  allowed_by uuid not null,
  last_used_at timestamptz,
  -- Moved on by every refresh: whoever does not come back within it has to be allowed anew.
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('ended', 'client', 'code_replayed', 'token_replayed')),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, agent_id) references agents (organization_id, id),
  foreign key (organization_id, allowed_by) references members (organization_id, id),
  check ((ended_at is null) = (ended_because is null))
);
create index connections_agent on connections (organization_id, agent_id);
create index connections_allowed_by on connections (organization_id, allowed_by);

alter table connections enable row level security;
create policy organization_isolation on connections to deskhand_app
  using (organization_id = current_organization());
grant select, insert on connections to deskhand_app;
grant update (last_used_at, expires_at, ended_at, ended_because) on connections to deskhand_app;

create function audit_connection() returns trigger
language plpgsql
as $$
begin
  perform log_audit('agent', new.agent_id,
    case when tg_op = 'INSERT' then 'connected'
      when new.ended_because = 'code_replayed' then 'connection_code_replayed'
      when new.ended_because = 'token_replayed' then 'connection_token_replayed'
      else 'disconnected' end,
    jsonb_build_object('connection', jsonb_build_object('old', null, 'new', new.client_name)));
  return null;
end
$$;
create trigger audit after insert or update of ended_at on connections
  for each row execute function audit_connection();

-- What the authorization server keeps between two requests: registered programs, codes, tokens, what a person is being asked. Found by
-- a hash before any business is known, so it is reached through the functions below alone. What opens something is here as its hash.
create table oauth_entries (
  kind text not null,
  id_hash bytea not null,
  payload jsonb not null,
  -- What was allowed together ends together.
  grant_hash bytea,
  organization_id uuid,
  connection_id uuid,
  scope text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (kind, id_hash)
);
create index oauth_entries_grant on oauth_entries (grant_hash) where grant_hash is not null;
create index oauth_entries_expires on oauth_entries (expires_at);

create function keep_oauth_entry(entry jsonb, lives_seconds integer) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  insert into oauth_entries as e (kind, id_hash, payload, grant_hash, organization_id, connection_id, scope, expires_at)
  values (
    entry ->> 'kind', decode(entry ->> 'id_hash', 'hex'), entry -> 'payload', decode(entry ->> 'grant_hash', 'hex'),
    (entry ->> 'organization_id')::uuid, (entry ->> 'connection_id')::uuid, entry ->> 'scope',
    now() + make_interval(secs => lives_seconds)
  )
  on conflict (kind, id_hash) do update
  set payload = excluded.payload, expires_at = excluded.expires_at
$$;
revoke execute on function keep_oauth_entry from public;
grant execute on function keep_oauth_entry to deskhand_app;

create function find_oauth_entry(of_kind text, hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'payload', e.payload,
    'organization_id', e.organization_id,
    'connection_id', e.connection_id,
    'consumed', extract(epoch from e.consumed_at)::bigint)
  from oauth_entries as e
  where e.kind = of_kind
    and e.id_hash = hash
    and e.expires_at > now()
$$;
revoke execute on function find_oauth_entry from public;
grant execute on function find_oauth_entry to deskhand_app;

-- Uses something up. Of two at once one gets true.
create function consume_oauth_entry(of_kind text, hash bytea) returns boolean
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with consumed as (
    update oauth_entries
    set consumed_at = now()
    where kind = of_kind and id_hash = hash and consumed_at is null and expires_at > now()
    returning 1
  )
  select exists (select from consumed)
$$;
revoke execute on function consume_oauth_entry from public;
grant execute on function consume_oauth_entry to deskhand_app;

create function drop_oauth_entry(of_kind text, hash bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from oauth_entries where kind = of_kind and id_hash = hash
$$;
revoke execute on function drop_oauth_entry from public;
grant execute on function drop_oauth_entry to deskhand_app;

-- What was allowed together is gone together.
create function drop_oauth_grant(of_kind text, hash bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from oauth_entries where kind = of_kind and grant_hash = hash
$$;
revoke execute on function drop_oauth_grant from public;
grant execute on function drop_oauth_grant to deskhand_app;

-- A program that works here stays registered.
create function use_oauth_client(client bytea, lives_seconds integer) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update oauth_entries
  set expires_at = greatest(expires_at, now() + make_interval(secs => lives_seconds))
  where kind = 'Client' and id_hash = client
$$;
revoke execute on function use_oauth_client from public;
grant execute on function use_oauth_client to deskhand_app;

-- How a connection stands, before its business is known: whether it lives.
create function is_connection_living(organization uuid, connection uuid) returns boolean
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select exists (
    select
    from connections as c
    join agents as a on a.organization_id = c.organization_id and a.id = c.agent_id
    where c.organization_id = organization
      and c.id = connection
      and c.ended_at is null
      and c.expires_at > now()
      and a.deleted_at is null
  )
$$;
revoke execute on function is_connection_living from public;
grant execute on function is_connection_living to deskhand_app;

-- Whose an access token is. What its scope leaves out, the actor says.
create function authenticate_token(hash bytea) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  return (
    select jsonb_build_object(
      'organization', describe_organization(o),
      'actor', jsonb_build_object('kind', 'agent', 'id', a.id, 'name', a.name)
        || case when t.scope = 'office' then '{}'::jsonb else jsonb_build_object('scope', t.scope) end,
      'key_id', c.id,
      'paused', a.paused_at is not null)
    from oauth_entries as t
    join connections as c on c.organization_id = t.organization_id and c.id = t.connection_id
    join agents as a on a.organization_id = c.organization_id and a.id = c.agent_id
    join organizations as o on o.id = c.organization_id
    where t.kind = 'AccessToken'
      and t.id_hash = hash
      and t.expires_at > now()
      and c.ended_at is null
      and a.deleted_at is null
  );
end
$$;
revoke execute on function authenticate_token from public;
grant execute on function authenticate_token to deskhand_app;

-- As before; at the MCP endpoint a token is taken where a key is.
create or replace function enter(caller jsonb, request jsonb, actions text[]) returns jsonb
language plpgsql
as $$
declare
  entered jsonb := case caller ->> 'via'
    when 'key' then authenticate_key(decode(caller ->> 'hash', 'hex'))
    when 'key_or_token' then coalesce(
      authenticate_key(decode(caller ->> 'hash', 'hex')), authenticate_token(decode(caller ->> 'hash', 'hex')))
    when 'session' then authenticate_session(decode(caller ->> 'hash', 'hex'))
    when 'member' then authenticate_member((caller ->> 'organization_id')::uuid, (caller ->> 'user_id')::uuid)
    when 'system' then authenticate_system((caller ->> 'organization_id')::uuid, caller ->> 'name')
    when 'agent' then authenticate_agent((caller ->> 'organization_id')::uuid, (caller ->> 'agent_id')::uuid)
    when 'form' then authenticate_form(caller ->> 'key')
    when 'link' then authenticate_link(decode(caller ->> 'hash', 'hex'))
    when 'webhook' then authenticate_webhook(
      (caller ->> 'organization_id')::uuid, caller ->> 'provider', (caller ->> 'event')::uuid)
  end;
  actor jsonb := entered -> 'actor';
begin
  if entered is null then
    perform set_ctx(null, null, request || '{"kind": "system", "name": "nobody"}'::jsonb);
    return null;
  end if;
  perform set_ctx(
    (entered #>> '{organization,id}')::uuid,
    case when actor ->> 'kind' = 'user' then (actor ->> 'id')::uuid end,
    request || actor
  );
  if actor ->> 'kind' = 'agent' and cardinality(actions) > 0 then
    entered := entered || jsonb_build_object('overrides', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', p.id, 'action', p.action, 'rule', p.rule, 'level', p.level, 'schema_hash', p.schema_hash,
          'limits', p.limits, 'is_for_all', p.agent_id is null, 'is_grant', p.request_id is not null)
        order by p.id desc), '[]'::jsonb)
      from permission_overrides as p
      where p.organization_id = current_organization()
        and p.action = any (actions)
        and p.revoked_at is null
        and (p.expires_at is null or p.expires_at > now())
        and (p.agent_id is null or p.agent_id = (actor ->> 'id')::uuid)
    ));
  end if;
  return entered;
end
$$;

create or replace function sweep(answers_before timestamptz, jobs_before timestamptz) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from idempotency_keys where created_at < answers_before;
  delete from sign_in_tokens where expires_at < now() - interval '1 day';
  delete from sessions where expires_at < now();
  delete from oauth_entries where expires_at < now();
$$;
