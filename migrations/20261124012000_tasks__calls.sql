-- A call to a customer whom no mail reaches, with the words to say: what it is for, and what came of it. One for each thing
-- that is to be said, however often somebody or something wants it said.
alter table tasks
  add column call_kind text,
  add column outcome text check (outcome in ('accepted', 'declined', 'change_asked', 'told')),
  add column attempts integer not null default 0,
  add constraint tasks_outcome_is_of_a_call check (outcome is null or call_kind is not null);
create index tasks_call on tasks (organization_id, contact_id, ticket_id, call_kind)
  where call_kind is not null and status = 'open' and deleted_at is null;

-- What is about a visit that has begun says nothing any more: a message may say until when it makes sense. What was left out,
-- or said by telephone, nobody has cancelled and nothing has failed.
alter table scheduled_messages
  add column send_before timestamptz,
  drop constraint scheduled_messages_status_check,
  add constraint scheduled_messages_status_check
    check (status in ('draft', 'pending', 'sending', 'sent', 'skipped', 'cancelled', 'failed'));
