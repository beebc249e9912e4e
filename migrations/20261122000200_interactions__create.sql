-- What was said with whom, when, on which way, and what has to follow (INT-01…05, CFL-27). Each has one parent, a
-- contact or a lead; converting a lead gives its interactions the contact.
create table interactions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  type text not null check (type in ('email_inbound', 'email_outbound', 'phone_call', 'sms', 'meeting', 'note', 'system')),
  direction text not null check (direction in ('inbound', 'outbound', 'internal')),
  occurred_at timestamptz not null,
  actor_user_id uuid,
  owner_user_id uuid,
  contact_id uuid,
  lead_id uuid,
  ticket_id uuid,
  subject text,
  body text,
  channel_metadata jsonb not null default '{}'::jsonb,
  outcome text not null default 'none' check (outcome in (
    'none', 'left_voicemail', 'spoke', 'no_show', 'rescheduled', 'sent_proposal', 'accepted_proposal', 'rejected_proposal'
  )),
  follow_up_at timestamptz,
  follow_up_status text not null default 'none' check (follow_up_status in ('none', 'pending', 'completed', 'canceled')),
  ai_summary text,
  ai_suggested_next_actions jsonb,
  is_auto_generated boolean not null default false,
  custom_fields jsonb not null default '{}'::jsonb,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, actor_user_id) references members (organization_id, id),
  foreign key (organization_id, owner_user_id) references members (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  constraint interactions_have_a_parent check (num_nonnulls(contact_id, lead_id) >= 1),
  constraint interactions_follow_up_has_a_time check (follow_up_status = 'none' or follow_up_at is not null)
);
create index interactions_contact on interactions (organization_id, contact_id, occurred_at desc) where contact_id is not null;
create index interactions_lead on interactions (organization_id, lead_id, occurred_at desc) where lead_id is not null;
create index interactions_ticket on interactions (organization_id, ticket_id) where ticket_id is not null;
create index interactions_actor on interactions (organization_id, actor_user_id) where actor_user_id is not null;
create index interactions_owner on interactions (organization_id, owner_user_id) where owner_user_id is not null;
create index interactions_follow_up on interactions (organization_id, follow_up_at)
  where follow_up_status = 'pending' and deleted_at is null;

alter table interactions enable row level security;
create policy organization_isolation on interactions to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on interactions to deskhand_app;
create trigger redact before insert or update of subject, body, ai_summary on interactions
  for each row execute function redact_columns('subject', 'body', 'ai_summary');
create trigger touch before update on interactions for each row execute function touch_row();
create trigger audit after insert or update or delete on interactions
  for each row execute function audit_row('interaction', 'contact', 'contact_id', 'lead', 'lead_id');
