-- Secrets of a business with services outside, sealed by the application: who reads the database reads none of them. In no
-- audit log, because that copies every column; setting and removing one is an entry of its own.
create table secrets (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null check (name <> ''),
  sealed text not null check (sealed ~ '^[0-9a-f]+[.][A-Za-z0-9_-]+$'),
  set_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

alter table secrets enable row level security;
create policy organization_isolation on secrets to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (sealed, set_at), delete on secrets to deskhand_app;
