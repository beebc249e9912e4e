-- The businesses. A reference table: small, copied to every node, read by its own organization only.
create table organizations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'),
  name text not null check (name <> ''),
  time_zone text not null,
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  country text not null default 'US' check (country ~ '^[A-Z]{2}$'),
  custom_domain text,
  business_hours jsonb not null,
  settings jsonb not null default '{}'::jsonb,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

alter table organizations enable row level security;
create policy organization_isolation on organizations to deskhand_app
  using (id = current_organization());
grant select, update on organizations to deskhand_app;
create trigger touch before update on organizations for each row execute function touch_row();

-- Sign-in addresses, unique over all organizations. A reference table the application cannot read at all: who has
-- an account elsewhere is nobody's business. Narrow functions below answer single questions (TEN-05).
create table users (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  created_at timestamptz not null default now()
);
