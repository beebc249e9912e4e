-- What became of mail to an address, as far as we have heard: nobody writes again to one that does not exist, or whose
-- owner called our mail spam, until a person says so. It belongs to the address and not to the customer: with another
-- address all is well again, and with the old one it is not, whoever has it.
create table mail_troubles (
  organization_id uuid not null references organizations (id),
  email text not null check (email = lower(email)),
  status text not null check (status in ('bounced', 'complained')),
  since timestamptz not null,
  reason text,
  primary key (organization_id, email)
);
alter table mail_troubles enable row level security;
create policy organization_isolation on mail_troubles to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update, delete on mail_troubles to deskhand_app;

alter table contacts
  add column email_status text not null default 'ok' check (email_status in ('ok', 'bounced', 'complained')),
  add column email_status_at timestamptz;

-- No path that writes an address can forget to look.
create function follow_mail_trouble() returns trigger
language plpgsql
as $$
declare
  trouble mail_troubles;
begin
  if new.email is not null then
    select * into trouble
    from mail_troubles
    where organization_id = new.organization_id
      and email = lower(new.email);
  end if;
  new.email_status := coalesce(trouble.status, 'ok');
  new.email_status_at := trouble.since;
  return new;
end
$$;
create trigger follow_mail_trouble before insert or update of email, email_status, email_status_at on contacts
  for each row execute function follow_mail_trouble();
create index contacts_email_trouble on contacts (organization_id, id) where email_status <> 'ok';
