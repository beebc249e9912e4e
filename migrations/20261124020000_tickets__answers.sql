-- What the customer of a visit said to its time: when, the other time they asked for, and their own words. Beside it, when they
-- were last told of its time by e-mail, and whether they are reminded: from these two follows which e-mails still wait for it.
alter table tickets
  add column answered_at timestamptz,
  add column asked_for_at timestamptz,
  add column customer_words text,
  add column told_at timestamptz,
  add column is_reminded boolean not null default false;

drop trigger redact on tickets;
create trigger redact before insert or update of notes, cancel_reason, customer_words on tickets
  for each row execute function redact_columns('notes', 'cancel_reason', 'customer_words');

-- Counted for the inbox on every page: visits whose customers cannot come then. The condition stands in
-- core/tickets/record.ts in the same words.
create index tickets_answered on tickets (organization_id, answered_at)
  where status = 'scheduled' and confirmation_status in ('declined', 'modify_requested');

-- Whether the customer of visits that come again is told of them by e-mail.
alter table series add column notify_customer boolean not null default false;
