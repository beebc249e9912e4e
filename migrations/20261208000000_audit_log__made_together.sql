-- Rows that come many at a time are written into the history together (core/decisions/089): one statement for all rows of a
-- statement, where the row trigger ran two for each. What an entry says is the same. A cluster has no transition tables: `deskhand distribute` puts the
-- row trigger back, and a database that is distributed already keeps it.

-- The arguments are those of audit_row.
create function audit_made() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  actor constant jsonb := current_setting('app.actor')::jsonb;
  unaudited constant text[] := '{organization_id, created_at, updated_at, version}';
begin
  insert into audit_log (
    organization_id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action,
    actor_kind, user_id, actor_name, reasoning, request_id, ip_address, user_agent
  )
  select
    organization_id,
    tg_argv[0],
    id,
    case
      when entry ->> tg_argv[2] is not null then tg_argv[1]
      when entry ->> tg_argv[4] is not null then tg_argv[3]
      else tg_argv[0]
    end,
    coalesce((entry ->> tg_argv[2])::uuid, (entry ->> tg_argv[4])::uuid, id),
    'create',
    coalesce(
      (
        select jsonb_object_agg(key, jsonb_set('{"old": null, "new": null}', '{new}', value))
        from jsonb_each(entry - unaudited)
        where value not in ('null', '{}', '[]')
      ),
      '{}'
    ),
    actor ->> 'action',
    actor ->> 'kind',
    (actor ->> 'id')::uuid,
    actor ->> 'name',
    actor ->> 'reasoning',
    actor ->> 'request_id',
    (actor ->> 'ip_address')::inet,
    actor ->> 'user_agent'
  -- "offset 0": each row becomes JSON once, not once for each mention of it.
  from (select organization_id, id, to_jsonb(made) as entry from made offset 0) as told;
  return null;
end
$$;

do $$
declare
  audited name;
  arguments text;
begin
  foreach audited in array '{companies, contacts, addresses, notes, tickets, ticket_lines, invoices, invoice_lines}'::name[] loop
    if to_regclass('pg_dist_partition') is not null then
      continue when exists (select from pg_dist_partition where logicalrelid = audited::text::regclass);
    end if;
    select substring(pg_get_triggerdef(oid) from 'audit_row(\(.*\))$') into strict arguments
    from pg_trigger
    where tgrelid = audited::text::regclass
      and tgname = 'audit';
    execute format(
      'create or replace trigger audit after update or delete on %I for each row execute function audit_row%s', audited, arguments
    );
    execute format(
      'create trigger audit_made after insert on %I referencing new table as made
       for each statement execute function audit_made%s', audited, arguments
    );
  end loop;
end
$$;
