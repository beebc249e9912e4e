-- The catalog: what can be done or sold, and how it is priced (SVC-01…05).
create table services (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  name text not null check (name <> ''),
  description text,
  kind text not null default 'service' check (kind in ('service', 'product')),
  pricing text not null check (pricing in ('fixed', 'flexible', 'per_unit')),
  price_cents bigint check (price_cents >= 0),
  currency text not null,
  unit text,
  duration_minutes integer check (duration_minutes > 0),
  is_active boolean not null default true,
  custom_fields jsonb not null default '{}'::jsonb,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  constraint services_price_known check (pricing = 'flexible' or price_cents is not null)
);
create unique index services_name on services (organization_id, lower(name)) where deleted_at is null;

alter table services enable row level security;
create policy organization_isolation on services to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on services to deskhand_app;
create trigger touch before update on services for each row execute function touch_row();
create trigger audit after insert or update or delete on services
  for each row execute function audit_row('service');
