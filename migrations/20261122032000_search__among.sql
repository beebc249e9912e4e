-- Finds among some records by words, for a caller who sees no others: nothing outside of them is looked at, so neither what
-- is found nor how long it takes says what others are called. Every word must occur (the last letters may be missing); when
-- none fits, names that resemble the words. They are few, so no index is asked.
create function search_documents_among(kinds text[], terms text[], most integer, among uuid[])
returns table (kind text, record_id uuid, reference text, title text, detail text, about text, score real)
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
      (2 + ts_rank(d.lexemes, q.wanted))::real as score
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
      word_similarity(array_to_string(typed, ' '), d.names) as score
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
