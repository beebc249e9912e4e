-- Customers are listed by their last name: what they are called by then, in lower case. A business by its whole name, a person
-- by the last word of it where nobody wrote the last name down. Immutable, so that the list is read in order from an index.
create function contact_sort_name(kind text, first_name text, last_name text, full_name text) returns text
language sql immutable parallel safe
return lower(case
  when kind = 'organization' then full_name
  when last_name <> '' then last_name || ' ' || coalesce(first_name, '')
  when strpos(full_name, ',') > 0 then full_name
  else coalesce(substring(full_name from '\S+$'), '') || ' ' || full_name
end);

create index contacts_sort_name on contacts
  (organization_id, (contact_sort_name(kind, first_name, last_name, full_name)) collate "C", id)
  where deleted_at is null;
