-- One search document per record, kept in the same transaction (decision 11). `names` is the short text people search
-- by with typing errors (names, companies, streets, towns); `body` the rest (notes, attributes); `terms` exact tokens
-- such as telephone numbers in every length people say them.
create table search_documents (
  organization_id uuid not null,
  kind text not null,
  record_id uuid not null,
  title text not null,
  names text not null,
  lexemes tsvector not null,
  primary key (organization_id, kind, record_id)
);
create index search_documents_lexemes on search_documents using gin (organization_id, lexemes);

alter table search_documents enable row level security;
create policy organization_isolation on search_documents to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update, delete on search_documents to deskhand_app;

-- Weights: A names and exact terms, C everything else.
create function search_lexemes(names text, terms text, body text) returns tsvector
language sql immutable parallel safe
return setweight(to_tsvector('simple', names), 'A')
  || setweight(array_to_tsvector(array_remove(string_to_array(terms, ' '), '')), 'A')
  || setweight(to_tsvector('english', body), 'C');

-- The different words of an organization's names: what a misspelt word is compared with, so that this costs as much as
-- there are words, not as there are customers. A word that nobody carries any more does no harm and stays.
create table search_words (
  organization_id uuid not null,
  word text collate "C" not null check (word <> ''),
  primary key (organization_id, word)
);
create index search_words_letters on search_words using gin (organization_id, word gin_trgm_ops);

alter table search_words enable row level security;
create policy organization_isolation on search_words to deskhand_app
  using (organization_id = current_organization());
grant select, insert on search_words to deskhand_app;

-- One word of a query: as it is or in another form of it (ladders: ladder), or with `:*` as the beginning of a word.
create function search_word(term text, ending text default '') returns tsquery
language plpgsql immutable parallel safe
as $$
begin
  return to_tsquery('simple', quote_literal(term) || ending) || plainto_tsquery('english', term);
end
$$;

-- A word as it is, with two letters changed over, or one of the five names most like it. Letters changed over are tried
-- one by one, because they leave a short name hardly a letter group in common.
create function search_word_or_like(organization uuid, term text) returns tsquery
language plpgsql stable parallel safe
set search_path = pg_catalog, public, pg_temp
set pg_trgm.similarity_threshold = 0.3
-- Which index is used must depend on the word: without it, all words of the organization would be compared.
set plan_cache_mode = force_custom_plan
as $$
declare
  wanted tsquery := search_word(term);
  likely text;
begin
  if term ~ '^[[:alpha:]]+$' then
    for i in 1 .. length(term) - 1 loop
      likely := overlay(term placing reverse(substr(term, i, 2)) from i for 2);
      wanted := wanted || quote_literal(likely)::tsquery;
    end loop;
  end if;
  for likely in
    select w.word
    from search_words as w
    where w.organization_id = organization
      and w.word % term
    order by similarity(w.word, term) desc, w.word
    limit 5
  loop
    wanted := wanted || quote_literal(likely)::tsquery;
  end loop;
  return wanted;
end
$$;

-- All of the words but one, whichever that is.
create function all_but_one(alternatives tsquery[]) returns tsquery
language plpgsql immutable parallel safe
as $$
declare
  wanted tsquery := '';
  others tsquery;
begin
  for missing in 1 .. cardinality(alternatives) loop
    others := '';
    for word in 1 .. cardinality(alternatives) loop
      if word <> missing then
        others := others && alternatives[word];
      end if;
    end loop;
    wanted := wanted || others;
  end loop;
  return wanted;
end
$$;

-- Searches in four steps: every word as it is; as the beginning of a word; and only when that has found nothing, every word
-- or one that resembles it; then all of these but one. Looks at no more than a few hundred records that fit, so that a
-- common word costs hardly more than a rare one. A definer, because row level security would switch the GIN indexes off;
-- therefore the organization stands in its text (postgres.md). `terms` are the query's words, lower case.
create function search_documents_like(kinds text[], query text, terms text[], most integer)
returns table (kind text, record_id uuid, title text, score real)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
-- The plan that uses the index fits every query, and making one for each costs more than most queries.
set plan_cache_mode = force_generic_plan
as $$
declare
  organization constant uuid := current_organization();
  term text;
  words tsquery := '';
  beginnings tsquery := '';
  alternatives tsquery[];
  wanted tsquery := '';
  filled integer;
begin
  foreach term in array terms loop
    words := words && search_word(term);
    beginnings := beginnings && search_word(term, ':*');
  end loop;
  if numnode(words) = 0 then
    return;
  end if;
  return query
    select d.kind, d.record_id, d.title, (2 + ts_rank(d.lexemes, words))::real
    from (
      select s.kind, s.record_id, s.title, s.lexemes
      from search_documents as s
      where s.organization_id = organization
        and s.kind = any (kinds)
        and s.lexemes @@ words
      limit 500
    ) as d
    order by 4 desc, d.title, d.record_id
    limit most;
  get diagnostics filled = row_count;
  if filled = most then
    return;
  end if;
  return query
    select d.kind, d.record_id, d.title, (1 + ts_rank(d.lexemes, beginnings))::real
    from (
      select s.kind, s.record_id, s.title, s.lexemes
      from search_documents as s
      where s.organization_id = organization
        and s.kind = any (kinds)
        and s.lexemes @@ (beginnings && !! words)
      limit 500
    ) as d
    order by 4 desc, d.title, d.record_id
    limit most - filled;
  if found or filled > 0 then
    return;
  end if;

  foreach term in array terms loop
    alternatives := alternatives || search_word_or_like(organization, term);
    wanted := wanted && alternatives[cardinality(alternatives)];
  end loop;
  for step in 3 .. 4 loop
    return query
      select d.kind, d.record_id, d.title, word_similarity(query, d.names)
      from (
        select s.kind, s.record_id, s.title, s.names
        from search_documents as s
        where s.organization_id = organization
          and s.kind = any (kinds)
          and s.lexemes @@ wanted
        limit 100
      ) as d
      order by 4 desc, d.title, d.record_id
      limit most;
    -- One word of two says too little about who is meant.
    if found or cardinality(terms) < 3 then
      return;
    end if;
    wanted := all_but_one(alternatives);
  end loop;
end
$$;
grant execute on function search_documents_like to deskhand_app;
