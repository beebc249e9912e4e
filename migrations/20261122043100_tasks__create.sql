-- What somebody has to do or be reminded of (EXP-06, CFL-63), about anything or nobody. What it is about may be several
-- things of one customer: the visit, and with it whose it is.
create table tasks (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  title text not null check (title <> ''),
  note text,
  due_at timestamptz not null,
  assignee_id uuid,
  status text not null default 'open' check (status in ('open', 'done', 'cancelled')),
  contact_id uuid,
  lead_id uuid,
  company_id uuid,
  ticket_id uuid,
  invoice_id uuid,
  source text not null check (source in ('person', 'agent', 'workflow')),
  ended_at timestamptz,
  ended_by text,
  custom_fields jsonb not null default '{}',
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, assignee_id) references members (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id),
  foreign key (organization_id, company_id) references companies (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id),
  constraint tasks_ended_have_a_time check ((status = 'open') = (ended_at is null))
);
create index tasks_due on tasks (organization_id, due_at, id) where status = 'open' and deleted_at is null;
create index tasks_assignee on tasks (organization_id, assignee_id, due_at) where assignee_id is not null;
create index tasks_contact on tasks (organization_id, contact_id) where contact_id is not null;
create index tasks_lead on tasks (organization_id, lead_id) where lead_id is not null;
create index tasks_company on tasks (organization_id, company_id) where company_id is not null;
create index tasks_ticket on tasks (organization_id, ticket_id) where ticket_id is not null;
create index tasks_invoice on tasks (organization_id, invoice_id) where invoice_id is not null;

alter table tasks enable row level security;
create policy organization_isolation on tasks to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on tasks to deskhand_app;
create trigger redact before insert or update of title, note on tasks
  for each row execute function redact_columns('title', 'note');
create trigger touch before update on tasks for each row execute function touch_row();
create trigger audit after insert or update or delete on tasks
  for each row execute function audit_row('task', 'contact', 'contact_id', 'lead', 'lead_id');
