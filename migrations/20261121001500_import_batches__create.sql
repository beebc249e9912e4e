-- One run of an import: what came, what was taken, what was not and why; undone as a whole.
create table import_batches (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  source text not null,
  file_name text,
  file_hash text not null,
  rows_read integer not null,
  created_count integer not null,
  known_count integer not null,
  refused jsonb not null default '[]'::jsonb,
  notices jsonb not null default '[]'::jsonb,
  undone_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference)
);

alter table import_batches enable row level security;
create policy organization_isolation on import_batches to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on import_batches to deskhand_app;
create trigger touch before update on import_batches for each row execute function touch_row();
create trigger audit after insert or update or delete on import_batches
  for each row execute function audit_row('import');
