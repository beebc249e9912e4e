-- Accounts: the firms and households' offices that contacts work for and bills go to (COM-01).
create table companies (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  name text not null check (name <> ''),
  legal_name text,
  kind text not null default 'customer' check (kind in ('customer', 'prospect', 'partner')),
  status text not null default 'active' check (status in ('active', 'inactive', 'archived')),
  industry text,
  website text,
  main_phone text,
  billing_email text,
  tags text[] not null default '{}',
  notes text,
  source text not null default 'manual',
  custom_fields jsonb not null default '{}'::jsonb,
  import_batch_id uuid,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, import_batch_id) references import_batches (organization_id, id)
);
create index companies_import on companies (organization_id, import_batch_id) where import_batch_id is not null;

alter table companies enable row level security;
create policy organization_isolation on companies to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on companies to deskhand_app;
create trigger redact before insert or update of notes on companies
  for each row when (new.notes is not null) execute function redact_columns('notes');
create trigger touch before update on companies for each row execute function touch_row();
create trigger audit after insert or update or delete on companies
  for each row execute function audit_row('company');
