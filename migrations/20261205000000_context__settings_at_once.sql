-- The context is set by one expression. Five SET statements, three of them put together as text and parsed, took twice as long, and
-- every transaction begins with them. On Citus they stay what they were: only a statement reaches the other nodes.
create or replace function set_ctx(
  organization_id uuid,
  user_id uuid,
  actor jsonb
) returns void
language plpgsql
as $$
declare
  -- Read by nobody: to assign an expression takes no statement, as PERFORM would.
  settings text[];
begin
  -- Known wherever Citus is loaded, whether or not anything is distributed.
  if current_setting('citus.propagate_set_commands', true) is null then
    settings := array[
      set_config('app.current_organization_id', coalesce(organization_id::text, ''), true),
      set_config('app.current_user_id', coalesce(user_id::text, ''), true),
      set_config('app.actor', actor::text, true),
      set_config('statement_timeout', '10s', true),
      set_config('role', 'deskhand_app', true)
    ];
    return;
  end if;
  execute format('set local app.current_organization_id = %L', coalesce(organization_id::text, ''));
  execute format('set local app.current_user_id = %L', coalesce(user_id::text, ''));
  execute format('set local app.actor = %L', actor);
  set local statement_timeout = '10s';
  set local role deskhand_app;
end
$$;
