-- Advertising and robots are a reason of their own: they say nothing about budget or timing.
alter table leads drop constraint leads_disqualification_reason_check;
alter table leads add constraint leads_disqualification_reason_check
  check (disqualification_reason in (
    'budget', 'timing', 'outside_scope', 'competitor', 'no_response', 'spam', 'none', 'other'
  ));
