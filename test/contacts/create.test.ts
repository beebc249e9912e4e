import { describe, expect, test } from 'vitest';
import { as, useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const office = useOffice();

describe('adding a customer', () => {
  test('by the agent: the answer is the whole customer, and the history tells that the agent did it', async () => {
    const { bright, done, read } = office();
    const jane = await done(bright.agent, 'contact.create', {
      first_name: 'Jane',
      last_name: 'Smith',
      email: ' Jane.Smith@Example.com',
      phone: '(256) 555-0142',
      tags: ['two stories'],
      custom_fields: { panes: 24, gate: 'left' },
    });
    expect(jane).toEqual({
      id: expect.any(String),
      reference: 'C-1001',
      kind: 'person',
      first_name: 'Jane',
      last_name: 'Smith',
      full_name: 'Jane Smith',
      nickname: null,
      job_title: null,
      company_id: null,
      emails: [{ email: 'jane.smith@example.com', type: 'other', primary: true }],
      phones: [{ number: '+12565550142', type: 'other', primary: true }],
      email: 'jane.smith@example.com',
      phone: '+12565550142',
      preferred_channel: null,
      preferences: {},
      lifecycle_stage: 'customer',
      status: 'active',
      source: 'api',
      source_ref: null,
      preferred_language: null,
      email_opt_in: null,
      email_status: 'ok',
      email_status_at: null,
      tags: ['two stories'],
      owner_user_id: null,
      is_system: false,
      notes: null,
      custom_fields: { panes: 24, gate: 'left' },
      import_batch_id: null,
      deleted_at: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const [row] = await read(as(bright, 'Dana'), 'contacts', { id: 'C-1001', include: ['audit_trail'] });
    expect(row?.audit_trail).toMatchObject([
      {
        action: 'create',
        domain_action: 'contact.create',
        actor_kind: 'agent',
        actor_name: 'Office Manager',
      },
    ]);
  });

  test('with several e-mail addresses and numbers: one of each is the primary one, equal ones count once', async () => {
    const { bright, done } = office();
    expect(
      await done(bright.owner, 'contact.create', {
        full_name: 'Hart & Sons',
        kind: 'organization',
        emails: [
          { email: 'office@hart.example', type: 'work' },
          { email: 'BILLS@hart.example' },
          { email: 'office@hart.example', type: 'home' },
          { email: 'bills@hart.example', type: 'home', primary: true },
        ],
        phones: [{ number: '256.555.0119' }, { number: '+44 20 7946 0958', type: 'work' }],
      }),
    ).toMatchObject({
      email: 'bills@hart.example',
      emails: [
        { email: 'office@hart.example', type: 'work', primary: false },
        { email: 'bills@hart.example', type: 'other', primary: true },
      ],
      phone: '+12565550119',
      phones: [
        { number: '+12565550119', primary: true },
        { number: '+442079460958', primary: false },
      ],
      source: 'manual',
    });
  });

  test('who is here already warns with the other’s reference, in this business only', async () => {
    const { bright, clear, act } = office();
    const twin = { full_name: 'J. Smith', phone: '256-555-0142' };
    expect(await act(bright.owner, 'contact.create', twin)).toMatchObject({
      status: 'done',
      warnings: ['C-1001 «Jane Smith» has the same phone; is it the same customer?'],
    });
    expect(await act(clear.owner, 'contact.create', twin)).toMatchObject({
      warnings: [],
      data: { reference: 'C-1001' },
    });
  });

  test('is not for technicians', async () => {
    const { bright, act } = office();
    const data = { full_name: 'New Neighbour' };
    expect(await refusal(act(as(bright, 'Theo'), 'contact.create', data))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await act(as(bright, 'Dana'), 'contact.create', data)).status).toBe('done');
  });
});

describe('a customer that cannot be added', () => {
  const refused = (data: unknown) =>
    refusal(
      office().app.execute(office().bright.owner, { action: 'contact.create', data }, { request_id: 'r' }),
    );

  test('names the member, what it got and what to do', async () => {
    expect(await refused({ email: 'jane@example.com' })).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'A customer needs a name.',
      field: 'full_name',
      hint: 'Give full_name, or first_name and last_name.',
    });
    expect(await refused({ full_name: 'Jane', phone: '12' })).toMatchObject({
      field: 'phone',
      message: '«12» is not a telephone number.',
      got: '12',
    });
    expect(
      await refused({ full_name: 'Jane', phones: [{ number: '256 555 0142' }, { number: 'none' }] }),
    ).toMatchObject({ field: 'phones.1.number', got: 'none' });
    expect(await refused({ full_name: 'Jane', email: 'jane at example' })).toMatchObject({ field: 'email' });
    expect(await refused({ fullname: 'Jane' })).toMatchObject({
      field: 'fullname',
      did_you_mean: ['full_name'],
    });
    expect(await refused({ full_name: 'Jane', status: 'aktive' })).toMatchObject({
      field: 'status',
      valid_options: ['active', 'inactive', 'unsubscribed'],
      did_you_mean: ['active'],
    });
    expect(await refused({ full_name: 'Jane\u202eevil' })).toMatchObject({ field: 'full_name' });
    expect(await refused({ full_name: 'Jane', custom_fields: { 'Gate Code': 1 } })).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });

  test('every problem is told at once', async () => {
    expect(await refused({ full_name: '', tags: 'one', email: 'x', color: 'blue' })).toMatchObject({
      problems: [
        { field: 'full_name', message: expect.any(String) },
        { field: 'email', message: expect.any(String) },
        { field: 'color', message: 'There is no "color" here.' },
      ],
    });
  });

  test('what is not even an object is refused as such', async () => {
    for (const data of ['Jane', 7, [{ full_name: 'Jane' }], true]) {
      expect(await refused(data)).toMatchObject({ code: 'VALIDATION_ERROR' });
    }
  });
});
