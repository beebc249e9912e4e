-- Loads pg_trgm into this session, whichever it is: only then may somebody other than a superuser name its settings.
select similarity('', '');

-- A search document holds what an answer shows, so that one search over everything reads one table: the reference, a
-- line of detail, and the customer it is about, whose name is read when it is shown.
alter table search_documents
  add column reference text,
  add column detail text not null default '',
  add column contact_id uuid;

-- The lexemes of each organization and kind are words of their own (2f4b91c0smith): however common a word is among visits,
-- notes or other businesses, customers are found in as many steps as there are customers with it. As columns of the index
-- beside the lexemes, organization and kind would be compared row by row for every query.
drop index search_documents_lexemes;
create index search_documents_lexemes on search_documents using gin (lexemes);

-- Eight hexadecimal digits. Two that happen to be alike cost a comparison: searches name organization and kind as well.
create function search_prefix(organization uuid, kind text) returns text
language sql immutable parallel safe
return left(md5(organization::text || kind), 8);

-- Weights: A the title and exact terms, B other names, C everything else. No lexeme holds a space.
drop function search_lexemes(text, text, text);
create function search_lexemes(
  organization uuid, kind text, title text, names text, terms text, body text
) returns tsvector
language sql immutable parallel safe
return replace(
  ' ' || (
    setweight(to_tsvector('simple', title), 'A')
      || setweight(to_tsvector('simple', names), 'B')
      || setweight(array_to_tsvector(array_remove(string_to_array(terms, ' '), '')), 'A')
      || setweight(to_tsvector('english', body), 'C')
  )::text,
  ' ''',
  ' ''' || search_prefix(organization, kind)
)::tsvector;

-- What was written before is made anew by the worker, or at once by `deskhand search rebuild`.
delete from search_documents;
insert into jobs (organization_id, id, kind, payload)
select id, uuid7(), 'search.rebuild', '{}'::jsonb
from organizations;

-- Words that are spelt nearly alike (levenshtein).
create extension if not exists fuzzystrmatch with schema public;

-- One word of a query: as it is or in another form of it (ladders: ladder), or with `:*` as the beginning of a word. A
-- reference (c-1042) is one word, although the parser sees two.
create or replace function search_word(term text, ending text default '') returns tsquery
language plpgsql immutable parallel safe
as $$
declare
  word tsquery;
  stem tsquery;
begin
  if term ~ '^[a-z]{1,4}(-\d+)+$' then
    return (quote_literal(term) || ending)::tsquery || plainto_tsquery('simple', term);
  end if;
  word := to_tsquery('simple', quote_literal(term) || ending);
  stem := plainto_tsquery('english', term);
  return case when stem::text = word::text then word else word || stem end;
end
$$;

-- A word in any of its forms (`bill`, `william`). Only the one that was typed may be the beginning of a longer word.
create function search_meant(forms text[], ending text default '') returns tsquery
language plpgsql immutable parallel safe
as $$
declare
  meant tsquery := search_word(forms[1], ending);
  form text;
begin
  foreach form in array forms[2:] loop
    meant := meant || search_word(form);
  end loop;
  return meant;
end
$$;

-- The words of an organization's names that are most like one: of all that have enough groups of letters in common, those
-- with the fewest letters changed. A short word has few groups, and one slip spoils most of them.
create function search_words_like(organization uuid, term text) returns setof text
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
set pg_trgm.similarity_threshold = 0.3
-- Which index is used must depend on the word: without it, all words of the organization would be compared.
set plan_cache_mode = force_custom_plan
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

-- A word in any of its forms, with two letters changed over, or one of the names most like it. Letters changed over are
-- tried one by one, because they leave a short name hardly a letter group in common.
drop function search_word_or_like(uuid, text);
create function search_meant_or_like(organization uuid, forms text[]) returns tsquery
language plpgsql stable
as $$
declare
  term constant text := forms[1];
  wanted tsquery := search_meant(forms);
  likely text;
begin
  if term !~ '^[[:alpha:]]{3,40}$' then
    return wanted;
  end if;
  for i in 1 .. length(term) - 1 loop
    likely := overlay(term placing reverse(substr(term, i, 2)) from i for 2);
    wanted := wanted || quote_literal(likely)::tsquery;
  end loop;
  for likely in select l from search_words_like(organization, term) as l loop
    wanted := wanted || quote_literal(likely)::tsquery;
  end loop;
  return wanted;
