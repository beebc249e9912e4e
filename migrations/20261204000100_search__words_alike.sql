-- Which words resemble a typed one was planned anew for each of them, because the plan for a business like the others reads all
-- words of this one: 0.3 ms of each misspelt word. Now there is but one index to plan with, and the plan is kept.

-- Loads pg_trgm into this session, whichever it is: only then may somebody other than a superuser name its settings.
select similarity('', '');

create or replace function search_words_like(organization uuid, term text) returns setof text
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
set pg_trgm.similarity_threshold = 0.3
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
as $$
begin
  perform set_config(
    'pg_trgm.similarity_threshold',
    case when length(term) < 6 then '0.25' when length(term) < 8 then '0.3' else '0.36' end,
    true
  );
  return query
    select w.word
    from search_words as w
    where w.organization_id = organization
      and w.word % term
      -- Half of four letters changed is another word: nobody who types "cove" means "com".
      and levenshtein(w.word, term) <= case when length(term) < 5 then 1 else 3 end
    order by levenshtein(w.word, term), similarity(w.word, term) desc, w.word
    limit 6;
end
$$;
