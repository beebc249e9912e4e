-- What changed, when, by whom, through which action and why (AUD-01…03, CFL-23). Written by one trigger on every
-- organization-owned table, so no code path can forget it. The application may read it and nothing else.
-- Its rows come from the trigger below alone, about rows that were checked when they were written: nothing is checked
-- a second time here, where every write of the business passes.
create table audit_log (
  organization_id uuid not null,
  id uuid not null default uuid7(),
  entity_type text not null,
  entity_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  action text not null,
  changes jsonb not null,
  domain_action text,
  actor_kind text not null,
  user_id uuid,
  actor_name text not null,
  reasoning text,
  request_id text,
  ip_address inet,
  user_agent text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id)
);
-- The id is time-ordered, so (…, id) serves "newest first" without an index of its own on created_at.
create index audit_log_subject on audit_log (organization_id, subject_type, subject_id, id desc);
create index audit_log_actor on audit_log (organization_id, user_id, id desc);

alter table audit_log enable row level security;
create policy organization_isolation on audit_log to deskhand_app
  using (organization_id = current_organization());
grant select on audit_log to deskhand_app;

-- Immutable for everybody, the owner of the table included (AUD-03).
create function refuse_audit_change() returns trigger
language plpgsql
as $$
begin
  raise exception 'audit entries cannot be changed or deleted' using errcode = 'insufficient_privilege';
end
$$;
create trigger immutable before update or delete on audit_log
  for each row execute function refuse_audit_change();

-- The generic trigger. Arguments: the entity's name, then (for a part of a record) the subject's name and the
-- column that points to it: audit_row('line_item', 'ticket', 'ticket_id').
create function audit_row() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  actor constant jsonb := current_setting('app.actor')::jsonb;
  unaudited constant text[] := '{organization_id, created_at, updated_at, version}';
  entry jsonb;
  verb text;
  difference jsonb;
begin
  if tg_op = 'INSERT' then
    verb := 'create';
    entry := to_jsonb(new);
    difference := (
      select jsonb_object_agg(key, jsonb_set('{"old": null, "new": null}', '{new}', value))
      from jsonb_each(entry - unaudited)
      where value not in ('null', '{}', '[]')
    );
  elsif tg_op = 'DELETE' then
    verb := 'delete';
    entry := to_jsonb(old);
    difference := (
      select jsonb_object_agg(key, jsonb_set('{"old": null, "new": null}', '{old}', value))
      from jsonb_each(entry - unaudited)
      where value <> 'null'
    );
  else
    verb := 'update';
    entry := to_jsonb(new);
    difference := (
      select jsonb_object_agg(o.key, jsonb_build_object('old', o.value, 'new', entry -> o.key))
      from jsonb_each(to_jsonb(old) - unaudited) as o
      where o.value <> entry -> o.key
    );
    if difference is null then
      return null;
    end if;
    if difference ? 'deleted_at' then
      verb := case when entry -> 'deleted_at' = 'null' then 'restore' else 'delete' end;
    end if;
  end if;
  insert into audit_log (
    organization_id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action,
    actor_kind, user_id, actor_name, reasoning, request_id, ip_address, user_agent
  )
  values (
    coalesce(entry ->> 'organization_id', entry ->> 'id')::uuid,
    tg_argv[0],
    (entry ->> 'id')::uuid,
    coalesce(tg_argv[1], tg_argv[0]),
    coalesce(entry ->> tg_argv[2], entry ->> 'id')::uuid,
    verb,
    coalesce(difference, '{}'),
    actor ->> 'action',
    actor ->> 'kind',
    (actor ->> 'id')::uuid,
    actor ->> 'name',
    actor ->> 'reasoning',
    actor ->> 'request_id',
    (actor ->> 'ip_address')::inet,
    actor ->> 'user_agent'
  );
  return null;
end
$$;

-- An entry that no table change makes by itself: an export, a consent, a verb of one's own (CFL-23). Actor and time
-- are the context's, never the caller's.
create function log_audit(entity_type text, entity_id uuid, action text, changes jsonb) returns uuid
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  actor constant jsonb := current_setting('app.actor')::jsonb;
  entry_id uuid;
begin
  if action in ('create', 'update', 'delete', 'restore') then
    raise exception 'the audit action % is written by the database alone', action using errcode = 'check_violation';
  end if;
  insert into audit_log (
    organization_id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action,
    actor_kind, user_id, actor_name, reasoning, request_id, ip_address, user_agent
  )
  values (
    current_organization(), entity_type, entity_id, entity_type, entity_id, action, changes, actor ->> 'action',
    actor ->> 'kind', (actor ->> 'id')::uuid, actor ->> 'name', actor ->> 'reasoning', actor ->> 'request_id',
    (actor ->> 'ip_address')::inet, actor ->> 'user_agent'
  )
  returning id into entry_id;
  return entry_id;
end
$$;
grant execute on function log_audit to deskhand_app;

create trigger audit after update on organizations for each row execute function audit_row('organization');
