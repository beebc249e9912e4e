-- A bill has one link for its payer, found by what it is about: every mail, paper and code about it has the same address.
create index customer_links_subject on customer_links (organization_id, subject_id, purpose);

-- A customer says that a bill is paid: one task for the office while it is open.
alter table tasks
  drop constraint tasks_made_for_check,
  add constraint tasks_made_for_check check (made_for in ('give_back', 'payment_failed', 'said_paid'));
