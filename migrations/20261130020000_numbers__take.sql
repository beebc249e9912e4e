-- Numbers that may have gaps are taken in transactions of one statement, beside the one that uses them (decision 045):
-- nobody waits for another's commit. The first of `wanted` numbers; null for a business that is not there (yet).
create function take_numbers(organization uuid, counted text, first_one bigint, wanted integer)
returns bigint
language plpgsql
as $$
declare
  last_one bigint;
begin
  perform set_ctx(organization, null, '{}');
  -- What is committed after it, such as the row with the number, is never safe on the disk without it.
  set local synchronous_commit = off;
  set local lock_timeout = '5s';
  insert into counters as c (organization_id, kind, value)
  select o.id, counted, first_one + wanted - 1
  from organizations as o
  where o.id = organization
  on conflict (organization_id, kind) do update set value = c.value + wanted
  returning value into last_one;
  return last_one - wanted + 1;
end
$$;
revoke execute on function take_numbers(uuid, text, bigint, integer) from public;
grant execute on function take_numbers(uuid, text, bigint, integer) to deskhand_app;

-- Numbers whose transaction came to nothing, while they are the last ones taken. When nobody has taken any before them,
-- nothing of it is left.
create function give_numbers_back(organization uuid, counted text, very_first bigint, first_one bigint, given integer)
returns void
language plpgsql
as $$
begin
  perform set_ctx(organization, null, '{}');
  set local synchronous_commit = off;
  set local lock_timeout = '5s';
  if first_one = very_first then
    delete from counters
    where organization_id = organization
      and kind = counted
      and value = first_one + given - 1;
  else
    update counters
    set value = value - given
    where organization_id = organization
      and kind = counted
      and value = first_one + given - 1;
  end if;
end
$$;
revoke execute on function give_numbers_back(uuid, text, bigint, bigint, integer) from public;
grant execute on function give_numbers_back(uuid, text, bigint, bigint, integer) to deskhand_app;
grant delete on counters to deskhand_app;
