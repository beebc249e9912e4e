-- What nothing has and nothing begins with is looked for inside of words at once. The two steps before it made a question of each
-- form of the word, put nothing in order, and were a fifth of what a part of a name costs.

drop function search_found(text[], text[], integer, uuid[], boolean);
drop function search_best_within(uuid, text[], text, uuid[], real, integer, integer);

-- Whether a name of the business begins with a term of letters, or a record of these kinds has a word that does, or has its stem.
-- Asked for one word, the index reads a hundred of those who have it and says so; of a beginning, and of one word or another, it
-- lists all there are. So beginnings come last: who types a common word mostly types all of it.
create function search_begins(kinds text[], term text) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 100
as $$
declare
  organization constant uuid := current_organization();
  -- As search_word has it.
  stem constant text := nullif((ts_lexize('english_stem', term))[1], term);
  kind text;
  prefix text;
  wanted tsquery;
begin
  if starts_with((
    select s.word
    from search_words as s
    where s.organization_id = organization
      and s.word >= term
    order by s.word
    limit 1
  ), term) then
    return true;
  end if;
  foreach kind in array kinds loop
    prefix := search_prefix(organization, kind);
    foreach wanted in array array_remove(
      array[
        quote_literal(prefix || term)::tsquery,
        quote_literal(prefix || stem)::tsquery,
        (quote_literal(prefix || term) || ':*')::tsquery
      ],
      null
    ) loop
      if exists (
        select
        from search_documents as d
        where d.lexemes @@ wanted
          and d.organization_id is not distinct from organization
      ) then
        return true;
      end if;
    end loop;
  end loop;
  return false;
end
$$;
revoke execute on function search_begins(text[], text) from public;
grant execute on function search_begins(text[], text) to deskhand_app;

-- The documents of each kind that have a word with some letters in it; first those that are called so. The plan reads the index
-- of letters, whatever it thinks of the business.
create function search_best_within(
  kinds text[], letters text, within uuid[], base real, most integer, looked_at integer
) returns table (kind text, record_id uuid, score real, counted integer)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set gin_fuzzy_search_limit = 0
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
as $$
declare
  organization constant uuid := current_organization();
begin
  if within is null and looked_at is not null then
    -- As search_found has it of one word.
    perform set_config('gin_fuzzy_search_limit', '1500', true);
  end if;
  return query
    select k.kind, o.record_id, o.score, o.counted
    from unnest(kinds) as k (kind)
    cross join lateral (
      -- One that has two of the words comes twice, so that fewer than are looked at may be all there are or not.
      select f.record_id, f.title, f.score,
        (case when sum(count(*)) over () >= looked_at then looked_at else count(*) over () end)::integer as counted
      from (
        select d.record_id, d.title,
          case when strpos(d.names, letters) > 0 then base + 1.02::real else base + 1.01::real end as score
        from (
          select s.word
          from search_words as s
          where s.organization_id = organization
            and s.word like '%' || letters || '%'
          -- What was typed is most of a short one.
          order by length(s.word), s.word
          limit 24
        ) as w
        cross join lateral (
          select t.record_id, t.title, t.names
          from search_documents as t
          where t.lexemes @@ quote_literal(search_prefix(organization, k.kind) || w.word)::tsquery
            and t.organization_id is not distinct from organization
            and t.kind is not distinct from k.kind
            and (within is null or t.record_id = any (within))
        ) as d
        limit looked_at
      ) as f
      group by f.record_id, f.title, f.score
      order by f.score desc, f.title, f.record_id
      limit most
    ) as o
    order by o.score desc, o.title, o.record_id;
end
$$;

