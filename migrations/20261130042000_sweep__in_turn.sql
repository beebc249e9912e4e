-- What grows with use and serves its purpose for a time is thrown away business by business, along the primary keys: ids are
-- time-ordered, so that what is old is found without looking at what is not. The place where a sweep stands is kept, so that
-- it goes on there, in bites that hold nobody up (core/decisions/055).
alter table paces add column place text not null default '';
insert into paces (name) values ('sweep'), ('search_words');

create or replace function sweep(answers_before timestamptz, jobs_before timestamptz) returns void
language sql security definer
set search_path = pg_catalog, public, pg_temp
as $$
  delete from idempotency_keys where created_at < answers_before;
  delete from sign_in_tokens where expires_at < now() - interval '1 day';
  delete from sessions where expires_at < now();
$$;

-- The next so many businesses; answers how many there were, 0 at the end of a round.
create function sweep_in_turn(businesses integer, jobs_before timestamptz, logs_before timestamptz) returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  last uuid;
  business uuid;
  done integer := 0;
  old_jobs constant uuid := uuid7_floor(jobs_before);
  old_logs constant uuid := uuid7_floor(logs_before);
begin
  select coalesce(p.served, '00000000-0000-0000-0000-000000000000') into last
  from paces as p
  where p.name = 'sweep'
  for update skip locked;
  if not found then
    return 0;
  end if;
  for business in
    select o.id
    from organizations as o
    where o.id > last
    order by o.id
    limit businesses
  loop
    delete from jobs as j
    where j.organization_id = business
      and j.id < old_jobs
      and (j.done_at < jobs_before or j.dead_at < logs_before);
    delete from automation_runs as r
    where r.organization_id = business
      and r.id < old_logs
      and r.state <> 'waiting';
    -- What happened once must not happen again: that it did stays.
    delete from events as e
    where e.organization_id = business
      and e.id < old_logs
      and e.occurrence is null
      and not exists (select from automation_runs as r where r.organization_id = business and r.event_id = e.id);
    delete from security_events as s
    where s.organization_id = business
      and s.id < old_logs;
    delete from passkey_challenges as c
    where c.organization_id = business
      and c.expires_at < now() - interval '1 day';
    last := business;
    done := done + 1;
  end loop;
  update paces set served = case when done = businesses then last end where name = 'sweep';
  return done;
end
$$;
revoke execute on function sweep_in_turn(integer, timestamptz, timestamptz) from public;
grant execute on function sweep_in_turn(integer, timestamptz, timestamptz) to deskhand_app;

create or replace function sweep_from_outside(events_before timestamptz, links_before timestamptz) returns void
language sql security definer
set search_path = pg_catalog, public, pg_temp
as $$
  -- One that was never understood is kept for a year more, for whoever looks why.
  delete from webhook_events
  where received_at < events_before
    and (processed_at is not null or received_at < events_before - interval '1 year');
  delete from webhook_strays where last_at < events_before;
  delete from customer_links where expires_at < links_before;
$$;

-- Words no search finds anything by any more, so many looked at in a call; answers how many, 0 at the end of a round.
-- Who writes a document holds the words of the business, shared, until it commits (kernel/search/index-documents.ts): a word
-- may be there already, and so nothing of it is locked. Here they are held alone for the length of a bite; as long as somebody
-- writes for longer than a moment, the bite is left for the next round.
create function sweep_search_words(most integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '100ms'
as $$
declare
  business uuid;
  behind text;
  bite text[];
  kinds text[];
  word text;
  gone text[] := '{}';
  wanted tsquery;
begin
  select coalesce(p.served, '00000000-0000-0000-0000-000000000000'), p.place into business, behind
  from paces as p
  where p.name = 'search_words'
  for update skip locked;
  if not found then
    return 0;
  end if;
  bite := array(
    select w.word from search_words as w where w.organization_id = business and w.word > behind order by w.word limit most
  );
  if cardinality(bite) = 0 then
    select w.organization_id into business from search_words as w where w.organization_id > business order by 1 limit 1;
    update paces set served = business, place = '' where name = 'search_words';
    if business is null then
      return 0;
    end if;
    bite := array(select w.word from search_words as w where w.organization_id = business order by w.word limit most);
  end if;
  update paces set place = bite[cardinality(bite)] where name = 'search_words';
  begin
    perform pg_advisory_xact_lock(hashtext('search_words'), hashtext(business::text));
  exception
    when lock_not_available then
      return cardinality(bite);
  end;
  kinds := array(
    with recursive of_business as (
      (select d.kind from search_documents as d where d.organization_id = business order by d.kind limit 1)
      union all
      select (
        select d.kind from search_documents as d where d.organization_id = business and d.kind > k.kind order by d.kind limit 1
      )
      from of_business as k
      where k.kind is not null
    )
    select k.kind from of_business as k where k.kind is not null
  );
  foreach word in array bite loop
    wanted := plainto_tsquery('simple', word);
    if cardinality(kinds) = 0 or (numnode(wanted) > 0 and not search_has(business, kinds, wanted)) then
      gone := gone || word;
    end if;
  end loop;
  delete from search_words as w
  where w.organization_id = business
    and w.word = any (gone);
  return cardinality(bite);
end
$$;
revoke execute on function sweep_search_words(integer) from public;
grant execute on function sweep_search_words(integer) to deskhand_app;
