-- What the mails of a business say, by what they are for (EML-02, EML-03): its own words with names of facts in them. One of
-- a kind is in use; the house has words of its own for every kind a business has written none for.
create table templates (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  kind text not null check (kind in (
    'confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation', 'change_accepted', 'change_offer',
    'waitlist_offer', 'waitlist_taken', 'outreach', 'invoice', 'receipt', 'quote', 'quote_expired', 'welcome', 'other'
  )),
  name text not null check (name <> ''),
  subject text not null check (subject <> ''),
  body text not null check (body <> ''),
  is_active boolean not null default true,
  custom_fields jsonb not null default '{}',
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference)
);
create unique index templates_active on templates (organization_id, kind) where is_active and deleted_at is null;

-- Words that come into use put the others of their kind out of it.
create function one_template_in_use() returns trigger language plpgsql as $$
begin
  update templates
  set is_active = false
  where organization_id = new.organization_id
    and kind = new.kind
    and id <> new.id
    and is_active
    and deleted_at is null;
  return new;
end;
$$;

alter table templates enable row level security;
create policy organization_isolation on templates to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on templates to deskhand_app;
create trigger redact before insert or update of name, subject, body on templates
  for each row execute function redact_columns('name', 'subject', 'body');
create trigger one_in_use before insert or update of is_active, deleted_at on templates
  for each row when (new.is_active and new.deleted_at is null) execute function one_template_in_use();
create trigger touch before update on templates for each row execute function touch_row();
create trigger audit after insert or update or delete on templates
  for each row execute function audit_row('template');

-- A message says which words it uses: its own, or those its kind has when it goes out. What really went out is kept beside.
alter table scheduled_messages
  drop constraint scheduled_messages_kind_check,
  drop constraint scheduled_messages_status_check;
-- Nobody has made one yet; the name says now what it follows.
update scheduled_messages set kind = 'confirmation_follow_up' where kind = 'follow_up';
alter table scheduled_messages
  add constraint scheduled_messages_kind_check check (kind in (
    'confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation', 'change_accepted', 'change_offer',
    'waitlist_offer', 'waitlist_taken', 'outreach', 'invoice', 'receipt', 'quote', 'quote_expired', 'welcome', 'other'
  )),
  add constraint scheduled_messages_status_check
    check (status in ('draft', 'pending', 'sending', 'sent', 'cancelled', 'failed')),
  add column words text not null default 'own' check (words in ('own', 'template')),
  add column template_id uuid,
  add column invoice_id uuid,
  add column custom_message text,
  add column facts jsonb not null default '{}',
  add column links jsonb not null default '{}',
  add column is_bounded boolean not null default false,
  add column sent_subject text,
  add column sent_body text,
  add foreign key (organization_id, template_id) references templates (organization_id, id),
  add foreign key (organization_id, invoice_id) references invoices (organization_id, id);
create index scheduled_messages_template on scheduled_messages (organization_id, template_id) where template_id is not null;
create index scheduled_messages_invoice on scheduled_messages (organization_id, invoice_id) where invoice_id is not null;
drop trigger redact on scheduled_messages;
create trigger redact before insert or update of subject, body, error, custom_message, sent_subject, sent_body
  on scheduled_messages for each row
  execute function redact_columns('subject', 'body', 'error', 'custom_message', 'sent_subject', 'sent_body');
