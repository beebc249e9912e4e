-- Only the way that is gone is made ready: a CASE looks up and checks the functions of all nine, in every transaction.
create or replace function enter(caller jsonb, request jsonb, actions text[]) returns jsonb
language plpgsql as $$
declare
  via constant text := caller ->> 'via';
  entered jsonb;
  actor jsonb;
begin
  if via = 'key' then
    entered := authenticate_key(decode(caller ->> 'hash', 'hex'));
  elsif via = 'key_or_token' then
    entered := coalesce(
      authenticate_key(decode(caller ->> 'hash', 'hex')), authenticate_token(decode(caller ->> 'hash', 'hex')));
  elsif via = 'session' then
    entered := authenticate_session(decode(caller ->> 'hash', 'hex'));
  elsif via = 'member' then
    entered := authenticate_member((caller ->> 'organization_id')::uuid, (caller ->> 'user_id')::uuid);
  elsif via = 'system' then
    entered := authenticate_system((caller ->> 'organization_id')::uuid, caller ->> 'name');
  elsif via = 'agent' then
    entered := authenticate_agent((caller ->> 'organization_id')::uuid, (caller ->> 'agent_id')::uuid);
  elsif via = 'form' then
    entered := authenticate_form(caller ->> 'key');
  elsif via = 'link' then
    entered := authenticate_link(decode(caller ->> 'hash', 'hex'));
  elsif via = 'webhook' then
    entered := authenticate_webhook(
      (caller ->> 'organization_id')::uuid, caller ->> 'provider', (caller ->> 'event')::uuid);
  end if;
  actor := entered -> 'actor';
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
