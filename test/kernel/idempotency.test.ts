import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const data = { contact_id: 'C-1001', scheduled_at: '2026-11-23T09:00', lines: ['S-1'] };
const book = (idempotency_key: string, more: Record<string, unknown> = {}, who = panes().agent) =>
  panes().act(who, 'ticket.create', { ...data, ...more }, { idempotency_key });

const count = async (table: string) =>
  Number((await panes().database.owner.query(`select count(*) as n from ${table}`)).rows[0]?.n);

describe('a call with the same key', () => {
  test('answers the same and books once', async () => {
    const first = await book('monday');
    const again = await book('monday');
    expect(first).toMatchObject({ status: 'done', replayed: false, data: { reference: 'T-2001' } });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await count('tickets')).toBe(1);
    expect(await book('monday too')).toMatchObject({ replayed: false, data: { reference: 'T-2002' } });
  });

  test('answers what was answered then, not what is so now', async () => {
    const { data: booked } = await book('still scheduled');
    await panes().done(panes().dana, 'ticket.cancel', { ticket_id: booked.id });
    expect(await book('still scheduled')).toMatchObject({ replayed: true, data: { status: 'scheduled' } });
  });

  test('keeps the warnings of the first answer', async () => {
    const note = () =>
      panes().act(
        panes().agent,
        'note.create',
        { contact_id: 'C-1001', content: 'card 4242 4242 4242 4242' },
        { idempotency_key: 'card' },
      );
    const first = await note();
    expect(first.warnings).toHaveLength(1);
    expect(await note()).toEqual({ ...first, replayed: true });
    expect(await count('notes')).toBe(1);
  });

  test('and another input is refused, and nothing is booked', async () => {
    await book('tuesday');
    const before = await count('tickets');
    expect(await refusal(book('tuesday', { notes: 'Ring twice' }))).toEqual({
      code: 'IDEMPOTENCY_CONFLICT',
      message: 'This idempotency_key was used for another call.',
      field: 'idempotency_key',
      got: 'tuesday',
      hint: 'Use a new key for a new call; repeat a key only with exactly the same input.',
    });
    const other = panes().act(
      panes().agent,
      'note.create',
      { content: 'x', contact_id: 'C-1001' },
      {
        idempotency_key: 'tuesday',
      },
    );
    expect(await refusal(other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await count('tickets')).toBe(before);
    expect(await count('notes')).toBe(1);
  });

  test('and the same input in another order or spelling is the same call', async () => {
    const first = await book('spelling', { duration_minutes: 60, is_price_estimated: true });
    const again = await panes().act(
      panes().agent,
      'ticket.create',
      {
        isPriceEstimated: 'true',
        duration: '60',
        services: ['S-1'],
        scheduled_at: data.scheduled_at,
        customer: data.contact_id,
      },
      { idempotency_key: 'spelling' },
    );
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('of somebody else is another call', async () => {
    const { dana, olivia, clear, act } = panes();
    const callers = [dana, olivia, panes().agent];
    const answers = [];
    for (const who of callers) answers.push(await book('shared', {}, who));
    expect(new Set(answers.map(answer => answer.data.reference)).size).toBe(3);
    const theirs = await act(
      clear.agent,
      'contact.create',
      { full_name: 'Jane' },
      { idempotency_key: 'shared' },
    );
    expect(theirs).toMatchObject({ replayed: false, data: { reference: 'C-1001' } });
  });

  test('after a day is a new call', async () => {
    const first = await book('old');
    await panes().database.owner.query(
      `update idempotency_keys set created_at = now() - interval '24 hours 1 second' where key = 'old'`,
    );
    const again = await book('old', { notes: 'a new day' });
    expect(again.replayed).toBe(false);
    expect(again.data.reference).not.toBe(first.data.reference);
  });
});

describe('twenty at once with one key', () => {
  test('have one effect and one answer', async () => {
    const before = await count('tickets');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => book('twenty', { notify_customer: true })),
    );
    expect(await count('tickets')).toBe(before + 1);
    for (const { data: answer } of answers) expect(answer).toEqual(answers[0]?.data);
    expect(answers.filter(answer => !answer.replayed)).toHaveLength(1);
    expect(await count(`jobs where kind = 'email'`)).toBe(1);
  });

  test('and different inputs let one through', async () => {
    const before = await count('tickets');
    const calls = Array.from({ length: 20 }, (_, index) => book('different', { notes: `call ${index}` }));
    const ends = await Promise.allSettled(calls);
    expect(ends.filter(end => end.status === 'fulfilled')).toHaveLength(1);
    expect(await count('tickets')).toBe(before + 1);
  });
});

describe('a key is not used up', () => {
  test('by a call that was refused: the corrected call may have it', async () => {
    expect(await refusal(book('try', { lines: [{ service_id: 'S-1', quantity: 2 }] }))).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    expect(await book('try')).toMatchObject({ status: 'done', replayed: false });
  });

  test('by a preview', async () => {
    const preview = { idempotency_key: 'look first', preview: true };
    expect(await panes().act(panes().agent, 'ticket.create', data, preview)).toMatchObject({
      status: 'preview',
    });
    expect(await book('look first', { notes: 'other' })).toMatchObject({ status: 'done', replayed: false });
  });
});

test('a request that waits for the owner is stored once under its key', async () => {
  const { agent, act } = panes();
  const ask = () =>
    act(agent, 'organization.update_settings', { name: 'Brighter Panes' }, { idempotency_key: 'rename' });
  const first = await ask();
  expect(first).toMatchObject({ status: 'pending_authorization', data: { request: 'R-1' } });
  expect(await ask()).toEqual({ ...first, replayed: true });
  expect(await count('authorization_requests')).toBe(1);
});
