-- The next number of each kind of reference, per organization. The row is locked from the moment a number is taken
-- until the transaction ends, so numbers have no gaps and no doubles.
create table counters (
  organization_id uuid not null references organizations (id),
  kind text not null,
  value bigint not null,
  primary key (organization_id, kind)
);

alter table counters enable row level security;
create policy organization_isolation on counters to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on counters to deskhand_app;
