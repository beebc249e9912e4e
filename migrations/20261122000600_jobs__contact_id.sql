-- Whom a delivery is about, so that a customer's timeline finds the mails among all jobs (CFL-27). Taken from the payload,
-- which says it for the reader of the outbox anyway.
alter table jobs
  add column contact_id uuid generated always as (
    case when payload ->> 'contact_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (payload ->> 'contact_id')::uuid end
  ) stored;
create index jobs_contact on jobs (organization_id, contact_id, id desc) where contact_id is not null;
