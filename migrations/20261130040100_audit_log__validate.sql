-- Reads the whole log once, while others go on reading and writing it.
alter table audit_log validate constraint audit_log_before;
