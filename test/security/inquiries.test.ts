import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// An inquiry does not take a customer over: whoever wrote it is a stranger, whatever they say of themselves.

const panes = useBrightPanes();
const evil = 'x@evil.test';
const street = { line1: '666 Other Rd', city: 'Nowhere', state: 'AL', postal_code: '35000' };

const customer = async (more: Record<string, unknown>) =>
  String((await panes().done(panes().dana, 'contact.create', more)).reference);
const read = (type: string, query: Record<string, unknown>) => panes().read(panes().dana, type, query);
const contact = async (id: string) => (await read('contacts', { id }))[0];

/** An inquiry that names a customer by name and number, with another address of mail and street. */
async function inquiry(full_name: string, phone: string, more: Record<string, unknown> = {}) {
  const data = { full_name, phone, email: evil, ...street, source: 'web_form', ...more };
  return String((await panes().done(panes().dana, 'lead.create', data)).reference);
}

describe('an inquiry with a known customer’s number', () => {
  test('gives them neither the stranger’s address of mail nor the street, and says so', async () => {
    const known = await customer({ full_name: 'Paula Known', phone: '256 555 0401' });
    const { data, warnings } = await panes().act(panes().agent, 'lead.convert', {
      lead_id: await inquiry('Paula Known', '256 555 0401'),
    });
    expect(await contact(known)).toMatchObject({ email: null, emails: [] });
    expect(await read('addresses', { params: { contact_id: known } })).toEqual([]);
    expect(data).toMatchObject({
      contact_created: false,
      address: null,
      unconfirmed: [
        { key: 'email', value: evil },
        { key: 'address', value: '666 Other Rd, Nowhere, AL 35000' },
      ],
    });
    expect(warnings).toEqual([expect.stringContaining('Added as unconfirmed')]);
    expect(await read('attributes', { params: { contact_id: known } })).toMatchObject([
      { is_confirmed: false },
      { is_confirmed: false },
    ]);
  });

  test('sends the next confirmation nowhere, and names no street', async () => {
    const known = await customer({ full_name: 'Petra Known', phone: '256 555 0402' });
    await panes().act(panes().agent, 'lead.convert', {
      lead_id: await inquiry('Petra Known', '256 555 0402'),
    });
    const booked = await panes().act(panes().agent, 'schedule_appointment', {
      contact_id: known,
      scheduled_at: '2026-12-03T09:00',
    });
    expect(booked).toMatchObject({ status: 'done', data: { ticket: { address_id: null } } });
    expect(booked.warnings.join()).toContain('no e-mail address');
    expect(JSON.stringify(await read('outbox', {}))).not.toContain(evil);
  });

  test('does not become the same by a person who converts it, or by saying whom it is about', async () => {
    const known = await customer({ full_name: 'Pia Known', phone: '256 555 0403' });
    await panes().done(panes().dana, 'lead.convert', { lead_id: await inquiry('Pia Known', '256 555 0403') });
    await panes().done(panes().dana, 'lead.convert', {
      lead_id: await inquiry('Somebody', '256 555 0499'),
      contact_id: known,
    });
    expect(await contact(known)).toMatchObject({ email: null, phone: '+12565550403' });
    expect(await read('addresses', { params: { contact_id: known } })).toEqual([]);
  });

  test('does not put them into the stranger’s company', async () => {
    const known = await customer({ full_name: 'Pola Known', phone: '256 555 0404' });
    const lead_id = await inquiry('Pola Known', '256 555 0404', { company_name: 'Evil Holdings' });
    const { warnings } = await panes().act(panes().agent, 'lead.convert', { lead_id });
    expect(await contact(known)).toMatchObject({ company_id: null });
    expect(warnings.join()).toContain('stands on the lead only');
  });

  test('is not found again by the stranger’s address: the next inquiry from there is somebody new', async () => {
    const known = await customer({ full_name: 'Prue Known', phone: '256 555 0405' });
    await panes().act(panes().agent, 'lead.convert', {
      lead_id: await inquiry('Prue Known', '256 555 0405', { email: 'second@evil.test' }),
    });
    const data = { full_name: 'Stranger', email: 'second@evil.test' };
    const { reference } = await panes().done(panes().dana, 'lead.create', data);
    const next = await panes().act(panes().agent, 'lead.convert', { lead_id: reference });
    expect(next.data).toMatchObject({ contact_created: true });
    expect(next.data.contact).not.toMatchObject({ reference: known });
  });
});

test('an inquiry from a known number under another name is somebody new, and the customer stays as they are', async () => {
  const known = await customer({ full_name: 'Polly Known', phone: '256 555 0408' });
  const lead_id = await inquiry('Emil Garden', '256 555 0408');
  const { data, warnings } = await panes().act(panes().agent, 'lead.convert', { lead_id });
  expect(data).toMatchObject({ contact_created: true, contact: { email: evil } });
  expect(warnings.join()).toContain('Polly Known');
  expect(await contact(known)).toMatchObject({ full_name: 'Polly Known', email: null, emails: [] });
  expect(await read('addresses', { params: { contact_id: known } })).toEqual([]);
});

describe('a person', () => {
  test('confirms the address, which then is the customer’s; an agent cannot', async () => {
    const known = await customer({ full_name: 'Pam Known', phone: '256 555 0406' });
    await panes().act(panes().agent, 'lead.convert', {
      lead_id: await inquiry('Pam Known', '256 555 0406', { email: 'pam@example.com' }),
    });
    const say = { contact_id: known, email: 'pam@example.com' };
    expect(await refusal(panes().act(panes().agent, 'contact.confirm_email', say))).toMatchObject({
      code: 'HUMAN_ONLY',
    });
    await panes().done(panes().dana, 'contact.confirm_email', say);
    expect(await contact(known)).toMatchObject({ email: 'pam@example.com' });
  });
});

test('somebody new gets what they wrote: address of mail, street and company', async () => {
  const lead_id = await inquiry('Somebody New', '256 555 0407', {
    email: 'new@example.com',
    company_name: 'New Firm',
  });
  const { data } = await panes().act(panes().agent, 'lead.convert', { lead_id });
  expect(data).toMatchObject({
    contact_created: true,
    contact: { email: 'new@example.com' },
    company: { id: expect.any(String) },
    address: { line1: '666 Other Rd' },
    unconfirmed: [],
  });
});
