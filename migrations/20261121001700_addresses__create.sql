-- Places where work is done or bills go; a contact may have several (CON-02, CFL-11).
create table addresses (
  organization_id uuid not null,
  id uuid not null,
  reference text not null,
  contact_id uuid,
  company_id uuid,
  type text not null default 'service' check (type in ('home', 'work', 'billing', 'shipping', 'service', 'other')),
  label text,
  line1 text not null check (line1 <> ''),
  line2 text,
  city text,
  state text,
  postal_code text,
  country text not null default 'US',
  notes text,
  import_batch_id uuid,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, company_id) references companies (organization_id, id),
  foreign key (organization_id, import_batch_id) references import_batches (organization_id, id),
  constraint addresses_belong_to_somebody check (num_nonnulls(contact_id, company_id) >= 1)
);
create index addresses_contact on addresses (organization_id, contact_id) where deleted_at is null;
create index addresses_company on addresses (organization_id, company_id) where company_id is not null;
create index addresses_import on addresses (organization_id, import_batch_id) where import_batch_id is not null;

alter table addresses enable row level security;
create policy organization_isolation on addresses to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on addresses to deskhand_app;
create trigger redact before insert or update of notes on addresses
  for each row when (new.notes is not null) execute function redact_columns('notes');
create trigger touch before update on addresses for each row execute function touch_row();
create trigger audit after insert or update or delete on addresses
  for each row execute function audit_row('address', 'contact', 'contact_id');
