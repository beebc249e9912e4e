-- As before, in plpgsql: a function in SQL is planned anew in every transaction on PostgreSQL 15 to 17, one in plpgsql
-- once per connection. Every call passes one of these three.
create or replace function authenticate_key(hash bytea) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  return (
    select jsonb_build_object(
      'organization', describe_organization(o),
      'actor', jsonb_build_object('kind', 'agent', 'id', a.id, 'name', a.name),
      'key_id', k.id,
      'paused', a.paused_at is not null)
    from agent_keys as k
    join agents as a on a.organization_id = k.organization_id and a.id = k.agent_id
    join organizations as o on o.id = k.organization_id
    where k.key_hash = hash
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > now())
      and a.deleted_at is null
  );
end
$$;

create or replace function authenticate_session(hash bytea) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  return (
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
  );
end
$$;

create or replace function authenticate_member(organization uuid, member uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  return (
    select jsonb_build_object(
      'organization', describe_organization(o),
      'actor', jsonb_build_object('kind', 'user', 'id', m.id, 'name', m.name, 'role', m.role),
      'paused', false)
    from members as m
    join organizations as o on o.id = m.organization_id
    where m.organization_id = organization
      and m.id = member
      and m.deleted_at is null
  );
end
$$;
