-- The forms of a business's own website (LED-16, GAP-10). Their keys stand in public HTML: they say which business is meant
-- and allow one thing, handing in an inquiry.
create table lead_forms (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  name text not null check (name <> ''),
  public_key text not null check (public_key ~ '^form_[A-Za-z0-9_-]{22,}$'),
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference)
);
-- Found by the key before any organization is known; not unique, as with the keys of agents.
create index lead_forms_key on lead_forms (public_key);

alter table lead_forms enable row level security;
create policy organization_isolation on lead_forms to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (name, deleted_at) on lead_forms to deskhand_app;
create trigger touch before update on lead_forms for each row execute function touch_row();
create trigger audit after insert or update or delete on lead_forms
  for each row execute function audit_row('lead_form');

-- The business a form belongs to. Null for an unknown or removed form.
create function authenticate_form(form_key text) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'webhook', 'id', f.id, 'name', f.name),
    'paused', false)
  from lead_forms as f
  join organizations as o on o.id = f.organization_id
  where f.public_key = form_key
    and f.deleted_at is null
$$;

-- As before, with the forms beside the other callers.
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

grant execute on function authenticate_form to deskhand_app;
