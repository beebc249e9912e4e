-- Customers are reminded of bills that are overdue, where the business has switched that on. Which step of it was taken for which
-- bill stands in a table of its own, so that none is taken twice, whoever works at the same time; what went out is a message, and
-- what is to be said by telephone a task.
alter table scheduled_messages
  drop constraint scheduled_messages_kind_check,
  add constraint scheduled_messages_kind_check check (kind in (
    'confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation', 'change_accepted', 'change_offer',
    'waitlist_offer', 'waitlist_taken', 'outreach', 'invoice', 'overdue', 'receipt', 'statement', 'quote', 'quote_expired',
    'welcome', 'other'
  ));
alter table templates
  drop constraint templates_kind_check,
  add constraint templates_kind_check check (kind in (
    'confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation', 'change_accepted', 'change_offer',
    'waitlist_offer', 'waitlist_taken', 'outreach', 'invoice', 'overdue', 'receipt', 'statement', 'quote', 'quote_expired',
    'welcome', 'other'
  ));

-- False for a bill of which nobody is to be reminded any more.
alter table invoices add column is_reminded boolean not null default true;

create table invoice_reminders (
  organization_id uuid not null references organizations (id),
  invoice_id uuid not null,
  step integer not null check (step between 1 and 9),
  -- The day it was planned for.
  remind_on date not null,
  message_id uuid,
  task_id uuid,
  created_at timestamptz not null default now(),
  primary key (organization_id, invoice_id, step),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id),
  foreign key (organization_id, message_id) references scheduled_messages (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
create index invoice_reminders_message on invoice_reminders (organization_id, message_id) where message_id is not null;
create index invoice_reminders_task on invoice_reminders (organization_id, task_id) where task_id is not null;

alter table invoice_reminders enable row level security;
create policy organization_isolation on invoice_reminders to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on invoice_reminders to deskhand_app;
