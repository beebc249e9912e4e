-- When somebody is away, or the whole business is closed (SCH-03). Visits that are booked already stay where they are; those
-- it meets say so (`tickets.to_place_why`).
create table absences (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  member_id uuid,
  kind text not null default 'away' check (kind in ('away', 'vacation', 'sick', 'training', 'closed', 'holiday')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, member_id) references members (organization_id, id),
  constraint absences_last check (starts_at < ends_at),
  constraint absences_are_of_somebody_or_all check ((member_id is null) = (kind in ('closed', 'holiday')))
);
-- Nothing asks for what is long over.
create index absences_ends on absences (organization_id, ends_at, starts_at) where deleted_at is null;
create index absences_member on absences (organization_id, member_id, starts_at) where member_id is not null;

alter table absences enable row level security;
create policy organization_isolation on absences to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on absences to deskhand_app;
create trigger redact before insert or update of reason on absences
  for each row execute function redact_columns('reason');
create trigger touch before update on absences for each row execute function touch_row();
create trigger audit after insert or update or delete on absences
  for each row execute function audit_row('absence');

-- Days on which somebody works otherwise than the business is open: {"fri": [], "sat": [["09:00", "12:00"]]}.
alter table members add column working_hours jsonb;
