-- Bills (INV-01, CFL-38, CFL-39). One that came of a visit says so; a visit has at most one that is not void.
create table invoices (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  reference text not null,
  source text not null check (source in ('ticket', 'standalone')),
  contact_id uuid not null,
  ticket_id uuid,
  status text not null default 'draft'
    check (status in ('draft', 'sent', 'partial', 'paid', 'cancelled', 'void', 'refunded')),
  issued_on date,
  due_on date,
  currency text not null,
  subtotal_cents bigint not null check (subtotal_cents >= 0),
  tax_cents bigint not null default 0 check (tax_cents >= 0),
  total_cents bigint not null,
  paid_cents bigint not null default 0 check (paid_cents >= 0),
  notes text,
  sent_at timestamptz,
  sent_to text,
  paid_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, reference),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  constraint invoices_add_up check (total_cents = subtotal_cents + tax_cents),
  constraint invoices_not_overpaid check (paid_cents <= total_cents),
  constraint invoices_from_a_ticket check ((source = 'ticket') = (ticket_id is not null))
);
create unique index invoices_one_per_ticket on invoices (organization_id, ticket_id)
  where ticket_id is not null and status not in ('void', 'cancelled');
create index invoices_ticket on invoices (organization_id, ticket_id) where ticket_id is not null;
create index invoices_contact on invoices (organization_id, contact_id, created_at desc);
create index invoices_open on invoices (organization_id, due_on) where status in ('sent', 'partial');

alter table invoices enable row level security;
create policy organization_isolation on invoices to deskhand_app
  using (organization_id = current_organization());
grant select, insert, update on invoices to deskhand_app;
create trigger redact before insert or update of notes, end_reason on invoices
  for each row execute function redact_columns('notes', 'end_reason');
create trigger touch before update on invoices for each row execute function touch_row();
create trigger audit after insert or update or delete on invoices
  for each row execute function audit_row('invoice', 'contact', 'contact_id', 'ticket', 'ticket_id');

-- What is billed, in the words and at the prices of the visit (GAP-31).
create table invoice_lines (
  organization_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  position integer not null,
  description text not null,
  quantity numeric(12, 3) not null check (quantity > 0),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  total_cents bigint not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, invoice_id, position),
  foreign key (organization_id, invoice_id) references invoices (organization_id, id)
);

alter table invoice_lines enable row level security;
create policy organization_isolation on invoice_lines to deskhand_app
  using (organization_id = current_organization());
grant select, insert on invoice_lines to deskhand_app;
create trigger audit after insert or update or delete on invoice_lines
  for each row execute function audit_row('invoice_line', 'invoice', 'invoice_id');
