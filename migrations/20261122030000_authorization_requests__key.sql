-- A request belongs to the key it was asked with: what a key asked for that is revoked, over or gone does not run. No
-- foreign key: a key that an administrator deletes must be gone, and what it asked for then is not done.
-- `asked_hash` tells the same call asked twice; the digest tells one request from every other, and is good for one only.
-- `denied_before` is the request by which somebody denied the same before.
alter table authorization_requests
  add column key_id uuid,
  add column asked_hash text not null default '',
  add column denied_before uuid,
  add foreign key (organization_id, denied_before) references authorization_requests (organization_id, id);
alter table authorization_requests alter column asked_hash drop default;

create index authorization_requests_denied_before on authorization_requests (organization_id, denied_before)
  where denied_before is not null;
create index authorization_requests_denied on authorization_requests (organization_id, action, id desc)
  where status = 'denied';

-- With which key these were asked nobody knows any more.
select set_config('app.actor', '{"kind": "system", "name": "migration"}', true);
update authorization_requests
set status = 'stale',
  error = '{"code": "CONFLICT", "message": "Deskhand was updated while this waited; the agent has to ask again."}'
where status = 'pending';

drop index authorization_requests_pending;
create unique index authorization_requests_pending on authorization_requests (organization_id, agent_id, asked_hash)
  where status = 'pending';

-- As before, with the key itself.
create or replace function authenticate_key(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
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
$$;
