-- Eighteen screens take longer than one: what is counted can say how long each takes.
alter table services add column minutes_per_unit integer check (minutes_per_unit between 1 and 1440);
