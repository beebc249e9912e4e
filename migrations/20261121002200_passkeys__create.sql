-- Passkeys (WebAuthn): the second thing, besides the session, with which a person confirms what cannot be taken back.
-- Only the public half is kept; `counter` is how often the device says it has signed, so that a copy is noticed.
create table passkeys (
  organization_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  name text not null check (name <> ''),
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  last_used_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, credential_id),
  foreign key (organization_id, member_id) references members (organization_id, id)
);
create index passkeys_member on passkeys (organization_id, member_id);

alter table passkeys enable row level security;
create policy organization_isolation on passkeys to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update (counter, last_used_at), delete on passkeys to deskhand_app;
create trigger touch before update on passkeys for each row execute function touch_row();
-- The history tells whose passkey was added, used and removed by its name; the credential and its key stay out.
create function audit_passkey() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' then
    perform log_audit('member', old.member_id, 'passkey_removed',
      jsonb_build_object('passkey', jsonb_build_object('old', old.name, 'new', null)));
  else
    perform log_audit('member', new.member_id, case when tg_op = 'INSERT' then 'passkey_added' else 'passkey_used' end,
      jsonb_build_object('passkey', jsonb_build_object('old', null, 'new', new.name)));
  end if;
  return null;
end
$$;
create trigger audit after insert or update or delete on passkeys
  for each row execute function audit_passkey();

-- What a device was asked to sign: random, for one person in one browser session and one purpose, for a few minutes. An
-- answer takes its row away, so it is good once.
create table passkey_challenges (
  organization_id uuid not null,
  challenge text not null,
  member_id uuid not null,
  session text,
  purpose text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, challenge),
  foreign key (organization_id, member_id) references members (organization_id, id)
);
create index passkey_challenges_member on passkey_challenges (organization_id, member_id);

alter table passkey_challenges enable row level security;
create policy organization_isolation on passkey_challenges to deskhand_app
  using (organization_id = current_organization());
grant select, insert, delete on passkey_challenges to deskhand_app;
