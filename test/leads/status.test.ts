import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer has found somebody else';

const inquiry = async (more: Record<string, unknown> = {}) =>
  String(
    (await panes().done(panes().dana, 'lead.create', { raw_notes: 'Wants windows', ...more })).reference,
  );
const act = (action: string, lead_id: string, data: Record<string, unknown> = {}, extra = {}) =>
  panes().act(panes().agent, `lead.${action}`, { lead_id, ...data }, extra);
const lead = async (id: string) => (await panes().read(panes().dana, 'leads', { id }))[0];

describe('the status of a lead', () => {
  test('goes from new over contacted to qualified, and back a step', async () => {
    const id = await inquiry();
    for (const status of ['working', 'contacted', 'qualified', 'contacted']) {
      expect((await act('set_status', id, { status })).data).toMatchObject({ status });
    }
  });

  test('is new only once', async () => {
    const id = await inquiry();
    await act('set_status', id, { status: 'contacted' });
    expect(await refusal(act('set_status', id, { status: 'new' }))).toEqual({
      code: 'VALIDATION_ERROR',
      message: `${id} is contacted and cannot be set to new.`,
      field: 'status',
      got: 'new',
      valid_options: ['working', 'qualified'],
      hint: 'Nothing is new a second time.',
    });
  });

  test.each([
    ['converted', 'Make it a customer with lead.convert.'],
    ['disqualified', 'Say why with lead.disqualify.'],
    ['archived', 'Put it away with lead.archive.'],
  ])('is not set to %s: that has a verb of its own', async (status, hint) => {
    const id = await inquiry();
    expect(await refusal(act('set_status', id, { status }))).toMatchObject({ hint });
  });

  test('that it has already is refused, as is one that does not exist', async () => {
    const id = await inquiry();
    await act('set_status', id, { status: 'working' });
    expect(await refusal(act('set_status', id, { status: 'working' }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${id} is working already.`,
      valid_options: ['contacted', 'qualified'],
    });
    expect(await refusal(act('set_status', id, { status: 'qualifed' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      did_you_mean: expect.arrayContaining(['qualified']),
    });
  });

  test('set by two at once is set once', async () => {
    const id = await inquiry();
    const set = () => act('set_status', id, { status: 'qualified' });
    const { won, refused } = await race([set(), set()]);
    expect([won.length, refused]).toEqual([1, ['INVALID_STATE']]);
  });
});

test('the stage is what the work is at, apart from the status, and "stage" means it', async () => {
  const id = await inquiry();
  expect((await act('set_stage', id, { stage: 'estimate_sent' })).data).toMatchObject({
    status: 'new',
    pipeline_stage: 'estimate_sent',
  });
  expect(await refusal(act('set_stage', id, { stage: 'estimate_sent' }))).toMatchObject({
    code: 'INVALID_STATE',
    field: 'pipeline_stage',
  });
  const { read, dana } = panes();
  expect(await read(dana, 'leads', { params: { stage: 'estimate_sent' } })).toMatchObject([
    { reference: id },
  ]);
});

describe('a lead that comes to nothing', () => {
  test('is disqualified with a reason, and nobody has to call back any more', async () => {
    const { read, dana } = panes();
    const id = await inquiry();
    const pending = () => read(dana, 'follow_ups', { params: { lead_id: id } });
    expect(await pending()).toHaveLength(1);
    expect(
      (await act('disqualify', id, { reason: 'budget', note: 'Wanted it for half' })).data,
    ).toMatchObject({
      status: 'disqualified',
      disqualification_reason: 'budget',
      closed_reason: 'Wanted it for half',
    });
    expect(await pending()).toEqual([]);
    expect(await read(dana, 'interactions', { params: { lead_id: id } })).toMatchObject([
      { follow_up_status: 'canceled' },
    ]);
  });

  test('is not disqualified without one of the known reasons', async () => {
    const id = await inquiry();
    expect(await refusal(act('disqualify', id))).toMatchObject({ field: 'reason' });
    expect(await refusal(act('disqualify', id, { reason: 'expensive' }))).toMatchObject({
      field: 'reason',
      valid_options: ['budget', 'timing', 'outside_scope', 'competitor', 'no_response', 'spam', 'other'],
    });
  });

  test('is archived by an agent who says why', async () => {
    const id = await inquiry();
    expect(await refusal(act('archive', id))).toMatchObject({ code: 'REASONING_REQUIRED' });
    expect((await act('archive', id, {}, { reasoning })).data).toMatchObject({
      status: 'archived',
      closed_reason: reasoning,
    });
  });

  test('changes no more, except that notes and interactions are added', async () => {
    const { done, dana } = panes();
    const id = await inquiry();
    await act('disqualify', id, { reason: 'timing' });
    const attempts: [string, Record<string, unknown>][] = [
      ['update', { title: 'Another one' }],
      ['set_status', { status: 'working' }],
      ['set_stage', { pipeline_stage: 'follow_up' }],
      ['set_reminder', { reminder_at: '2026-12-01T09:00' }],
      ['disqualify', { reason: 'other' }],
      ['archive', {}],
      ['convert', {}],
      ['extract', {}],
      ['confirm_extraction', {}],
    ];
    for (const [action, data] of attempts) {
      expect(await refusal(act(action, id, data, { reasoning })), action).toMatchObject({
        code: 'INVALID_STATE',
        message: `${id} is disqualified.`,
        hint: expect.stringContaining('lead.reopen'),
      });
    }
    await done(dana, 'note.create', { lead_id: id, content: 'Called again after all' });
    await done(dana, 'interaction.create', { lead_id: id, type: 'email_inbound', body: 'Hello again' });
    expect(await lead(id)).toMatchObject({ status: 'disqualified' });
  });

  test('is taken up again, and its end is forgotten', async () => {
    const id = await inquiry();
    await act('disqualify', id, { reason: 'timing', note: 'Not this year' });
    expect((await act('reopen', id)).data).toMatchObject({
      status: 'working',
      disqualification_reason: null,
      closed_reason: null,
    });
    expect((await act('update', id, { title: 'Next year' })).data).toMatchObject({ title: 'Next year' });
    expect(await refusal(act('reopen', id))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${id} is open: it is working.`,
    });
  });

  test('ends once when two end it at once', async () => {
    const id = await inquiry();
    const { won, refused } = await race([
      act('disqualify', id, { reason: 'budget' }),
      act('archive', id, {}, { reasoning }),
    ]);
    expect([won.length, refused]).toEqual([1, ['INVALID_STATE']]);
  });
});

describe('a reminder', () => {
  test('is set in local time, moved, and taken away', async () => {
    const id = await inquiry();
    expect((await act('set_reminder', id, { reminder_at: '2026-11-20T09:00' })).data).toMatchObject({
      reminder_at: '2026-11-20T15:00:00.000Z',
      reminder_local: 'Fri 2026-11-20 09:00 -06:00',
    });
    expect((await act('set_reminder', id, { reminder_at: 'Mon 2026-11-23 10:00' })).data).toMatchObject({
      reminder_at: '2026-11-23T16:00:00.000Z',
    });
    expect((await act('set_reminder', id, { clear: true })).data).toMatchObject({ reminder_at: null });
    expect(await refusal(act('set_reminder', id, { clear: true }))).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('is a moment to come, said in one way', async () => {
    const id = await inquiry();
    const set = (data: Record<string, unknown>) => refusal(act('set_reminder', id, data));
    expect(await set({ reminder_at: '2026-11-17T09:00' })).toMatchObject({ message: 'This time is past.' });
    expect(await set({ reminder_at: 'tomorrow' })).toMatchObject({ field: 'reminder_at' });
    expect(await set({})).toMatchObject({ message: 'Say when, or clear.' });
    expect(await set({ reminder_at: '2026-11-20T09:00', clear: true })).toMatchObject({
      message: 'Say when, or clear.',
    });
  });
});

describe('changing facts', () => {
  test('reads a number as it is written and finds the customer whose it is', async () => {
    const id = await inquiry();
    const [jane] = await panes().read(panes().dana, 'contacts', { id: 'C-1001' });
    const { data } = await act('update', id, { phone: '256 555 0142', estimated_value_cents: 25_000 });
    expect(data).toMatchObject({
      phone: '+12565550142',
      contact_id: jane?.id,
      estimated_value_cents: 25_000,
    });
  });

  test('takes what was said along when it turns out to be another customer, or none', async () => {
    const { read, done, dana } = panes();
    const id = await inquiry({ phone: '256 555 0142' });
    await done(dana, 'note.create', { lead_id: id, content: 'Has a cat' });
    const said = async (contact_id: string) => [
      (await read(dana, 'notes', { params: { contact_id, lead_id: id } })).length,
      (await read(dana, 'interactions', { params: { contact_id, lead_id: id } })).length,
    ];
    expect(await said('C-1001')).toEqual([1, 1]);
    await act('update', id, { contact_id: 'Mrs Hart' });
    expect([await said('C-1001'), await said('C-1002')]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    await act('update', id, { clear: ['contact_id'] });
    expect(await said('C-1002')).toEqual([0, 0]);
    expect(await read(dana, 'notes', { params: { lead_id: id } })).toMatchObject([{ contact_id: null }]);
  });

  test('needs something to change, of a lead of this business', async () => {
    const { clear, act: run } = panes();
    const id = await inquiry();
    expect(await refusal(act('update', id))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'lead_id' });
    expect(await refusal(act('update', id, { status: 'working' }))).toMatchObject({ field: 'status' });
    for (const action of [
      'update',
      'set_status',
      'set_stage',
      'disqualify',
      'archive',
      'reopen',
      'convert',
    ]) {
      const data = { title: 'x', status: 'working', pipeline_stage: 'follow_up', reason: 'other' };
      const members = Object.keys(panes().app.registry.action(`lead.${action}`).inputSchema.properties ?? {});
      const own = Object.entries(data).filter(([name]) => members.includes(name));
      const row = await lead(id);
      const call = run(clear.owner, `lead.${action}`, { lead_id: row?.id, ...Object.fromEntries(own) });
      expect(await refusal(call), action).toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('deleting a lead', () => {
  test('that only came in is done by an agent who says why, and taken back', async () => {
    const { read, dana } = panes();
    const id = await inquiry();
    expect(await refusal(act('delete', id))).toMatchObject({ code: 'REASONING_REQUIRED' });
    const { data } = await act('delete', id, {}, { reasoning });
    expect(data).toMatchObject({ deleted: true, reference: id });
    expect(await refusal(read(dana, 'leads', { id }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await read(dana, 'follow_ups', { params: { lead_id: String(data.id) } })).toEqual([]);
    expect((await act('restore', id)).data).toMatchObject({ reference: id });
    expect(await refusal(act('restore', id))).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('that has a history waits for the owner', async () => {
    const { done, dana } = panes();
    const id = await inquiry();
    await done(dana, 'note.create', { lead_id: id, content: 'Nice people' });
    const outcome = await act('delete', id, {}, { reasoning });
    expect(outcome).toMatchObject({ status: 'pending_authorization' });
    expect(JSON.stringify(outcome.data)).toContain('"reason":"this inquiry has 1 note"');
    expect(await lead(id)).toMatchObject({ reference: id });
    // How it came in is not counted, what was said later is.
    await done(dana, 'interaction.create', { lead_id: id, type: 'email_inbound', body: 'Any news?' });
    const again = await act('delete', id, {}, { reasoning });
    expect(JSON.stringify(again.data)).toContain('this inquiry has 1 further interaction and 1 note');
  });
});

test('an advertisement is disqualified as spam, and nothing is said of its budget', async () => {
  const { done, dana, read } = panes();
  const { reference } = await done(dana, 'lead.create', { title: 'Rank first on every search engine' });
  await done(dana, 'lead.disqualify', { lead_id: reference, reason: 'spam' });
  const [row] = await read(dana, 'leads', { id: String(reference) });
  expect(row).toMatchObject({ status: 'disqualified', disqualification_reason: 'spam' });
});
