-- Who closed a visit, for whoever finds it closed: the name as the history has it.
alter table tickets add column closed_by text;
-- What a technician is at now, and what the calendar shows of theirs.
create index ticket_technicians_technician on ticket_technicians (organization_id, technician_id, ticket_id);
