-- The parts of a final visit are final for whoever would carry them to another business, too: both organizations count.
create or replace function refuse_final_ticket_part() returns trigger
language plpgsql
as $$
declare
  organizations_meant uuid[] := array[
    case when tg_op <> 'INSERT' then old.organization_id end,
    case when tg_op <> 'DELETE' then new.organization_id end
  ];
  tickets_meant uuid[] := array[
    case when tg_op <> 'INSERT' then old.ticket_id end,
    case when tg_op <> 'DELETE' then new.ticket_id end
  ];
begin
  perform 1
  from tickets as t
  where t.organization_id = any (organizations_meant)
    and t.id = any (tickets_meant)
  order by t.organization_id, t.id
  for no key update;
  if exists (
    select 1
    from tickets as t
    where t.organization_id = any (organizations_meant)
      and t.id = any (tickets_meant)
      and t.status in ('closed', 'cancelled')
  ) then
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
