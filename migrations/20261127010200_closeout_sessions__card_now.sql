-- A customer pays at the door on a phone of their own: the technician shows them the page of the bill.
alter table closeout_sessions
  drop constraint closeout_sessions_payment_choice_check,
  add constraint closeout_sessions_payment_choice_check
    check (payment_choice in ('send_invoice', 'skip', 'at_door', 'card_now'));