-- What a search finds, best first of each step. Of a word that `is_unheard` it is known that nothing has it, or one that begins with
-- it or holds it.
create function search_found(
  kinds text[], terms text[], most integer, within uuid[] default null, everything boolean default false,
  is_unheard boolean default null
) returns table (kind text, record_id uuid, score real, counted integer, step integer)
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
  known text[] := '{}';
  words tsquery[];
  meant tsquery[];
  beginnings tsquery[];
  parts tsquery[];
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
  -- A kind that has nothing is not asked for again and again; one alone finds nothing at once.
  if cardinality(kinds) > 1 then
    kinds := array(
      select k.kind
      from unnest(kinds) with ordinality as k (kind, place)
      cross join lateral (
        select
        from search_documents as d
        where d.organization_id = organization
          and d.kind = k.kind
        -- In the order of the primary key, so that its first entry is enough.
        order by d.record_id
        limit 1
      ) as one
      order by k.place
    );
  end if;
  if cardinality(kinds) = 0 then
    return;
  end if;
  if cardinality(terms) = 1 and within is null and not everything then
    -- One word that thousands have says nothing about which of them is meant: any fifteen hundred will do.
    perform set_config('gin_fuzzy_search_limit', '1500', true);
  end if;
  if is_unheard is null then
    is_unheard := cardinality(terms) = 1 and terms[1] ~ '^[[:alpha:]]{3,40}$' and not search_begins(kinds, terms[1]);
    if is_unheard then
      return query
        select b.*, 7
        from search_best_within(kinds, terms[1], within, -1, most, looked_at) as b;
      if found then
        return;
      end if;
    end if;
  end if;
  foreach term in array terms loop
    forms := string_to_array(term, '|');
    typed := typed || forms[1];
    words := words || search_word(forms[1]);
    meant := meant || search_meant(forms);
  end loop;
  if coalesce(numnode(search_all(words)), 0) = 0 then
    return;
  end if;

  if not is_unheard then
    queries := search_by_kind(organization, kinds, search_all(words));
    wanted := search_all(meant);
    if cardinality(terms) = 1 then
      step := 1;
      for kind, record_id, score, counted in
        select *
        from search_best(organization, kinds, queries, null, null, within, 2, most, looked_at)
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
      from unnest(typed) as t (word)
      cross join lateral (
        select s.word
        from search_words as s
        where s.organization_id = organization
          and s.word = t.word
        -- One word, one look into the index: of a whole list PostgreSQL may think that reading all words of the business is
        -- cheaper, for it plans for a business like the others.
        limit 1
      ) as w
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
        from search_best(organization, kinds, queries, null, null, within, 0, most, looked_at) as b;
      has_found := has_found or found;
    end if;
    if has_found then
      return;
    end if;
  end if;

  -- A part of a word says more than a word that only resembles it: whoever types "arne" means Barnes. Of several words each
  -- must be found, as it is or as a part.
  if cardinality(terms) > 1 then
    foreach term in array terms loop
      forms := string_to_array(term, '|');
      parts := parts || case
        when forms[1] = any (known) then search_meant(forms)
        else search_meant_or_within(organization, forms, 4)
      end;
    end loop;
    if parts::text <> meant::text then
      queries := search_by_kind(organization, kinds, search_all(parts));
      return query
        select b.*, 7
        from search_best(organization, kinds, queries, null, null, within, -1, most, looked_at) as b;
      has_found := found;
    end if;
  elsif not is_unheard and typed[1] <> all (known) and typed[1] ~ '^[[:alpha:]]{3,40}$' then
    return query
      select b.*, 7
      from search_best_within(kinds, typed[1], within, -1, most, looked_at) as b;
    has_found := found;
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
        organization, kinds, queries, null, array_to_string(typed, ' '), within, 0, most, looked_at
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
        organization, kinds, queries, null, array_to_string(typed, ' '), within, 0, most, looked_at
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
          organization, names, queries, null, array_to_string(typed, ' '), within, 0, most, looked_at
        ) as b;
      if found then
        return;
      end if;
    end loop;
  end loop;
end
$$;
revoke execute on function search_found(text[], text[], integer, uuid[], boolean, boolean) from public;
grant execute on function search_found(text[], text[], integer, uuid[], boolean, boolean) to deskhand_app;

create or replace function search_preferred_customers(
  terms text[], typed text[], recent timestamptz, most integer
) returns table (
  record_id uuid, reference text, title text, detail text, score real, first_name text, last_name text, full_name text,
  last_visit timestamptz, total integer
)
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  organization constant uuid := current_organization();
  ids uuid[];
  scores real[];
  repeats boolean;
  -- A single word that begins names or resembles them is nobody's whole name.
  may_be_called boolean;
  counted_in_all integer;
  -- Nothing has the only word, or one that begins with it.
  is_unheard constant boolean :=
    cardinality(terms) = 1 and terms[1] ~ '^[[:alpha:]]{3,40}$' and not search_begins(array['contact'], terms[1]);
