-- The keys of an organization's attributes (OPQ-04): what they are also called, whether the owner wants them to be of one
-- type, and whether a customer can have one value only. A key appears here with its first attribute; nothing is forced.
create table attribute_keys (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  aliases text[] not null default '{}',
  description text,
  value_type text check (value_type in ('text', 'number', 'boolean')),
  is_known boolean not null default false,
  is_single boolean not null default false,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, key)
);

alter table attribute_keys enable row level security;
create policy organization_isolation on attribute_keys to deskhand_app
  using (organization_id = current_organization());
-- Deleted when it becomes an alias of another key.
grant select, insert, update, delete on attribute_keys to deskhand_app;
create trigger touch before update on attribute_keys for each row execute function touch_row();
create trigger audit after insert or update or delete on attribute_keys
  for each row execute function audit_row('attribute_key');

-- What is known of a customer, one fact a row (NOT-02, GAP-16): `pet: "dog"` with details `{"name": "Biscuit"}`.
-- Unconfirmed until a person says so (CFL-30).
create table attributes (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  key text not null,
  value jsonb not null check (jsonb_typeof(value) in ('string', 'number', 'boolean')),
  details jsonb not null default '{}'::jsonb check (jsonb_typeof(details) = 'object'),
  source text not null default 'manual' check (source in ('note', 'ticket', 'lead', 'manual')),
  note_id uuid,
  ticket_id uuid,
  lead_id uuid,
  extracted_by text check (extracted_by in ('rules', 'llm', 'agent')),
  confirmed_by uuid,
  confirmed_at timestamptz,
  is_confirmed boolean not null generated always as (confirmed_at is not null) stored,
  -- Somebody said that it is wrong: no extraction brings the same fact again.
  is_rejected boolean not null default false,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, key) references attribute_keys (organization_id, key),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, note_id) references notes (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, lead_id) references leads (organization_id, id),
  foreign key (organization_id, confirmed_by) references members (organization_id, id)
);
-- The same fact twice is one fact.
create unique index attributes_once on attributes (organization_id, contact_id, key, value, details) where deleted_at is null;
create index attributes_key on attributes (organization_id, key, value);
create index attributes_note on attributes (organization_id, note_id) where note_id is not null;
create index attributes_ticket on attributes (organization_id, ticket_id) where ticket_id is not null;
create index attributes_lead on attributes (organization_id, lead_id) where lead_id is not null;
create index attributes_contact on attributes (organization_id, contact_id);
create index attributes_confirmed_by on attributes (organization_id, confirmed_by) where confirmed_by is not null;
create index attributes_unconfirmed on attributes (organization_id, created_at)
  where confirmed_at is null and deleted_at is null;

alter table attributes enable row level security;
create policy organization_isolation on attributes to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on attributes to deskhand_app;
create trigger touch before update on attributes for each row execute function touch_row();
create trigger audit after insert or update or delete on attributes
  for each row execute function audit_row('attribute', 'contact', 'contact_id');
