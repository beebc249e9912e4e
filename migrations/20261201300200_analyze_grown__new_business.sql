-- A table that all of a few dozen businesses are known of has, as far as plans go, nothing of a business that came since: any index that
-- begins with the business looks as good as the right one. With fifty businesses of a hundred customers each, the second part of a new
-- one's import looked up each e-mail address by reading all it had just written, and was stopped after half a minute. Such a table is
-- counted anew as soon as it has grown a little.
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
      and (
        -- Twice as large as when it was counted, or counted while nearly none of its rows were committed.
        now.pages > 2 * c.relpages or c.reltuples < now.pages / 2
        -- Those who are known have it all between them, and this business is not one of them.
        or now.pages > 1.05 * c.relpages and exists (
          select
          from pg_stats as s
          where s.schemaname = 'public'
            and s.tablename = c.relname
            and s.attname = 'organization_id'
            and (select sum(f.frequency) from unnest(s.most_common_freqs) as f (frequency)) > 0.95
            and not current_organization()::text = any (s.most_common_vals::text::text[])
        )
      )
    order by c.relname
  loop
    execute format('analyze (skip_locked) %I (organization_id)', grown);
  end loop;
end
$$;
