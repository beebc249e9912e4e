-- A mail that brings a statement knows which: its days and its money. The statement itself is worked out when it goes.
alter table scheduled_messages add column statement jsonb not null default '{}';
