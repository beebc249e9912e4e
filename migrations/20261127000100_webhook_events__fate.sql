-- What became of an event: done, of no concern here, or refused, with a sentence that says what, and what it was about.
alter table webhook_events
  add column outcome text check (outcome in ('done', 'skipped', 'refused')),
  add column said text,
  add column about_type text,
  add column about_id uuid;
grant update (processed_at, error, outcome, said, about_type, about_id) on webhook_events to deskhand_app;

-- A payment that did not go through is one task for the office while nothing else has come.
alter table tasks
  drop constraint tasks_made_for_check,
  add constraint tasks_made_for_check check (made_for in ('give_back', 'payment_failed'));
