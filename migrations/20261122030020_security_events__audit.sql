-- An agent's attempt at what is for people alone is an entry of the history too.
create trigger audit after insert on security_events
  for each row when (new.kind = 'attempt') execute function audit_row('security_event');
create index security_events_kind on security_events (organization_id, kind, id desc);
