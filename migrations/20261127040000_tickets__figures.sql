-- Figures look at the closed visits of some months, and for who was there before at all of them: the index holds what they sum
-- up, so that no row is fetched (analytics_yoy and its like).
create index tickets_done on tickets (organization_id, scheduled_at)
  include (contact_id, address_id, currency, total_cents, id)
  where status = 'closed';

-- Bills by their day of issue.
create index invoices_issued on invoices (organization_id, issued_on) where issued_on is not null;