end
$$;

-- All of the words.
drop function all_but_one(tsquery[]);
create function search_all(words tsquery[]) returns tsquery
language plpgsql immutable parallel safe
as $$
declare
  wanted tsquery := words[1];
begin
  for place in 2 .. cardinality(words) loop
    wanted := wanted && words[place];
  end loop;
  return wanted;
end
$$;

-- All of the words but some, in every way. What fits one of these and nothing with fewer missing fits no other one.
create function search_all_but(words tsquery[], missing integer, begun integer default 1) returns tsquery[]
language plpgsql immutable parallel safe
as $$
declare
  ways tsquery[] := '{}';
begin
  if missing = 0 then
    return array[search_all(words)];
  end if;
  for place in begun .. cardinality(words) loop
    ways := ways || search_all_but(words[:place - 1] || words[place + 1:], missing - 1, place);
  end loop;
  return ways;
end
$$;

-- A query in the lexemes of each of some kinds. Which words follow each other is not asked: a word that the parser splits
-- has its parts somewhere.
create function search_by_kind(organization uuid, kinds text[], wanted tsquery) returns tsquery[]
language plpgsql immutable parallel safe
as $$
declare
  marked constant text := regexp_replace(
    regexp_replace(wanted::text, '<(-|\d+)>', '&', 'g'), '''((?:[^'']|'''')+)''', '''#\1''', 'g'
  );
  queries tsquery[] := '{}';
  name text;
begin
  foreach name in array kinds loop
    queries := queries || replace(marked, '#', search_prefix(organization, name))::tsquery;
  end loop;
  return queries;
end
$$;

-- The best documents of some kinds, so many of each, with the name of the customer each is about. Each kind is searched by
-- itself with its own query (or several: then it stands there as often), and no more than a hundred or two of its documents are looked at, so that a common word costs
-- hardly more than a rare one, and many notes with a word never hide the customer of that name. Those that have the very
-- `words` come before those that have others meant by them; with `resembling`, those whose names resemble it most come
-- first.
create function search_best(
  organization uuid, kinds text[], queries tsquery[], words tsquery[], resembling text, within uuid[], base real, most integer
) returns table (kind text, record_id uuid, reference text, title text, detail text, about text, score real)
language sql stable
begin atomic
  select d.kind, d.record_id, d.reference, d.title, d.detail, c.full_name, d.score
  from (
    select f.*, row_number() over (partition by f.kind order by f.score desc, f.title, f.record_id) as place
    from (
      select s.kind, s.record_id, s.reference, s.title, s.detail, s.contact_id,
        case
          when resembling is not null then word_similarity(resembling, s.names)
          when s.lexemes @@ q.words then base + 1 + ts_rank(s.lexemes, q.wanted)
          else base + ts_rank(s.lexemes, q.wanted)
        end::real as score
      from unnest(kinds, queries, words) as q (kind, wanted, words)
      cross join lateral (
        select t.kind, t.record_id, t.reference, t.title, t.detail, t.contact_id, t.names, t.lexemes
        from search_documents as t
        where t.lexemes @@ q.wanted
          -- Not an equality: the primary key's index would list every record of the kind, which takes longer than looking
          -- at those that were found.
          and t.organization_id is not distinct from organization
          and t.kind is not distinct from q.kind
          and (within is null or t.record_id = any (within))
        -- Comparing names letter by letter takes longer than counting words.
        limit case when resembling is null then 200 else 100 end / case when cardinality(kinds) = 1 then 1 else 2 end
      ) as s
    ) as f
  ) as d
  left join contacts as c on c.organization_id = organization and c.id = d.contact_id
  where d.place <= most
  order by d.score desc, d.title, d.record_id;
end;

