-- What asking the language model has cost, per organization, day, model and purpose (NOT-07). Only counts: kept beside
-- the transaction of what was asked for, because tokens are spent even when that is refused.
create table llm_usage (
  organization_id uuid not null references organizations (id),
  day date not null,
  model text not null,
  purpose text not null,
  requests integer not null default 0,
  failures integer not null default 0,
  prompt_tokens bigint not null default 0,
  completion_tokens bigint not null default 0,
  primary key (organization_id, day, model, purpose)
);

alter table llm_usage enable row level security;
create policy organization_isolation on llm_usage to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on llm_usage to deskhand_app;
