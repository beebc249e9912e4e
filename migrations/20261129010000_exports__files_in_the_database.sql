-- Exports of one customer and of chosen lists besides those of everything, and their files: these lie here, not in a folder of
-- whichever machine wrote them, so that a page on any machine finds them.
alter table exports
  add column kind text not null default 'everything' check (kind in ('everything', 'lists', 'customer')),
  add column lists text[] not null default '{}',
  add column format text check (format in ('csv', 'json')),
  add column contact_id uuid,
  add foreign key (organization_id, contact_id) references contacts (organization_id, id);
create index exports_contact on exports (organization_id, contact_id) where contact_id is not null;

create table export_parts (
  organization_id uuid not null,
  export_id uuid not null,
  part integer not null check (part >= 0),
  bytes bytea not null,
  primary key (organization_id, export_id, part),
  foreign key (organization_id, export_id) references exports (organization_id, id)
);
-- They are compressed already.
alter table export_parts alter column bytes set storage external;

alter table export_parts enable row level security;
create policy organization_isolation on export_parts to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on export_parts to deskhand_app;