-- Searches in steps: every word as it is or in another form; as the beginning of a word, unless it is a whole word already;
-- and only when that has found nothing, words nobody has as names or ones that resemble them; every word or one that
-- resembles it; then all of these but one, or but two of five. A definer, because row level security would switch the GIN indexes off; therefore the organization stands in its
-- text (postgres.md). `terms` are the query's words in lower case, each with its other forms (`bill|william`); `within`
-- narrows the search to some records.
drop function search_documents_like(text[], text, text[], integer);
create function search_documents_like(kinds text[], terms text[], most integer, within uuid[] default null)
returns table (kind text, record_id uuid, reference text, title text, detail text, about text, score real)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
-- The plan that uses the index fits every query, and making one for each costs more than most queries.
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 0
as $$
declare
  organization constant uuid := current_organization();
  most_missing constant integer := case when cardinality(terms) < 3 then 0 when cardinality(terms) < 5 then 1 else 2 end;
  term text;
  forms text[];
  ending text;
  typed text[];
  known text[];
  words tsquery[];
  meant tsquery[];
  beginnings tsquery[];
  alternatives tsquery[];
  queries tsquery[];
  names text[];
  wanted tsquery;
  filled integer := 0;
  more integer;
begin
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    typed := typed || forms[1];
    words := words || search_word(forms[1]);
    meant := meant || search_meant(forms);
  end loop;
  if coalesce(numnode(search_all(words)), 0) = 0 then
    return;
  end if;

  queries := search_by_kind(organization, kinds, search_all(words));
  wanted := search_all(meant);
  if cardinality(terms) = 1 then
    -- One word that thousands have says nothing about which of them is meant: any fifteen hundred will do.
    perform set_config('gin_fuzzy_search_limit', '1500', true);
    return query
      select *
      from search_best(organization, kinds, queries, queries, null, within, 2, most);
    get diagnostics filled = row_count;
    wanted := wanted && !! search_all(words);
  end if;
  if filled < most and (cardinality(terms) > 1 or cardinality(forms) > 1) then
    return query
      select *
      from search_best(organization, kinds, search_by_kind(organization, kinds, wanted), queries, null, within, 2, most);
    get diagnostics more = row_count;
    filled := filled + more;
  end if;
  if filled >= most then
    return;
  end if;

  -- Whole words and short ones begin no other one, unless there is but one word to go by: they would begin half the town.
  known := array(
    select w.word
    from search_words as w
    where w.organization_id = organization
      and w.word = any (typed)
  );
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    ending := case
      when forms[1] ~ '\d' and length(forms[1]) < 4 then ''
      when cardinality(typed) > 1 and (length(forms[1]) < 3 or forms[1] = any (known)) then ''
      when length(forms[1]) < 2 then ''
      else ':*'
    end;
    beginnings := beginnings || search_meant(forms, ending);
  end loop;
  if beginnings::text <> meant::text then
    queries := search_by_kind(organization, kinds, search_all(beginnings) && !! search_all(meant));
    return query
      select *
      from search_best(organization, kinds, queries, queries, null, within, 0, most);
    filled := filled + case when found then 1 else 0 end;
  end if;
  if filled > 0 then
    return;
  end if;

  -- Whole words are right if any of the others can be misspelt; else they are misspelt as well.
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    alternatives := alternatives || case
      when forms[1] = any (known) then search_meant(forms)
      else search_meant_or_like(organization, forms)
    end;
  end loop;
  if cardinality(known) < cardinality(typed) then
    queries := search_by_kind(organization, kinds, search_all(alternatives));
    return query
      select *
      from search_best(organization, kinds, queries, queries, array_to_string(typed, ' '), within, 0, most);
    if found then
      return;
    end if;
  end if;
  for place in 1 .. cardinality(terms) loop
    continue when typed[place] <> all (known);
    alternatives[place] := search_meant_or_like(organization, string_to_array(terms[place], '|'));
  end loop;
  if cardinality(known) > 0 then
    queries := search_by_kind(organization, kinds, search_all(alternatives));
    return query
      select *
      from search_best(organization, kinds, queries, queries, array_to_string(typed, ' '), within, 0, most);
    if found then
      return;
    end if;
  end if;

  -- First as they are, then as they may be meant: what is right but for one word is nearer than what resembles it. One word
  -- of two says too little about who is meant.
  for missing in 1 .. most_missing loop
    for is_meant in 0 .. 1 loop
      queries := '{}';
      names := '{}';
      foreach wanted in array search_all_but(case is_meant when 0 then meant else alternatives end, missing) loop
        queries := queries || search_by_kind(organization, kinds, wanted);
        names := names || kinds;
      end loop;
      return query
        select *
        from search_best(organization, names, queries, queries, array_to_string(typed, ' '), within, 0, most);
      if found then
        return;
      end if;
    end loop;
  end loop;
end
$$;
grant execute on function search_documents_like to deskhand_app;
