-- Who set a secret, by the name they had then: said on the page of the secrets, where the value never is.
alter table secrets add column set_by text;
grant update (set_by) on secrets to deskhand_app;
