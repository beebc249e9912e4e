-- How a call finds out who it is: credential in, context set, actor out, in one statement at the start of every
-- transaction. So a revoked key or a removed member is refused by the very next call of every process.

create function describe_organization(organization organizations) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'id', organization.id, 'slug', organization.slug, 'name', organization.name,
    'time_zone', organization.time_zone, 'currency', organization.currency, 'country', organization.country,
    'business_hours', organization.business_hours, 'settings', organization.settings)
$$;

-- The agent a key belongs to. Null for an unknown, revoked or expired key, and for a removed agent.
create function authenticate_key(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'agent', 'id', a.id, 'name', a.name),
    'paused', a.paused_at is not null)
  from agent_keys as k
  join agents as a on a.organization_id = k.organization_id and a.id = k.agent_id
  join organizations as o on o.id = k.organization_id
  where k.key_hash = hash
    and k.revoked_at is null
    and (k.expires_at is null or k.expires_at > now())
    and a.deleted_at is null
$$;

-- The member a browser session belongs to. Null for an unknown or expired session and for a removed member.
create function authenticate_session(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'user', 'id', m.id, 'name', m.name, 'role', m.role),
    'csrf_token', s.csrf_token,
    'paused', false)
  from sessions as s
  join members as m on m.organization_id = s.organization_id and m.id = s.user_id
  join organizations as o on o.id = s.organization_id
  where s.token_hash = hash
    and s.expires_at > now()
    and m.deleted_at is null
$$;

-- A member named by the process itself (the command line, a job on behalf of a person).
create function authenticate_member(organization uuid, member uuid) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'user', 'id', m.id, 'name', m.name, 'role', m.role),
    'paused', false)
  from members as m
  join organizations as o on o.id = m.organization_id
  where m.organization_id = organization
    and m.id = member
    and m.deleted_at is null
$$;

-- The machine itself, inside one organization.
create function authenticate_system(organization uuid, name text) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'system', 'id', null, 'name', name),
    'paused', false)
  from organizations as o
  where o.id = organization
$$;

-- An agent named by the process itself, when a person allowed what it asked for.
create function authenticate_agent(organization uuid, agent uuid) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'agent', 'id', a.id, 'name', a.name),
    'paused', a.paused_at is not null)
  from agents as a
  join organizations as o on o.id = a.organization_id
  where a.organization_id = organization
    and a.id = agent
    and a.deleted_at is null
$$;

-- The application's first statement. `caller` says how it identifies itself; `request` travels into the audit log.
-- Answers null, with no organization set, when the credential is not good. Not a definer: it must change the role.
create function enter(caller jsonb, request jsonb, actions text[]) returns jsonb
language plpgsql
as $$
declare
  entered jsonb := case caller ->> 'via'
    when 'key' then authenticate_key(decode(caller ->> 'hash', 'hex'))
    when 'session' then authenticate_session(decode(caller ->> 'hash', 'hex'))
    when 'member' then authenticate_member((caller ->> 'organization_id')::uuid, (caller ->> 'user_id')::uuid)
    when 'system' then authenticate_system((caller ->> 'organization_id')::uuid, caller ->> 'name')
    when 'agent' then authenticate_agent((caller ->> 'organization_id')::uuid, (caller ->> 'agent_id')::uuid)
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
          'id', p.id, 'action', p.action, 'rule', p.rule, 'level', p.level, 'schema_hash', p.schema_hash, 'limits', p.limits)
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

-- The organizations of this installation, for the command line and the workers that serve all of them.
create function list_organizations() returns table (id uuid, slug text, name text)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select id, slug, name from organizations order by created_at, id
$$;

-- A new business with its first person, who is its owner (OPQ-13).
create function found_organization(
  organization_id uuid, slug text, name text, time_zone text, currency text, country text, business_hours jsonb
) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  insert into organizations (id, slug, name, time_zone, currency, country, business_hours)
  values (organization_id, slug, name, time_zone, currency, country, business_hours)
$$;

grant execute on function
  authenticate_key, authenticate_session, authenticate_member, authenticate_system, authenticate_agent, enter, set_ctx,
  list_organizations, found_organization
  to deskhand_app;
