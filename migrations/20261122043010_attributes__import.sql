-- What the notes of an import say goes when the import is taken back, as the notes themselves do.
alter table attributes add column import_batch_id uuid;
alter table attributes add foreign key (organization_id, import_batch_id)
  references import_batches (organization_id, id);
create index attributes_import on attributes (organization_id, import_batch_id) where import_batch_id is not null;

-- Which notes of an import are still to be read.
create index notes_unread_of_import on notes (organization_id, import_batch_id, id)
  where import_batch_id is not null and extraction_status in ('none', 'pending') and deleted_at is null;

-- Those of before are read by the worker.
insert into jobs (organization_id, id, kind, payload)
select organization_id, uuid7(), 'note.read_imported', jsonb_build_object('import_id', id)
from import_batches
where undone_at is null;
