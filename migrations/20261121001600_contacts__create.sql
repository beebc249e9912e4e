-- The customers, persons and organizations alike (CON-01, decision 5).
create table contacts (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  kind text not null default 'person' check (kind in ('person', 'organization')),
  first_name text,
  last_name text,
  full_name text not null check (full_name <> ''),
  nickname text,
  job_title text,
  company_id uuid,
  emails jsonb not null default '[]'::jsonb,
  phones jsonb not null default '[]'::jsonb,
  email text,
  phone text,
  preferred_channel text check (preferred_channel in ('phone', 'email', 'sms', 'other')),
  preferences jsonb not null default '{}'::jsonb,
  lifecycle_stage text not null default 'customer'
    check (lifecycle_stage in ('lead', 'prospect', 'customer', 'past_customer')),
  status text not null default 'active' check (status in ('active', 'inactive', 'unsubscribed')),
  source text not null default 'manual' check (source in (
    'manual', 'web_form', 'checkout', 'event', 'import', 'import_csv', 'import_google_contacts',
    'import_quickbooks', 'lead_conversion', 'api', 'system'
  )),
  source_ref text,
  preferred_language text,
  email_opt_in boolean,
  tags text[] not null default '{}',
  owner_user_id uuid,
  is_system boolean not null default false,
  notes text,
  custom_fields jsonb not null default '{}'::jsonb,
  import_batch_id uuid,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, company_id) references companies (organization_id, id),
  foreign key (organization_id, owner_user_id) references members (organization_id, id),
  foreign key (organization_id, import_batch_id) references import_batches (organization_id, id)
);
create index contacts_full_name on contacts (organization_id, full_name, id) where deleted_at is null;
create index contacts_created on contacts (organization_id, created_at desc, id desc) where deleted_at is null;
create index contacts_company on contacts (organization_id, company_id) where company_id is not null;
create index contacts_owner on contacts (organization_id, owner_user_id) where owner_user_id is not null;
create index contacts_import on contacts (organization_id, import_batch_id) where import_batch_id is not null;

alter table contacts enable row level security;
create policy organization_isolation on contacts to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on contacts to deskhand_app;
create trigger redact before insert or update of notes on contacts
  for each row when (new.notes is not null) execute function redact_columns('notes');
create trigger touch before update on contacts for each row execute function touch_row();
create trigger audit after insert or update or delete on contacts
  for each row execute function audit_row('contact');

-- What identifies a contact outside our own ids: `email:…`, `phone:+1…`, `square:…`. Derived from the contact, so it
-- is not audited. Equality on text is leakproof: a plain index serves it under row level security.
create table contact_keys (
  organization_id uuid not null,
  key text not null,
  contact_id uuid not null,
  primary key (organization_id, key, contact_id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index contact_keys_contact on contact_keys (organization_id, contact_id);

alter table contact_keys enable row level security;
create policy organization_isolation on contact_keys to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on contact_keys to deskhand_app;
