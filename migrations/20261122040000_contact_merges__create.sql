-- Two customers that turned out to be one (CON-24): what moved, and what the winner was before, so that it can be taken back.
create table contact_merges (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  contact_id uuid not null,
  merged_contact_id uuid not null,
  changed jsonb not null default '{}',
  moved jsonb not null default '[]',
  keys jsonb not null,
  undone_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, merged_contact_id) references contacts (organization_id, id),
  constraint contact_merges_are_of_two check (contact_id <> merged_contact_id)
);
create index contact_merges_contact on contact_merges (organization_id, contact_id);
-- Whoever was merged is so once at a time.
create unique index contact_merges_once on contact_merges (organization_id, merged_contact_id) where undone_at is null;
alter table contact_merges enable row level security;
create policy organization_isolation on contact_merges for all to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on contact_merges to deskhand_app;
create trigger touch before update on contact_merges for each row execute function touch_row();
create trigger audit after insert or update or delete on contact_merges
  for each row execute function audit_row('contact_merge', 'contact', 'contact_id');

-- A link that was sent to a customer stays theirs when two are merged.
grant update (contact_id, subject_id) on customer_links to deskhand_app;
-- And so does what was, and will be, written to them: the payload says whom it is about.
grant update (payload) on jobs to deskhand_app;

-- A closed visit is final, but whose it is follows the customer when two are merged, and nothing else of it.
create or replace function refuse_final_ticket_change() returns trigger language plpgsql as $$
declare
  moving constant text[] := '{contact_id}';
begin
  if old.status in ('closed', 'cancelled') then
    if tg_op = 'UPDATE'
      and nullif(current_setting('app.actor', true), '')::jsonb ->> 'action' in ('contact.merge', 'contact.unmerge')
      and to_jsonb(new) - moving = to_jsonb(old) - moving
    then
      return new;
    end if;
    raise exception 'the ticket is final' using errcode = 'check_violation', constraint = 'tickets_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
