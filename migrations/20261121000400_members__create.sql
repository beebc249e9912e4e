-- People of a business and what they may do (TEN-07, CFL-04). The name and address are kept here, per organization;
-- `users` only makes the sign-in address unique.
create table members (
  organization_id uuid not null references organizations (id),
  id uuid not null references users (id),
  email text not null,
  name text not null check (name <> ''),
  role text not null check (role in ('owner', 'admin', 'member', 'technician')),
  is_bookable boolean not null default false,
  phone text,
  locale text not null default 'en',
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, email)
);

-- Signing in looks for an address before it knows the organization.
create index members_email on members (email) where deleted_at is null;

alter table members enable row level security;
create policy organization_isolation on members to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on members to deskhand_app;
create trigger touch before update on members for each row execute function touch_row();
create trigger audit after insert or update or delete on members
  for each row execute function audit_row('member');

-- Finds or makes the account of a sign-in address and answers its id, never whether it was there before.
create function ensure_user(new_id uuid, address text) returns uuid
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  found_id uuid;
begin
  insert into users (id, email)
  values (new_id, lower(address))
  on conflict (email) do nothing;
  select id into found_id from users where email = lower(address);
  return found_id;
end
$$;
grant execute on function ensure_user to deskhand_app;
