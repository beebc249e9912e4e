-- A large file comes in parts, each a transaction: how many were taken, of how many kilobytes, and whether that is all of it.
-- file_hash is that of the first part, and with each further one the hash of both, so that a file is known again as far as it was read.
alter table import_batches
  add column parts integer not null default 1,
  add column is_finished boolean not null default true,
  add column read_kb integer not null default 0,
  add column file_kb integer not null default 0,
  drop constraint import_batches_kind_check,
  add constraint import_batches_kind_check
    check (kind in ('contacts', 'companies', 'services', 'tickets', 'invoices', 'leads', 'notes'));
