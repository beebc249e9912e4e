-- What was done is told one line a call: calls that run at the same time leave their entries in between each other (AUD-06).
create index audit_log_request on audit_log (organization_id, request_id, id desc) where request_id is not null;
