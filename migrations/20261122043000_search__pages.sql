-- A search says how complete it is: with every hit comes how many of its kind were counted in the step that found it, up to
-- one more than two hundred, and `everything` answers all that there is, in the same order: what a page behind the first one is
-- cut from. Therefore no step is left out any more because others have filled a page.
drop function search_documents_like(text[], text[], integer, uuid[]);
drop function search_documents_among(text[], text[], integer, uuid[]);
drop function search_best(uuid, text[], tsquery[], tsquery[], text, uuid[], real, integer);

-- The best documents of some kinds, so many of each, with the name of the customer each is about and how many there were.
-- Each kind is searched by itself with its own query (or several: then it stands there as often), and no more than so many of
-- its documents are looked at (all, when that is null), so that a common word costs hardly more than a rare one, and many notes
-- with a word never hide the customer of that name. Those that have the very `words` come before those that have others meant by
-- them; with `resembling`, those whose names resemble it most come first.
create function search_best(
  organization uuid, kinds text[], queries tsquery[], words tsquery[], resembling text, within uuid[], base real, most integer,
  looked_at integer
) returns table (
  kind text, record_id uuid, reference text, title text, detail text, about text, score real, counted integer
)
language sql stable
begin atomic
  select d.kind, d.record_id, d.reference, d.title, d.detail, c.full_name, d.score, d.counted
  from (
    select f.kind, f.record_id, f.reference, f.title, f.detail, f.contact_id, f.score,
      row_number() over (partition by f.kind order by f.score desc, f.title, f.record_id) as place,
      greatest(count(*) over (partition by f.kind), max(f.counted) over (partition by f.kind))::integer as counted
    from (
      select s.kind, s.record_id, s.reference, s.title, s.detail, s.contact_id, s.counted,
        case
          when resembling is not null then word_similarity(resembling, s.names)
          when s.lexemes @@ q.words then base + 1 + ts_rank(s.lexemes, q.wanted)
          else base + ts_rank(s.lexemes, q.wanted)
        end::real as score
      from unnest(kinds, queries, words) as q (kind, wanted, words)
      cross join lateral (
        select l.*, count(*) over () as counted, row_number() over () as nth
        from (
          select t.kind, t.record_id, t.reference, t.title, t.detail, t.contact_id, t.names, t.lexemes
          from search_documents as t
          where t.lexemes @@ q.wanted
            -- Not an equality: the primary key's index would list every record of the kind, which takes longer than looking
            -- at those that were found.
            and t.organization_id is not distinct from organization
            and t.kind is not distinct from q.kind
            and (within is null or t.record_id = any (within))
          limit looked_at
        ) as l
      ) as s
      -- All of those that can be counted are put in order, of more some: any hundred or two of them will do for a first page.
      -- Comparing names letter by letter takes longer than counting words.
      where s.counted < looked_at
        or looked_at is null
        or s.nth <= case when resembling is null then 200 else 100 end / case when cardinality(kinds) = 1 then 1 else 2 end
    ) as f
  ) as d
  left join contacts as c on c.organization_id = organization and c.id = d.contact_id
  where d.place <= most
  order by d.score desc, d.title, d.record_id;
end;

