-- The mark of a business on its bills. A picture is never changed: another one is another row, so that a paper which names one
-- is drawn with it for ever. In no audit log, because that copies every column; setting and removing one is an entry of its own.
create table logos (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  content_type text not null check (content_type in ('image/png', 'image/jpeg')),
  width integer not null check (width between 1 and 4000),
  height integer not null check (height between 1 and 4000),
  picture bytea not null check (octet_length(picture) between 1 and 307200),
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
-- A business has one at a time.
create unique index logos_shown on logos (organization_id) where removed_at is null;

alter table logos enable row level security;
create policy organization_isolation on logos to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (removed_at) on logos to deskhand_app;
