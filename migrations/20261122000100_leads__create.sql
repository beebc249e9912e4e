-- Inquiries before they are customers (LED-01, LED-12, CFL-16, CFL-17). `raw_notes` is what was said and the source of
-- truth; the other columns are what was understood of it, unconfirmed until a person says so (CFL-29).
create table leads (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  title text not null check (title <> ''),
  raw_notes text,
  description text,
  source text not null default 'other' check (source in ('phone_call', 'email', 'web_form', 'referral', 'ad', 'other')),
  status text not null default 'new'
    check (status in ('new', 'working', 'contacted', 'qualified', 'disqualified', 'converted', 'archived')),
  pipeline_stage text not null default 'inquiry'
    check (pipeline_stage in ('inquiry', 'needs_analysis', 'estimate_sent', 'follow_up', 'scheduled_visit')),
  disqualification_reason text
    check (disqualification_reason in ('budget', 'timing', 'outside_scope', 'competitor', 'no_response', 'none', 'other')),
  closed_reason text,
  full_name text,
  email text,
  phone text,
  company_name text,
  line1 text,
  line2 text,
  city text,
  state text,
  postal_code text,
  service_interest text,
  urgency text check (urgency in ('low', 'normal', 'high')),
  preferred_time text,
  budget_range text,
  -- Facts as attributes have them: [{"key": "property_screen_count", "value": "20+"}].
  property_details jsonb not null default '[]'::jsonb check (jsonb_typeof(property_details) = 'array'),
  extraction_status text not null default 'none' check (extraction_status in ('none', 'pending', 'unconfirmed', 'confirmed')),
  extracted_by text check (extracted_by in ('rules', 'llm', 'agent')),
  -- What was proposed, member by member, so that a person sees it beside what they make of it.
  extraction jsonb not null default '{}'::jsonb,
  confirmed_by uuid,
  confirmed_at timestamptz,
  contact_id uuid,
  company_id uuid,
  owner_user_id uuid not null,
  form_id uuid,
  -- Of what came in by a form: the same again within the hour is the same inquiry.
  form_digest text,
  estimated_value_cents bigint check (estimated_value_cents >= 0),
  currency text not null,
  probability integer check (probability between 0 and 100),
  expected_close_date date,
  reminder_at timestamptz,
  converted_at timestamptz,
  tags text[] not null default '{}',
  custom_fields jsonb not null default '{}'::jsonb,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, company_id) references companies (organization_id, id),
  foreign key (organization_id, owner_user_id) references members (organization_id, id),
  foreign key (organization_id, confirmed_by) references members (organization_id, id),
  foreign key (organization_id, form_id) references lead_forms (organization_id, id),
  constraint leads_converted_have_a_contact check (status <> 'converted' or contact_id is not null),
  constraint leads_disqualified_have_a_reason check (status <> 'disqualified' or disqualification_reason is not null)
);
create index leads_status on leads (organization_id, status, owner_user_id) where deleted_at is null;
create index leads_owner on leads (organization_id, owner_user_id);
create index leads_contact on leads (organization_id, contact_id) where contact_id is not null;
create index leads_company on leads (organization_id, company_id) where company_id is not null;
create index leads_form on leads (organization_id, form_id, form_digest) where form_id is not null;
create index leads_confirmed_by on leads (organization_id, confirmed_by) where confirmed_by is not null;
create index leads_reminder on leads (organization_id, reminder_at) where reminder_at is not null and deleted_at is null;
create index leads_created on leads (organization_id, created_at desc, id desc) where deleted_at is null;

alter table leads enable row level security;
create policy organization_isolation on leads to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on leads to deskhand_app;
create trigger redact before insert or update of raw_notes, description, closed_reason on leads
  for each row execute function redact_columns('raw_notes', 'description', 'closed_reason');
create trigger touch before update on leads for each row execute function touch_row();
create trigger audit after insert or update or delete on leads for each row execute function audit_row('lead');

-- As before, for parts that may belong to one of two records: audit_row('note', 'contact', 'contact_id', 'lead', 'lead_id')
-- is told in the history of the contact or, without one, of the lead; a part of nobody in its own.
create or replace function audit_row() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  actor constant jsonb := current_setting('app.actor')::jsonb;
  unaudited constant text[] := '{organization_id, created_at, updated_at, version}';
  entry jsonb;
  verb text;
  difference jsonb;
begin
  if tg_op = 'INSERT' then
    verb := 'create';
    entry := to_jsonb(new);
    difference := (
      select jsonb_object_agg(key, jsonb_set('{"old": null, "new": null}', '{new}', value))
      from jsonb_each(entry - unaudited)
      where value not in ('null', '{}', '[]')
    );
  elsif tg_op = 'DELETE' then
    verb := 'delete';
    entry := to_jsonb(old);
    difference := (
      select jsonb_object_agg(key, jsonb_set('{"old": null, "new": null}', '{old}', value))
      from jsonb_each(entry - unaudited)
      where value <> 'null'
    );
  else
    verb := 'update';
    entry := to_jsonb(new);
    difference := (
      select jsonb_object_agg(o.key, jsonb_build_object('old', o.value, 'new', entry -> o.key))
      from jsonb_each(to_jsonb(old) - unaudited) as o
      where o.value <> entry -> o.key
    );
    if difference is null then
      return null;
    end if;
    if difference ? 'deleted_at' then
      verb := case when entry -> 'deleted_at' = 'null' then 'restore' else 'delete' end;
    end if;
  end if;
  insert into audit_log (
    organization_id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action,
    actor_kind, user_id, actor_name, reasoning, request_id, ip_address, user_agent
  )
  values (
    coalesce(entry ->> 'organization_id', entry ->> 'id')::uuid,
    tg_argv[0],
    (entry ->> 'id')::uuid,
    case
      when entry ->> tg_argv[2] is not null then tg_argv[1]
      when entry ->> tg_argv[4] is not null then tg_argv[3]
      else tg_argv[0]
    end,
    coalesce(entry ->> tg_argv[2], entry ->> tg_argv[4], entry ->> 'id')::uuid,
    verb,
    coalesce(difference, '{}'),
    actor ->> 'action',
    actor ->> 'kind',
    (actor ->> 'id')::uuid,
    actor ->> 'name',
    actor ->> 'reasoning',
    actor ->> 'request_id',
    (actor ->> 'ip_address')::inet,
    actor ->> 'user_agent'
  );
  return null;
end
$$;

-- Notes may be about an inquiry before there is a customer; converting moves them over.
alter table notes
  alter column contact_id drop not null,
  add column lead_id uuid,
  add column extraction_status text not null default 'none'
    check (extraction_status in ('none', 'pending', 'done')),
  add column extracted_by text check (extracted_by in ('rules', 'llm', 'agent')),
  add foreign key (organization_id, lead_id) references leads (organization_id, id),
  add constraint notes_are_about_somebody check (num_nonnulls(contact_id, lead_id) >= 1);
create index notes_lead on notes (organization_id, lead_id) where lead_id is not null;
drop trigger audit on notes;
create trigger audit after insert or update or delete on notes
  for each row execute function audit_row('note', 'contact', 'contact_id', 'lead', 'lead_id');
