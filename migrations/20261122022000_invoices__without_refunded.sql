-- Nothing refunds an invoice, so none can be in that state: what no code reaches, the table does not promise.
alter table invoices
  drop constraint invoices_status_check,
  add constraint invoices_status_check
    check (status in ('draft', 'sent', 'partial', 'paid', 'cancelled', 'void'));
