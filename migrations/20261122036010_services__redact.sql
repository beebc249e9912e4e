-- What a service is about is a text like the others: no number of a card stands in it, whichever way it was written.
create trigger redact
before insert or update of description on services
for each row when (new.description is not null)
execute function redact_columns('description');
