-- Three rows to a page are what a wide table has for good, and one whose rows were often changed: counted anew at every batch. Half a row
-- to a page means that it was counted before its rows were committed.
create or replace function analyze_grown() returns void
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
      and (now.pages > 2 * c.relpages or c.reltuples < now.pages / 2)
    order by c.relname
  loop
    execute format('analyze (skip_locked) %I (organization_id)', grown);
  end loop;
end
$$;
