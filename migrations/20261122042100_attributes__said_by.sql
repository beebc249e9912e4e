-- Whose word a fact is that an agent passed on: the owner's own stands confirmed, and whose it was stays readable.
alter table attributes add column said_by text check (said_by = any (array['owner']));
