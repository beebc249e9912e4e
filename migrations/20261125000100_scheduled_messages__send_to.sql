-- Where a message goes, when not to the customer's own address: a draft or a failed one still knows it when somebody sends it.
alter table scheduled_messages add column send_to text;
