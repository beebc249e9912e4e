-- A bill may be asked for by an invoice of Stripe's as well as by a page there (decision 038). Both are places at which it is paid,
-- known by what Stripe calls them; an invoice stays open until it is paid or ended.
alter table checkout_sessions
  add column kind text not null default 'session' check (kind in ('session', 'bill'));

-- What is wrong with a bill at Stripe is one task while it is open.
alter table tasks
  drop constraint tasks_made_for_check,
  add constraint tasks_made_for_check
    check (made_for in ('give_back', 'payment_failed', 'said_paid', 'refund_failed', 'dispute', 'stripe_bill'));
