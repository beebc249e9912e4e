import { expect, test } from 'vitest';
import { registry } from './registered.ts';

/** Every name of other systems and of daily speech that was ever taken, and what it means. None may be lost. */
const taken: Readonly<Record<string, readonly string[]>> = {
  customer: ['contact_id'],
  customer_id: ['contact_id'],
  customer_profile_id: ['contact_id'],
  contact: ['contact_id'],
  crm_contact: ['contact_id'],
  company: ['company_id'],
  ticket: ['ticket_id'],
  appointment: ['ticket_id'],
  appointment_id: ['ticket_id'],
  address: ['address_id'],
  service: ['service_id', 'lines'],
  technician: ['technician_id'],
  user_id: ['technician_id'],
  title: ['name'],
  name: ['full_name'],
  price: ['unit_price_cents', 'price_cents'],
  unit_price: ['unit_price_cents'],
  value: ['amount_cents'],
  line: ['line_id'],
  line_item_id: ['line_id'],
  technicians: ['technician_ids'],
  line_items: ['lines'],
  services: ['lines'],
  street: ['line1'],
  address1: ['line1'],
  address2: ['line2'],
  zip: ['postal_code'],
  zip_code: ['postal_code'],
  email_address: ['email'],
  phone_number: ['phone'],
  note: ['content'],
  text: ['content', 'body', 'raw_notes'],
  notes: ['raw_notes'],
  stage: ['pipeline_stage'],
  owner: ['owner_user_id'],
  timestamp: ['occurred_at'],
  follow_up_date: ['follow_up_at'],
  start: ['scheduled_at'],
  when: ['scheduled_at'],
  time: ['scheduled_at'],
  date: ['scheduled_at'],
  datetime: ['scheduled_at'],
  search: ['query'],
  q: ['query', 'search'],
  duration: ['duration_minutes'],
  reason: ['cancel_reason', 'reasoning'],
};

test('every other name of a member that was ever taken is taken still, for the same members', () => {
  for (const [alias, members] of Object.entries(taken)) {
    expect({ [alias]: registry.aliases[alias] ?? [] }).toEqual({
      [alias]: expect.arrayContaining([...members]),
    });
  }
  expect(registry.aliases.nonsense).toBeUndefined();
});
