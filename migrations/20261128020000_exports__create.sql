-- What was exported: by whom, what of, and until when its file is kept. The file itself lies in the data folder.
create table exports (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  title text not null check (title <> ''),
  status text not null default 'waiting' check (status in ('waiting', 'ready', 'taken', 'failed', 'gone')),
  file_name text,
  rows_count bigint,
  size_bytes bigint,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  error text,
  asked_by text not null,
  ready_at timestamptz,
  expires_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference)
);
create index exports_expire on exports (organization_id, expires_at) where status = 'ready';

alter table exports enable row level security;
create policy organization_isolation on exports to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on exports to deskhand_app;
create trigger touch before update on exports for each row execute function touch_row();
create trigger audit after insert or update or delete on exports
  for each row execute function audit_row('export');
