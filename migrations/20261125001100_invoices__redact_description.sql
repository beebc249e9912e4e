-- What a bill is for is typed by people as well.
drop trigger redact on invoices;
create trigger redact before insert or update
  of description, notes, terms_and_conditions, footer, internal_notes, end_reason on invoices
  for each row execute function redact_columns(
    'description', 'notes', 'terms_and_conditions', 'footer', 'internal_notes', 'end_reason'
  );
