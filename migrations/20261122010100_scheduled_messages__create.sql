-- E-mails to customers that go out at a time to come (EML-04, GAP-15, GAP-18).
create table scheduled_messages (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  kind text not null check (kind in ('outreach', 'confirmation', 'reminder', 'follow_up', 'invoice', 'other')),
  contact_id uuid not null,
  ticket_id uuid,
  subject text not null,
  body text not null,
  send_at timestamptz not null,
  status text not null default 'pending' check (status in ('pending', 'sending', 'sent', 'cancelled', 'failed')),
  sent_at timestamptz,
  sent_to text,
  error text,
  provider_message_id text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
create index scheduled_messages_send_at on scheduled_messages (organization_id, send_at, id);
create index scheduled_messages_contact on scheduled_messages (organization_id, contact_id, send_at desc);
create index scheduled_messages_ticket on scheduled_messages (organization_id, ticket_id) where ticket_id is not null;

alter table scheduled_messages enable row level security;
create policy organization_isolation on scheduled_messages to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on scheduled_messages to deskhand_app;
create trigger redact before insert or update of subject, body, error on scheduled_messages
  for each row execute function redact_columns('subject', 'body', 'error');
create trigger touch before update on scheduled_messages for each row execute function touch_row();
create trigger audit after insert or update or delete on scheduled_messages
  for each row execute function audit_row('scheduled_message', 'contact', 'contact_id');