begin
  -- Whoever is found by a part of a name is not called so: nothing but visits is to be asked for.
  if is_unheard then
    return query
      select p.record_id, d.reference, d.title, d.detail, p.score, null::text, null::text, null::text, p.last_visit, p.counted
      from (
        select o.record_id, o.score, o.counted, t.last_visit
        from search_best_within(array['contact'], terms[1], null, -1, 200, 201) with ordinality
          as o (kind, record_id, score, counted, nth)
        left join lateral (
          select v.scheduled_at as last_visit
          from tickets as v
          where v.organization_id = organization
            and v.contact_id = o.record_id
            and v.status <> 'cancelled'
          order by v.scheduled_at desc
          limit 1
        ) as t on true
        -- Of more than can be counted any are as good, as below.
        where o.counted <= 200
          or o.nth <= greatest(most, 60)
        order by o.score::double precision + case when t.last_visit is null then 0 else 0.2::double precision end
          + case when t.last_visit >= recent then 0.1::double precision else 0 end desc, o.nth
        limit most
      ) as p
      cross join lateral (
        select s.reference, s.title, s.detail
        from search_documents as s
        where s.organization_id = organization
          and s.kind = 'contact'
          and s.record_id = p.record_id
        limit 1
      ) as d;
    if found then
      return;
    end if;
  end if;
  -- Each step of a search counts what it finds by itself.
  select array_agg(h.record_id order by h.nth), array_agg(h.score order by h.nth), bool_or(h.step = 6),
    cardinality(terms) > 1 or min(h.step) <= 2,
    coalesce(max(h.counted) filter (where h.step = 1), 0) + coalesce(max(h.counted) filter (where h.step = 2), 0)
      + coalesce(max(h.counted) filter (where h.step = 3), 0) + coalesce(max(h.counted) filter (where h.step > 3), 0)
  into ids, scores, repeats, may_be_called, counted_in_all
  from search_found(array['contact'], terms, 200, is_unheard => is_unheard) with ordinality
    as h (kind, record_id, score, counted, step, nth);
  if ids is null then
    return;
  end if;
  if repeats then
    -- What has all words but one may have them in several ways.
    select array_agg(o.id order by o.nth), array_agg(o.score order by o.nth)
    into ids, scores
    from (
      select distinct on (w.id) w.id, w.score, w.nth
      from unnest(ids, scores) with ordinality as w (id, score, nth)
      order by w.id, w.nth
    ) as o;
  end if;
  -- Of more than can be counted any are as good: sixty of them, which is more than a page mostly is, are put in order.
  if counted_in_all > 200 then
    ids := ids[:greatest(most, 60)];
    scores := scores[:greatest(most, 60)];
  end if;
  return query
    with found as (
      select w.nth, w.id, w.score, c.first_name, c.last_name, c.full_name, t.last_visit,
        -- Who is called otherwise than in plain letters is compared by whoever asks, and counts here as either.
        octet_length(c.names) <> length(c.names) or c.full_name like any (array[' %', '% ', e'%\t%', e'%\n%']) as is_unclear,
        w.score::double precision + (
          case when lower(c.first_name collate "C") = any (typed)
            or lower(c.last_name collate "C") = any (typed)
            or split_part(lower(c.full_name collate "C"), ' ', 1) = any (typed)
            or split_part(lower(c.full_name collate "C"), ' ', -1) = any (typed)
          then 0.3::double precision else 0 end
          + case when t.last_visit is null then 0 else 0.2::double precision end
          + case when t.last_visit >= recent then 0.1::double precision else 0 end
        ) as likely
      from unnest(ids, scores) with ordinality as w (id, score, nth)
      left join lateral (
        select o.first_name, o.last_name, o.full_name, concat(o.first_name, o.last_name, o.full_name) as names
        from contacts as o
        where may_be_called
          and o.organization_id = organization
          and o.id = w.id
        limit 1
      ) as c on true
      left join lateral (
        select v.scheduled_at as last_visit
        from tickets as v
        where v.organization_id = organization
          and v.contact_id = w.id
          and v.status <> 'cancelled'
        order by v.scheduled_at desc
        limit 1
      ) as t on true
    ), placed as (
      select f.*, row_number() over (order by f.likely desc, f.nth) as place
      from found as f
    )
    select p.id, d.reference, d.title, d.detail, p.score, p.first_name, p.last_name, p.full_name, p.last_visit, counted_in_all
    from placed as p
    cross join lateral (
      select s.reference, s.title, s.detail
      from search_documents as s
      where s.organization_id = organization
        and s.kind = 'contact'
        and s.record_id = p.id
      limit 1
    ) as d
    where p.place <= most
      or (p.is_unclear and p.likely + 0.3 > (select l.likely from placed as l where l.place = most) - 0.000001)
    order by p.nth;
end
$$;
