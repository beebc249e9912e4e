import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const write = (data: Record<string, unknown>) => panes().act(panes().dana, 'interaction.create', data);
const inquiry = async (more: Record<string, unknown> = {}) =>
  String(
    (await panes().done(panes().dana, 'lead.create', { raw_notes: 'Wants windows', ...more })).reference,
  );
const statusOf = async (id: string) =>
  (await panes().read(panes().dana, 'leads', { id, fields: ['status'] }))[0]?.status;

describe('what was said', () => {
  test('is written down with who, when and what has to follow, and told in the customer’s history', async () => {
    const { bright, read, dana } = panes();
    const { data } = await write({
      contact_id: 'Jane Smith',
      type: 'phone_call',
      direction: 'outbound',
      timestamp: '2026-11-17T15:30',
      subject: 'Asked about the storm windows',
      body: 'She wants to think it over.',
      outcome: 'spoke',
      follow_up_date: '2026-11-20T09:00',
    });
    const [jane] = await read(dana, 'contacts', { id: 'C-1001', include: ['audit_trail'] });
    expect(data).toEqual({
      id: expect.any(String),
      reference: 'IN-1001',
      type: 'phone_call',
      direction: 'outbound',
      occurred_at: '2026-11-17T21:30:00.000Z',
      actor_user_id: bright.people.Dana?.id,
      owner_user_id: bright.people.Dana?.id,
      contact_id: jane?.id,
      lead_id: null,
      ticket_id: null,
      subject: 'Asked about the storm windows',
      body: 'She wants to think it over.',
      channel_metadata: {},
      outcome: 'spoke',
      follow_up_at: '2026-11-20T15:00:00.000Z',
      follow_up_status: 'pending',
      ai_summary: null,
      ai_suggested_next_actions: null,
      is_auto_generated: false,
      custom_fields: {},
      deleted_at: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const [entry] = Array.isArray(jane?.audit_trail) ? jane.audit_trail : [];
    expect(entry).toMatchObject({ entity_type: 'interaction', domain_action: 'interaction.create' });
  });

  test('is now when nobody says otherwise; an agent is no person on the line', async () => {
    const { done, agent } = panes();
    const data = await done(agent, 'interaction.create', {
      contact_id: 'C-1001',
      type: 'email_inbound',
      text: 'Hi',
    });
    expect(data).toMatchObject({
      occurred_at: '2026-11-18T14:00:00.000Z',
      direction: 'inbound',
      body: 'Hi',
      actor_user_id: null,
      follow_up_status: 'none',
    });
  });

  test.each([
    ['email_outbound', 'outbound'],
    ['meeting', 'outbound'],
    ['note', 'internal'],
    ['system', 'internal'],
  ])('%s is %s unless told otherwise', async (type, direction) => {
    expect((await write({ contact_id: 'C-1001', type })).data).toMatchObject({ direction });
  });

  test('about a visit is with its customer', async () => {
    const visit = await panes().book('2026-11-24T09:00');
    const { data } = await write({ ticket_id: visit.id, type: 'email_inbound' });
    expect(data).toMatchObject({ contact_id: visit.contact_id, ticket_id: visit.id });
    expect(
      await refusal(write({ ticket_id: visit.id, contact_id: 'C-1002', type: 'email_inbound' })),
    ).toMatchObject({ field: 'ticket_id', message: 'This visit is not this customer’s.' });
  });

  test('with a lead is with its customer too, as soon as there is one', async () => {
    const id = await inquiry({ phone: '256 555 0142' });
    const { data } = await write({ lead_id: id, type: 'email_inbound' });
    const [jane] = await panes().read(panes().dana, 'contacts', { id: 'C-1001' });
    expect(data.contact_id).toBe(jane?.id);
    expect(await refusal(write({ lead_id: id, contact_id: 'C-1002', type: 'note' }))).toMatchObject({
      field: 'lead_id',
      message: 'This lead is not this customer’s.',
    });
  });

  test('is found by its words', async () => {
    await write({ contact_id: 'C-1001', type: 'note', body: 'Talked about the weathervane' });
    expect(await panes().read(panes().dana, 'interactions', { search: 'weathervane' })).toHaveLength(1);
  });

  test('keeps no card number', async () => {
    const { data, warnings } = await write({
      contact_id: 'C-1001',
      type: 'note',
      subject: 'card 4242 4242 4242 4242',
      body: 'ssn 123-45-6789',
      ai_summary: 'Pays with 4242424242424242',
    });
    expect(JSON.stringify(data)).not.toMatch(/4242[ -]?4242|123-45-6789/);
    expect(warnings).toHaveLength(3);
  });
});

describe('is refused', () => {
  test('what is with nobody', async () => {
    expect(await refusal(write({ type: 'note', body: 'x' }))).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'An interaction is with somebody.',
      field: 'contact_id',
      hint: 'Give contact_id or lead_id.',
    });
  });

  test('a call of which nobody says who called', async () => {
    expect(await refusal(write({ contact_id: 'C-1001', type: 'phone_call' }))).toMatchObject({
      field: 'direction',
      valid_options: ['inbound', 'outbound', 'internal'],
    });
  });

  test('a mail that goes the wrong way', async () => {
    const wrong = write({ contact_id: 'C-1001', type: 'email_inbound', direction: 'outbound' });
    expect(await refusal(wrong)).toMatchObject({ message: 'email_inbound is always inbound.' });
  });

  test.each([
    ['occurred_at', { occurred_at: '2026-11-19T09:00' }],
    ['follow_up_at', { follow_up_at: '2026-11-17T09:00' }],
    ['lead_id', { lead_id: 'L-9999' }],
    ['ticket_id', { ticket_id: 'T-9999' }],
    ['outcome', { outcome: 'bought' }],
  ])('a %s that cannot be', async (field, data) => {
    expect(await refusal(write({ contact_id: 'C-1001', type: 'note', ...data }))).toMatchObject({ field });
  });

  test('a customer or lead of another business, and whoever has no business with it', async () => {
    const { clear, theo, done, act, read } = panes();
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Their Customer' });
    const lead = await done(clear.owner, 'lead.create', { full_name: 'Their Lead' });
    expect(await refusal(write({ type: 'note', contact_id: theirs.id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refusal(write({ type: 'note', lead_id: lead.id }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(read(theo, 'interactions'))).toMatchObject({ code: 'FORBIDDEN' });
    const { data } = await write({ type: 'note', contact_id: 'C-1001' });
    for (const action of ['update', 'delete', 'set_follow_up', 'complete_follow_up', 'cancel_follow_up']) {
      const more = action === 'update' ? { body: 'x' } : {};
      const call = act(clear.owner, `interaction.${action}`, { interaction_id: data.id, ...more });
      expect(await refusal(call), action).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('a meeting may be written down before it takes place', async () => {
    const { data } = await write({ contact_id: 'C-1001', type: 'meeting', occurred_at: '2026-11-25T10:00' });
    expect(data).toMatchObject({ occurred_at: '2026-11-25T16:00:00.000Z' });
  });
});

describe('an interaction', () => {
  test('is corrected, moved to its lead and back, deleted and brought back', async () => {
    const { act, done, dana, agent, read } = panes();
    const { data } = await write({ contact_id: 'C-1001', type: 'phone_call', direction: 'inbound' });
    const interaction_id = String(data.reference);
    const update = (more: Record<string, unknown>) =>
      done(dana, 'interaction.update', { interaction_id, ...more });
    expect(await update({ outcome: 'left_voicemail', direction: 'outbound' })).toMatchObject({
      outcome: 'left_voicemail',
      direction: 'outbound',
      contact_id: data.contact_id,
    });
    const id = await inquiry();
    expect(await update({ lead_id: id })).toMatchObject({ contact_id: null });
    expect(await refusal(update({ clear: ['lead_id'] }))).toMatchObject({ field: 'contact_id' });
    expect(await update({ clear: ['lead_id'], contact_id: 'C-1002' })).toMatchObject({ lead_id: null });
    expect(await refusal(act(agent, 'interaction.delete', { interaction_id }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    const reasoning = 'It was written down twice by mistake';
    await done(agent, 'interaction.delete', { interaction_id }, { reasoning });
    expect(await read(dana, 'interactions', { params: { contact_id: 'C-1002' } })).toEqual([]);
    expect(await done(dana, 'interaction.restore', { interaction_id })).toMatchObject({ lead_id: null });
    expect(await refusal(act(dana, 'interaction.restore', { interaction_id }))).toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('is listed by what it was', async () => {
    const { read, dana } = panes();
    await write({
      contact_id: 'C-1002',
      type: 'sms',
      direction: 'outbound',
      outcome: 'spoke',
      occurred_at: '2026-11-10T09:00',
    });
    for (const params of [
      { interaction_type: 'sms' },
      { outcome: 'spoke', contact_id: 'Mrs Hart' },
      { direction: 'outbound', to: '2026-11-10', from: '2026-11-10' },
    ]) {
      expect(await read(dana, 'interactions', { params })).toMatchObject([{ type: 'sms' }]);
    }
  });
});

describe('what is said with a lead moves it on', () => {
  test.each([
    ['a call of ours', { type: 'phone_call', direction: 'outbound' }, 'contacted'],
    ['a mail of ours', { type: 'email_outbound' }, 'contacted'],
    ['a meeting', { type: 'meeting' }, 'contacted'],
    [
      'a voicemail we left',
      { type: 'phone_call', direction: 'outbound', outcome: 'left_voicemail' },
      'working',
    ],
    ['another mail of theirs', { type: 'email_inbound' }, 'working'],
    ['a note among ourselves', { type: 'note' }, 'new'],
  ])('%s', async (_what, data, status) => {
    const id = await inquiry();
    await write({ lead_id: id, ...data });
    expect(await statusOf(id)).toBe(status);
  });

  test('and never back, nor one that has ended', async () => {
    const { done, dana } = panes();
    const id = await inquiry();
    await write({ lead_id: id, type: 'email_outbound' });
    await write({ lead_id: id, type: 'email_inbound' });
    expect(await statusOf(id)).toBe('contacted');
    await done(dana, 'lead.set_status', { lead_id: id, status: 'qualified' });
    await write({ lead_id: id, type: 'email_outbound' });
    expect(await statusOf(id)).toBe('qualified');
    await done(dana, 'lead.archive', { lead_id: id });
    await write({ lead_id: id, type: 'email_outbound' });
    expect(await statusOf(id)).toBe('archived');
  });
});

test('a customer with whom something was said is not deleted by an agent alone', async () => {
  const { act, done, dana, agent } = panes();
  const { id } = await done(dana, 'contact.create', { full_name: 'Tabea Talked' });
  await write({ contact_id: id, type: 'email_inbound', body: 'Hello' });
  const reasoning = 'The customer asked to be removed';
  const outcome = await act(agent, 'contact.delete', { contact_id: id }, { reasoning });
  expect(outcome.status).toBe('pending_authorization');
  expect(JSON.stringify(outcome.data)).toContain('"reason":"this customer has 1 call or mail"');
});

test('what reaches the tables past all actions is redacted there', async () => {
  const { done, dana } = panes();
  await done(dana, 'lead.create', { full_name: 'Sam Sequel', description: 'x' });
  const told = 'pays with 4242 4242 4242 4242';
  for (const [table, column] of [
    ['leads', 'raw_notes'],
    ['leads', 'description'],
    ['leads', 'closed_reason'],
    ['interactions', 'subject'],
    ['interactions', 'body'],
    ['interactions', 'ai_summary'],
  ]) {
    const { rows } = await asTableOwner(
      panes(),
      `update ${table} set ${column} = $1 returning ${column} as text`,
      [told],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(row => row.text))).toEqual(new Set(['pays with [REDACTED CARD ..4242]']));
  }
});

test('a search shows how far a lead is after what was said', async () => {
  const { database } = panes();
  const id = await inquiry({ full_name: 'Sara Search' });
  await write({ lead_id: id, type: 'email_outbound' });
  const { rows } = await database.owner.query(`select detail from search_documents where reference = $1`, [
    id,
  ]);
  expect(rows).toEqual([{ detail: 'contacted' }]);
});