-- Searches in steps: every word as it is or in another form; as the beginning of a word, unless it is a whole word already;
-- and only when that has found nothing, words nobody has as names or ones that resemble them; every word or one that
-- resembles it; then all of these but one, or but two of five to seven. A definer, because row level security would switch the
-- GIN indexes off; therefore the organization stands in its text (postgres.md). `terms` are the query's words in lower case,
-- each with its other forms (`bill|william`); `within` narrows the search to some records.
create function search_documents_like(
  kinds text[], terms text[], most integer, within uuid[] default null, everything boolean default false
) returns table (
  kind text, record_id uuid, reference text, title text, detail text, about text, score real, counted integer, step integer
)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 0
as $$
declare
  organization constant uuid := current_organization();
  -- Two of twelve words can be left out in sixty-six ways: whoever types that much means all but one.
  most_missing integer := case
    when cardinality(terms) < 3 then 0
    when cardinality(terms) between 5 and 7 then 2
    else 1
  end;
  -- What else may be meant is looked for as long as somebody waits for it; what fits exactly always is.
  ends_at constant timestamptz := clock_timestamp() + interval '1 second';
  -- Of so many words that no record has, one each may be a misspelt one.
  compared integer := 4;
  left_over integer[] := '{}';
  fewest_missing integer := 1;
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
  -- So many documents of each kind are looked at, one more than are counted; a page behind the first one looks at all.
  looked_at constant integer := case when everything then null else 201 end;
  has_found boolean := false;
  seen text[] := '{}';
  total integer := 0;
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
    if within is null and not everything then
      -- One word that thousands have says nothing about which of them is meant: any fifteen hundred will do.
      perform set_config('gin_fuzzy_search_limit', '1500', true);
    end if;
    step := 1;
    for kind, record_id, reference, title, detail, about, score, counted in
      select *
      from search_best(organization, kinds, queries, queries, null, within, 2, most, looked_at)
    loop
      has_found := true;
      if kind <> all (seen) then
        seen := seen || kind;
        total := total + counted;
      end if;
      return next;
    end loop;
    -- Of more than can be counted nobody looks for others on a first page.
    if total > 200 and not everything then
      return;
    end if;
    wanted := wanted && !! search_all(words);
  end if;
  if cardinality(terms) > 1 or cardinality(forms) > 1 then
    return query
      select b.*, 2
      from search_best(
        organization, kinds, search_by_kind(organization, kinds, wanted), queries, null, within, 2, most, looked_at
      ) as b;
    has_found := has_found or found;
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
      select b.*, 3
      from search_best(organization, kinds, queries, queries, null, within, 0, most, looked_at) as b;
    has_found := has_found or found;
  end if;
  if has_found then
    return;
  end if;

  -- Whole words are right if any of the others can be misspelt; else they are misspelt as well.
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    if forms[1] = any (known) then
      alternatives := alternatives || search_meant(forms);
      continue;
    end if;
    alternatives := alternatives || case
      when compared > 0 then search_meant_or_like(organization, forms)
      else search_meant(forms)
    end;
    compared := compared - 1;
  end loop;
  if cardinality(known) < cardinality(typed) then
    queries := search_by_kind(organization, kinds, search_all(alternatives));
    return query
      select b.*, 4
      from search_best(
        organization, kinds, queries, queries, array_to_string(typed, ' '), within, 0, most, looked_at
      ) as b;
    if found then
      return;
    end if;
  end if;

  -- A word that nothing has, however it is read, stands in no answer. With more of them than may be missing there is none.
  for place in 1 .. cardinality(terms) loop
    if typed[place] = any (known) or search_has(organization, kinds, alternatives[place]) then
      left_over := left_over || place;
    end if;
  end loop;
  if cardinality(left_over) < cardinality(terms) - most_missing then
    return;
  end if;
  if cardinality(left_over) < cardinality(terms) then
    fewest_missing := 0;
    most_missing := most_missing - (cardinality(terms) - cardinality(left_over));
    typed := array(select typed[place] from unnest(left_over) as p (place));
    terms := array(select terms[place] from unnest(left_over) as p (place));
    words := array(select words[place] from unnest(left_over) as p (place));
    meant := array(select meant[place] from unnest(left_over) as p (place));
    alternatives := array(select alternatives[place] from unnest(left_over) as p (place));
  end if;
  if clock_timestamp() > ends_at then
    return;
  end if;

  for place in 1 .. cardinality(terms) loop
    exit when clock_timestamp() > ends_at;
    continue when typed[place] <> all (known);
    alternatives[place] := search_meant_or_like(organization, string_to_array(terms[place], '|'));
  end loop;
  if fewest_missing = 1 and cardinality(known) > 0 and clock_timestamp() < ends_at then
    queries := search_by_kind(organization, kinds, search_all(alternatives));
    return query
      select b.*, 5
      from search_best(
        organization, kinds, queries, queries, array_to_string(typed, ' '), within, 0, most, looked_at
      ) as b;
    if found then
      return;
    end if;
  end if;

  -- First as they are, then as they may be meant: what is right but for one word is nearer than what resembles it. One word
  -- of two says too little about who is meant.
  for missing in fewest_missing .. most_missing loop
    for is_meant in 0 .. 1 loop
      if clock_timestamp() > ends_at then
        return;
      end if;
      queries := '{}';
      names := '{}';
      foreach wanted in array search_all_but(case is_meant when 0 then meant else alternatives end, missing) loop
        queries := queries || search_by_kind(organization, kinds, wanted);
        names := names || kinds;
      end loop;
      return query
        select b.*, 6
        from search_best(
          organization, names, queries, queries, array_to_string(typed, ' '), within, 0, most, looked_at
        ) as b;
      if found then
        return;
      end if;
    end loop;
  end loop;
end
$$;
grant execute on function search_documents_like to deskhand_app;

-- Finds among some records by words, for a caller who sees no others: nothing outside of them is looked at, so neither what
-- is found nor how long it takes says what others are called. Every word must occur (the last letters may be missing); when
-- none fits, names that resemble the words. They are few, so no index is asked.
create function search_documents_among(kinds text[], terms text[], most integer, among uuid[])
returns table (
  kind text, record_id uuid, reference text, title text, detail text, about text, score real, counted integer, step integer
)
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
as $$
declare
  organization constant uuid := current_organization();
  term text;
  forms text[];
  typed text[];
  wanted tsquery[];
