-- A free time that was offered to somebody who waits (SCH-07). Those of one round are offers of the same gap: the first who
-- takes it has it, and the others of the round are missed from then on.
create table waitlist_offers (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  round_id uuid not null,
  waitlist_id uuid not null,
  contact_id uuid not null,
  technician_id uuid not null,
  starts_at timestamptz not null,
  duration_minutes integer not null check (duration_minutes between 5 and 1440),
  status text not null default 'open' check (status in ('open', 'taken', 'missed', 'withdrawn')),
  expires_at timestamptz not null,
  ticket_id uuid,
  task_id uuid,
  message_id uuid,
  ended_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, waitlist_id) references waitlist_entries (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, technician_id) references members (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, message_id) references scheduled_messages (organization_id, id),
  constraint waitlist_offers_ended_have_a_time check ((status = 'open') = (ended_at is null)),
  constraint waitlist_offers_taken_have_a_visit check (status <> 'taken' or ticket_id is not null)
);
-- A round has one winner, and nobody is asked twice in it.
create unique index waitlist_offers_taken on waitlist_offers (organization_id, round_id) where status = 'taken';
create unique index waitlist_offers_round on waitlist_offers (organization_id, round_id, waitlist_id);
create index waitlist_offers_waitlist on waitlist_offers (organization_id, waitlist_id);
create index waitlist_offers_contact on waitlist_offers (organization_id, contact_id);
create index waitlist_offers_technician on waitlist_offers (organization_id, technician_id);
create index waitlist_offers_ticket on waitlist_offers (organization_id, ticket_id) where ticket_id is not null;
create index waitlist_offers_task on waitlist_offers (organization_id, task_id) where task_id is not null;
create index waitlist_offers_message on waitlist_offers (organization_id, message_id) where message_id is not null;

alter table waitlist_offers enable row level security;
create policy organization_isolation on waitlist_offers to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on waitlist_offers to deskhand_app;
create trigger touch before update on waitlist_offers for each row execute function touch_row();
create trigger audit after insert or update or delete on waitlist_offers
  for each row execute function audit_row('waitlist_offer', 'contact', 'contact_id');
