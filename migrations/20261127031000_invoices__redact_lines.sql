-- The words on the lines of a bill, and whom it is made out to, are free text like its notes: no card number stays in them (STR-01).
create trigger redact before insert or update of description on invoice_lines
  for each row execute function redact_columns('description');
drop trigger redact on invoices;
create trigger redact before insert or update
  of description, notes, terms_and_conditions, footer, internal_notes, end_reason, billing_name, billing_address on invoices
  for each row execute function redact_columns(
    'description', 'notes', 'terms_and_conditions', 'footer', 'internal_notes', 'end_reason', 'billing_name', 'billing_address'
  );
