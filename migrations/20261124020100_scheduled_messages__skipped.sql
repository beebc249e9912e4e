-- What a visit does not call for any more, or for which it is too late, is left out; `error` says why. Nobody has cancelled it.
alter table scheduled_messages drop constraint scheduled_messages_status_check;
alter table scheduled_messages add constraint scheduled_messages_status_check
  check (status in ('draft', 'pending', 'sending', 'sent', 'skipped', 'cancelled', 'failed'));
