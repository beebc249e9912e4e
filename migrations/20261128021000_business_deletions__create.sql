-- That a business is to be deleted: asked for by an owner, carried out seven days later unless an owner takes it back.
create table business_deletions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  asked_by uuid not null,
  asked_at timestamptz not null,
  delete_at timestamptz not null,
  cancelled_by uuid,
  cancelled_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, asked_by) references members (organization_id, id),
  foreign key (organization_id, cancelled_by) references members (organization_id, id),
  constraint business_deletions_wait check (delete_at >= asked_at + interval '7 days'),
  check ((cancelled_at is null) = (cancelled_by is null))
);
create unique index business_deletions_open on business_deletions (organization_id) where cancelled_at is null;
create index business_deletions_asked_by on business_deletions (organization_id, asked_by);
create index business_deletions_cancelled_by on business_deletions (organization_id, cancelled_by)
  where cancelled_by is not null;

alter table business_deletions enable row level security;
create policy organization_isolation on business_deletions to deskhand_app
  using (organization_id = current_organization());
grant select, insert on business_deletions to deskhand_app;
grant update (cancelled_by, cancelled_at) on business_deletions to deskhand_app;

-- What is left of a business that was deleted: that it was, and nothing of what it was.
create table deleted_businesses (
  id uuid primary key,
  asked_at timestamptz not null,
  deleted_at timestamptz not null default now(),
  rows bigint not null
);
