-- A connection belongs to who allowed it, too: the program signs in with their account elsewhere. It is refused once they work here no
-- more, or see no longer what an agent sees.
create or replace function is_connection_living(organization uuid, connection uuid) returns boolean
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select exists (
    select
    from connections as c
    join agents as a on a.organization_id = c.organization_id and a.id = c.agent_id
    join members as m on m.organization_id = c.organization_id and m.id = c.allowed_by
    where c.organization_id = organization
      and c.id = connection
      and c.ended_at is null
      and c.expires_at > now()
      and a.deleted_at is null
      and m.deleted_at is null
      and m.role in ('owner', 'admin', 'member')
  )
$$;

create or replace function authenticate_token(hash bytea) returns jsonb
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
    join members as m on m.organization_id = c.organization_id and m.id = c.allowed_by
    join organizations as o on o.id = c.organization_id
    where t.kind = 'AccessToken'
      and t.id_hash = hash
      and t.expires_at > now()
      and c.ended_at is null
      and a.deleted_at is null
      and m.deleted_at is null
      and m.role in ('owner', 'admin', 'member')
  );
end
$$;
