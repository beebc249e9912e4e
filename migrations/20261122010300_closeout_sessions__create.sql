-- The close-out somebody is at: what was confirmed, step by step (CFL-31). Nothing of it is in the ticket before the
-- last step, so a half-done close-out is no state of a ticket. Each person has one of their own for a ticket: two who
-- close the same visit do not write into each other's.
create table closeout_sessions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  -- Step "work": the duration and the lines as they are to be frozen, and what the lines of the ticket were then.
  duration_minutes integer check (duration_minutes >= 0),
  lines jsonb,
  total_cents bigint,
  lines_digest text,
  work_confirmed_at timestamptz,
  -- Step "notes", and what was understood of them.
  notes text,
  notes_at timestamptz,
  extraction_status text not null default 'none' check (extraction_status in ('none', 'pending', 'done', 'failed')),
  extracted_by text check (extracted_by in ('rules', 'llm')),
  attributes jsonb not null default '[]'::jsonb,
  -- Step "next".
  next_service text check (next_service in ('yes', 'no', 'reach_out')),
  next_details jsonb not null default '{}'::jsonb,
  next_service_at timestamptz,
  -- Step "review", the last one before the ticket is closed.
  reviewed_attributes jsonb,
  is_reviewed_offline boolean not null default false,
  completed_at timestamptz,
  note_id uuid,
  next_ticket_id uuid,
  message_id uuid,
  -- Step "payment".
  payment_choice text check (payment_choice in ('send_invoice', 'skip')),
  payment_reason text,
  payment_at timestamptz,
  invoice_id uuid,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, member_id) references members (organization_id, id),
  foreign key (organization_id, note_id) references notes (organization_id, id),
  foreign key (organization_id, next_ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, message_id) references scheduled_messages (organization_id, id),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id),
  -- The order of the steps.
  constraint closeout_sessions_order check (
    (notes_at is null or work_confirmed_at is not null)
    and (next_service_at is null or notes_at is not null)
    and (completed_at is null or (next_service_at is not null and reviewed_attributes is not null))
    and (payment_at is null or completed_at is not null)
  )
);
create unique index closeout_sessions_one_per_person on closeout_sessions (organization_id, ticket_id, member_id);
create index closeout_sessions_member on closeout_sessions (organization_id, member_id, created_at desc);
create index closeout_sessions_note on closeout_sessions (organization_id, note_id) where note_id is not null;
create index closeout_sessions_next on closeout_sessions (organization_id, next_ticket_id) where next_ticket_id is not null;
create index closeout_sessions_message on closeout_sessions (organization_id, message_id) where message_id is not null;
create index closeout_sessions_invoice on closeout_sessions (organization_id, invoice_id) where invoice_id is not null;

alter table closeout_sessions enable row level security;
create policy organization_isolation on closeout_sessions to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on closeout_sessions to deskhand_app;
create trigger redact before insert or update of notes, payment_reason on closeout_sessions
  for each row execute function redact_columns('notes', 'payment_reason');
create trigger touch before update on closeout_sessions for each row execute function touch_row();
create trigger audit after insert or update or delete on closeout_sessions
  for each row execute function audit_row('closeout_session');