begin
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    typed := typed || forms[1];
    wanted := wanted || search_meant(forms, case when length(forms[1]) < 3 then '' else ':*' end);
  end loop;
  if coalesce(numnode(search_all(wanted)), 0) = 0 then
    return;
  end if;
  return query
    select d.kind, d.record_id, d.reference, d.title, d.detail, c.full_name,
      (2 + ts_rank(d.lexemes, q.wanted))::real as score, (count(*) over (partition by d.kind))::integer as counted, 1 as step
    from unnest(kinds, search_by_kind(organization, kinds, search_all(wanted))) as q (kind, wanted)
    join search_documents as d
      on d.organization_id = organization and d.kind = q.kind and d.record_id = any (among) and d.lexemes @@ q.wanted
    left join contacts as c on c.organization_id = organization and c.id = d.contact_id
    order by score desc, d.title, d.record_id
    limit most * cardinality(kinds);
  if found then
    return;
  end if;
  return query
    select d.kind, d.record_id, d.reference, d.title, d.detail, c.full_name,
      word_similarity(array_to_string(typed, ' '), d.names) as score,
      (count(*) over (partition by d.kind))::integer as counted, 2 as step
    from search_documents as d
    left join contacts as c on c.organization_id = organization and c.id = d.contact_id
    where d.organization_id = organization
      and d.kind = any (kinds)
      and d.record_id = any (among)
      -- Each of the words: one that fits says nothing about the other. A number is right or wrong.
      and (select bool_and(t.word !~ '[0-9@]' and word_similarity(t.word, d.names) > 0.4) from unnest(typed) as t (word))
    order by score desc, d.title, d.record_id
    limit most * cardinality(kinds);
end
$$;
grant execute on function search_documents_among to deskhand_app;

-- Customers of whom a note says some words, all of them in any form: a note, the remark on the customer, the notes of a visit. Of
-- each the newest text. A definer like the search; another business is left out in its text.
create function customers_noting(terms text[])
returns table (contact_id uuid, reference text, content text, written_at timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 0
as $$
declare
  organization constant uuid := current_organization();
  term text;
  meant tsquery[];
  wanted tsquery;
  queries tsquery[];
  noted uuid[];
  known uuid[];
  visited uuid[];
begin
  foreach term in array terms loop
    meant := meant || search_meant(string_to_array(term, '|'));
  end loop;
  if cardinality(terms) = 0 then
    return;
  end if;
  wanted := search_all(meant);
  if coalesce(numnode(wanted), 0) = 0 then
    return;
  end if;
  queries := search_by_kind(organization, array['note', 'contact', 'ticket'], wanted);
  -- Found first, then read by their ids: nobody knows how many a word finds, and where no statistics are yet (just
  -- imported, just restored) a plan that begins at the other end reads every text for every one that was found.
  noted := array(
    select d.record_id from search_documents as d
    where d.lexemes @@ queries[1] and d.organization_id is not distinct from organization
      and d.kind is not distinct from 'note');
  known := array(
    select d.record_id from search_documents as d
    where d.lexemes @@ queries[2] and d.organization_id is not distinct from organization
      and d.kind is not distinct from 'contact');
  visited := array(
    select d.record_id from search_documents as d
    where d.lexemes @@ queries[3] and d.organization_id is not distinct from organization
      and d.kind is not distinct from 'ticket');
  return query
    with texts as materialized (
      select n.contact_id, n.reference, n.content, n.created_at as written_at, true as is_found
      from notes as n
      where n.organization_id = organization and n.id = any (noted) and n.deleted_at is null
      union all
      select c.id, c.reference, c.notes, c.updated_at, false
      from contacts as c
      where c.organization_id = organization and c.id = any (known) and c.notes is not null
      union all
      select t.contact_id, t.reference, t.notes, t.scheduled_at, false
      from tickets as t
      where t.organization_id = organization and t.id = any (visited) and t.notes is not null
    ),
    mentions as materialized (
      select m.contact_id, m.reference, m.content, m.written_at
      from texts as m
      where m.is_found
        or to_tsvector('simple', lower(m.content)) || to_tsvector('english', lower(m.content)) @@ wanted
    ),
    living as materialized (
      select k.id
      from contacts as k
      where k.organization_id = organization
        and k.id = any (array(select m.contact_id from mentions as m))
        and k.deleted_at is null
    )
    select distinct on (m.contact_id) m.contact_id, m.reference, left(m.content, 160), m.written_at
    from mentions as m
    join living as k on k.id = m.contact_id
    order by m.contact_id, m.written_at desc;
end
$$;
grant execute on function customers_noting to deskhand_app;
