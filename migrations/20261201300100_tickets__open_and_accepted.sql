-- The morning's overview asks for visits that are over and not closed out, and for what customers answered since yesterday. Both
-- read every visit of a business, or all that lie ahead: 30 and 60 ms with 200,000 visits, and more where memory is short.
create index tickets_open on tickets (organization_id, ends_at) where status in ('scheduled', 'in_progress');
create index tickets_accepted on tickets (organization_id, answered_at) where status = 'scheduled' and confirmation_status = 'accepted';
