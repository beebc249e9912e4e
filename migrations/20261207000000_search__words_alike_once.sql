-- A search for a misspelt name compared it with all words of the business twice, once for customers and once for the other kinds:
-- eleven of sixteen milliseconds in a business with a hundred thousand different words. Now once, and the changed letters of
-- what resembles it are counted once. A long word is compared first with those that are nearest.

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
declare
  compared constant text := organization || ' ' || term;
  -- Half of four letters changed is another word: nobody who types "cove" means "com".
  most_changed constant integer := case when length(term) < 5 then 1 else 3 end;
  kept text;
  known jsonb;
  threshold text;
  words text[];
begin
  -- What a transaction has compared already is kept with it, as long as it has written nothing: a word of its own may resemble it.
  if pg_current_xact_id_if_assigned() is null then
    kept := coalesce(current_setting('app.words_alike', true), '');
    -- The last dozens, for one that asks for thousands.
    known := case when length(kept) between 1 and 4000 then kept else '{}' end;
    if known ? compared then
      return query select jsonb_array_elements_text(known -> compared);
      return;
    end if;
  end if;
  -- Of long words first those that share half of their letters with it, which one changed letter leaves. When six of them have no
  -- more than two, none is nearer: what shares less comes behind them.
  foreach threshold in array case
    when length(term) < 6 then '{0.25}'
    when length(term) < 8 then '{0.3}'
    when length(term) < 10 then '{0.36}'
    else '{0.5, 0.36}'
  end::text[] loop
    perform set_config('pg_trgm.similarity_threshold', threshold, true);
    words := array(
      select w.word
      from search_words as w
      cross join lateral (select levenshtein_less_equal(w.word, term, most_changed) as changed) as l
      where w.organization_id = organization
        and w.word % term
        and l.changed <= most_changed
      order by l.changed, similarity(w.word, term) desc, w.word
      limit 6
    );
    exit when levenshtein(words[6], term) <= 2;
  end loop;
  if known is not null then
    perform set_config('app.words_alike', (known || jsonb_build_object(compared, words))::text, true);
  end if;
  return query select unnest(words);
end
$$;
