-- How much went through a grant on a local day, for those that are bound to a sum a day.
alter table grant_uses add column amount_cents bigint not null default 0 check (amount_cents >= 0);
grant update (amount_cents) on grant_uses to deskhand_app;

-- As before, saying of each level for whom it was set and whether a request led to it: the strictest that applies wins,
-- whichever was set last.
create or replace function enter(caller jsonb, request jsonb, actions text[]) returns jsonb
language plpgsql
as $$
declare
  entered jsonb := case caller ->> 'via'
    when 'key' then authenticate_key(decode(caller ->> 'hash', 'hex'))
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
