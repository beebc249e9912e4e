-- What a technician took at the door: how, how much, the number of a check. Who took it and when stand beside it already
-- (member_id, payment_at). It waits until somebody of the office has checked that the money is there.
alter table closeout_sessions
  drop constraint closeout_sessions_payment_choice_check,
  add constraint closeout_sessions_payment_choice_check
    check (payment_choice in ('send_invoice', 'skip', 'at_door')),
  add column payment_method text check (payment_method in ('cash', 'check', 'card')),
  add column payment_cents bigint,
  add column check_number text,
  add column payment_checked_at timestamptz,
  add column payment_checked_by uuid,
  add constraint closeout_sessions_checked_by_fkey
    foreign key (organization_id, payment_checked_by) references members (organization_id, id),
  add constraint closeout_sessions_door_payment check (
    (payment_method is not null) = (payment_choice is not distinct from 'at_door')
    and (payment_method is null) = (payment_cents is null)
    and (payment_cents is null or payment_cents > 0)
    and (check_number is null or payment_method is not distinct from 'check')
    and (payment_checked_at is null or payment_cents is not null)
  );
create index closeout_sessions_checked_by on closeout_sessions (organization_id, payment_checked_by)
  where payment_checked_by is not null;

-- Closed visits by the day they were closed: what is not billed yet is looked for among them.
create index tickets_closed on tickets (organization_id, closed_at desc, id) where status = 'closed';
