-- What the service that carries our mail says of it after we handed it over: on the delivery, and on the message it
-- carried. Reasons are codes of the service and no words of strangers.
alter table scheduled_messages
  add column delivery text
    check (delivery in ('delayed', 'delivered', 'failed', 'suppressed', 'bounced', 'complained')),
  add column delivery_at timestamptz,
  add column delivery_reason text;
create index scheduled_messages_provider on scheduled_messages (organization_id, provider_message_id)
  where provider_message_id is not null;

alter table jobs
  add column delivery text
    check (delivery in ('delayed', 'delivered', 'failed', 'suppressed', 'bounced', 'complained')),
  add column delivery_at timestamptz,
  add column delivery_reason text;
grant update (delivery, delivery_at, delivery_reason) on jobs to deskhand_app;
create index jobs_resend_id on jobs ((result ->> 'resend_id')) where result ? 'resend_id';

-- The business a mail was sent for, by the id the service gave it: asked before any organization is known.
create function owner_of_mail(resend_id text) returns uuid
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select j.organization_id
  from jobs as j
  where j.result ? 'resend_id'
    and j.result ->> 'resend_id' = resend_id
  limit 1
$$;
grant execute on function owner_of_mail to deskhand_app;
