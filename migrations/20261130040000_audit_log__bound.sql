-- The log is cut by month (core/decisions/053). What there is becomes its first part, as it is: a check says that it ends
-- where the next one begins, so that nothing is looked through while nobody may write (the next two files). Ids are
-- time-ordered; a week and more is left between now and the end, for an installation may stop between these files.
do $$
declare
  until constant timestamptz := (date_trunc('month', now() at time zone 'UTC' + interval '7 days') + interval '1 month') at time zone 'UTC';
begin
  execute format(
    'alter table audit_log add constraint audit_log_before check (id < %L) not valid', uuid7_floor(until)
  );
end
$$;
