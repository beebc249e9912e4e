-- Dated entries on a contact or a ticket (CFL-28). Free text: card and social security numbers never stay.
create table notes (
  organization_id uuid not null,
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  ticket_id uuid,
  content text not null check (content <> ''),
  source text not null default 'manual' check (source in ('manual', 'import', 'close_out', 'lead')),
  import_batch_id uuid,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, import_batch_id) references import_batches (organization_id, id)
);
create index notes_contact on notes (organization_id, contact_id, id desc) where deleted_at is null;
create index notes_ticket on notes (organization_id, ticket_id) where ticket_id is not null;
create index notes_import on notes (organization_id, import_batch_id) where import_batch_id is not null;

alter table notes enable row level security;
create policy organization_isolation on notes to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on notes to deskhand_app;
create trigger redact before insert or update of content on notes
  for each row execute function redact_columns('content');
create trigger touch before update on notes for each row execute function touch_row();
create trigger audit after insert or update or delete on notes
  for each row execute function audit_row('note', 'contact', 'contact_id');
