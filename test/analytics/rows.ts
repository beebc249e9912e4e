import { newId } from '../../core/kernel/database/ids.ts';
import type { Office } from '../support/office.ts';
import { type Tables, writeRows } from '../support/write-rows.ts';

/** What a visit, a bill, a payment or money given back is made of; everything else follows. */
export interface Visit {
  contact_id: string;
  address_id?: string | null;
  scheduled_at: string;
  cents: number;
  currency?: string;
  status?: string;
  lines?: readonly { service_id: string | null; quantity?: number; cents: number }[];
}
export interface Bill {
  contact_id: string;
  status: string;
  issued_on: string | null;
  due_on?: string | null;
  cents: number;
  paid?: number;
  currency?: string;
}
export interface Paid {
  contact_id: string;
  at: string;
  cents: number;
  currency?: string;
  status?: string;
  isDeleted?: boolean;
  back?: readonly { at: string; cents: number; status?: string }[];
}

/** The visits, bills and payments of a business are these and no others. */
export async function setRows(
  office: Office,
  organization_id: string,
  {
    visits = [],
    bills = [],
    paid = [],
  }: { visits?: readonly Visit[]; bills?: readonly Bill[]; paid?: readonly Paid[] },
): Promise<void> {
  const tables: Tables = { tickets: [], ticket_lines: [], invoices: [], payments: [], refunds: [] };
  let number = 0;
  const put = (table: string, prefix: string, row: Record<string, unknown>) => {
    const id = newId();
    number += 1;
    tables[table]?.push({
      organization_id,
      id,
      ...(prefix === '' ? {} : { reference: `${prefix}${70_000 + number}` }),
      version: 1,
      created_at: '2020-01-01T00:00:00Z',
      updated_at: '2020-01-01T00:00:00Z',
      ...row,
    });
    return id;
  };
  for (const {
    contact_id,
    address_id = null,
    scheduled_at,
    cents,
    currency = 'USD',
    status = 'closed',
    lines,
  } of visits) {
    const ends = new Date(Date.parse(scheduled_at) + 3_600_000).toISOString();
    const ticket_id = put('tickets', 'T-', {
      contact_id,
      address_id,
      status,
      scheduled_at,
      ends_at: ends,
      duration_minutes: 60,
      total_cents: cents,
      currency,
      confirmation_status: 'not_sent',
      is_reminded: false,
      is_price_estimated: false,
      custom_fields: {},
      ...(status === 'closed' ? { closed_at: ends, actual_minutes: 60 } : {}),
    });
    const told = lines ?? [{ service_id: null, cents }];
    for (const [position, { service_id, quantity = 1, cents: total_cents }] of told.entries())
      put('ticket_lines', '', {
        ticket_id,
        service_id,
        position,
        description: 'Work',
        pricing: 'fixed',
        quantity,
        unit_price_cents: total_cents,
        total_cents,
      });
  }
  for (const {
    contact_id,
    status,
    issued_on,
    due_on = issued_on,
    cents,
    paid: paid_cents = 0,
    currency = 'USD',
  } of bills)
    put('invoices', 'INV-2020-', {
      contact_id,
      status,
      issued_on,
      due_on,
      currency,
      source: 'standalone',
      billing_name: 'Whoever pays',
      subtype: 'sales',
      subtotal_cents: cents,
      tax_cents: 0,
      discount_cents: 0,
      total_cents: cents,
      paid_cents,
      refunded_cents: 0,
      tags: [],
      custom_fields: {},
    });
  for (const {
    contact_id,
    at,
    cents,
    currency = 'USD',
    status = 'succeeded',
    isDeleted = false,
    back = [],
  } of paid) {
    const payment_id = put('payments', 'PAY-', {
      invoice_id: newId(),
      contact_id,
      amount_cents: cents,
      currency,
      method: 'card',
      received_at: at,
      provider: 'manual',
      status,
      refunded_cents: 0,
      ...(isDeleted ? { deleted_at: at } : {}),
    });
    for (const { at: refunded_at, cents: amount_cents, status: state = 'succeeded' } of back)
      put('refunds', 'RFD-', {
        payment_id,
        contact_id,
        amount_cents,
        currency,
        method: 'card',
        reason: 'goodwill',
        refunded_at,
        status: state,
      });
  }
  await writeRows(office.database.admin, tables, { organization_id });
}
