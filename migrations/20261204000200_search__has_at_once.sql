-- Whether anything has a word is known by its first document. The index gathered all of them before: 3 ms for a word, or what it may
-- be meant to be, that tens of thousands of documents have. A hundred of them, whichever, are enough to find one; not so of words that
-- have to stand together, for then a hundred of each may be a hundred different ones.

create or replace function search_has(organization uuid, kinds text[], wanted tsquery) returns boolean
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 0
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
as $$
declare
  of_kind tsquery;
  of_any tsquery;
begin
  foreach of_kind in array search_by_kind(organization, kinds, wanted) loop
    of_any := coalesce(of_any || of_kind, of_kind);
  end loop;
  perform set_config('gin_fuzzy_search_limit', case when of_any::text like '%&%' then '0' else '100' end, true);
  return exists (
    select
    from search_documents as d
    where d.lexemes @@ of_any
      and not (d.organization_id is distinct from organization)
  );
end
$$;
