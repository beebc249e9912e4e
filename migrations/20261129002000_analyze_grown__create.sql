-- What is planned while a table is as good as empty, or known only from before thousands of rows came, may go by any of its indexes:
-- with each row of an import the checks of the rows behind it take longer. The application says when it has written many; here
-- the tables that have grown are counted again. One that somebody else is counting is left out. Reading a single column is enough
-- to know how many rows there are.
create function analyze_grown() returns void
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  grown text;
begin
  for grown in
    select c.relname
    from pg_class as c
    cross join lateral (select pg_relation_size(c.oid) / current_setting('block_size')::bigint as pages) as now
    where c.relnamespace = 'public'::regnamespace
      and c.relkind = 'r'
      and c.relname in (
        'contacts', 'contact_keys', 'addresses', 'notes', 'companies', 'tickets', 'ticket_lines', 'invoices', 'invoice_lines', 'payments',
        'search_documents', 'imported_rows'
      )
      and now.pages > 8
      -- Twice as large as when it was counted, or counted while nearly none of its rows were committed.
      and (now.pages > 2 * c.relpages or c.reltuples < 3 * now.pages)
    order by c.relname
  loop
    execute format('analyze (skip_locked) %I (organization_id)', grown);
  end loop;
end
$$;
revoke all on function analyze_grown () from public;
grant execute on function analyze_grown () to deskhand_app;
