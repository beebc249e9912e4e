-- The customers that words find, those first who are mostly meant. All that were found had to be fetched to be put in order, two
-- hundred for a page of ten, and their names and visits by a statement more. What may stand on the page is known here.

create function search_preferred_customers(
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
  -- A single word that begins names, is inside of them or resembles them is nobody's whole name.
  may_be_called boolean;
  counted_in_all integer;
begin
  -- Each step of a search counts what it finds by itself.
  select array_agg(h.record_id order by h.nth), array_agg(h.score order by h.nth), bool_or(h.step = 6),
    cardinality(terms) > 1 or min(h.step) <= 2,
    coalesce(max(h.counted) filter (where h.step = 1), 0) + coalesce(max(h.counted) filter (where h.step = 2), 0)
      + coalesce(max(h.counted) filter (where h.step = 3), 0) + coalesce(max(h.counted) filter (where h.step > 3), 0)
  into ids, scores, repeats, may_be_called, counted_in_all
  from search_documents_like(array['contact'], terms, 200) with ordinality
    as h (kind, record_id, reference, title, detail, about, score, counted, step, nth);
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
revoke execute on function search_preferred_customers(text[], text[], timestamptz, integer) from public;
grant execute on function search_preferred_customers(text[], text[], timestamptz, integer) to deskhand_app;
