-- Links for customers: what may be done with one, about what, and until when. The token is in the mail alone; here is its
-- hash. What is done with a link is audited.
create table customer_links (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  purpose text not null,
  token_hash bytea not null,
  subject_type text not null,
  subject_id uuid not null,
  -- Null where the link outlives changes of its subject.
  subject_version bigint,
  contact_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
-- Found by the hash before any organization is known; not unique, as with the keys of agents.
create index customer_links_token on customer_links (token_hash);
create index customer_links_contact on customer_links (organization_id, contact_id);
create index customer_links_expires on customer_links (expires_at);

alter table customer_links enable row level security;
create policy organization_isolation on customer_links to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (used_at) on customer_links to deskhand_app;

-- The customer a link was made for. Null for an unknown, used or expired one.
create function authenticate_link(hash bytea) returns jsonb
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'organization', describe_organization(o),
    'actor', jsonb_build_object('kind', 'customer', 'id', c.id, 'name', c.full_name),
    'link', jsonb_build_object(
      'id', l.id, 'purpose', l.purpose, 'subject_type', l.subject_type, 'subject_id', l.subject_id,
      'subject_version', l.subject_version, 'contact_id', l.contact_id),
    'paused', false)
  from customer_links as l
  join organizations as o on o.id = l.organization_id
  join contacts as c on c.organization_id = l.organization_id and c.id = l.contact_id
  where l.token_hash = hash
    and l.used_at is null
    and l.expires_at > now()
$$;
grant execute on function authenticate_link to deskhand_app;
