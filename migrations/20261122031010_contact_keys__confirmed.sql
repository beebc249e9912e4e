-- Whether a person of the business has entered or confirmed this way to reach a customer. What an agent typed is not
-- confirmed until a person allowed a mail to it or said so: an agent does not choose where mails go. The database asks
-- the actor, so that no path that writes keys can forget it.
alter table contact_keys
  add column is_confirmed boolean not null
    default coalesce((nullif(current_setting('app.actor', true), '')::jsonb ->> 'kind') in ('user', 'system'), false);
grant update (is_confirmed) on contact_keys to deskhand_app;

-- What was here before is as it was: confirmed, unless the history says that an agent wrote it.
update contact_keys as k
set is_confirmed = not exists (
  select
  from audit_log as a
  where a.organization_id = k.organization_id
    and a.subject_type = 'contact'
    and a.subject_id = k.contact_id
    and a.entity_type = 'contact'
    and a.actor_kind = 'agent'
    and a.changes ?| '{email, emails}'
);
