import { expect, test } from 'vitest';
import { z } from 'zod';
import { useDesk } from '../agent/desk.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// Whoever did the wrong thing need not look up how it is taken back: the answer has the word for it.

const panes = useBrightPanes();
const desk = useDesk(panes);
const answered = z.looseObject({ undo: z.string() });
const reasoning = 'The owner says that this was a mistake';

const undo = (of: string) => desk().use('crm_action', { action: 'undo', of, reasoning });

test('a customer that was added twice goes again with the word the answer gave, and comes back with the next', async () => {
  const added = answered.parse(
    await desk().use('crm_action', { action: 'contact.create', data: { full_name: 'Nora Quinn' } }),
  );
  expect(added.undo).toMatch(/^u-[0-9a-z]{11}$/);
  const gone = answered.parse(await undo(added.undo));
  expect(gone).toMatchObject({
    status: 'done',
    data: {
      undone: expect.stringMatching(/^created contact C-\d+, by «Office Manager» on /),
      took_back: [expect.stringMatching(/^C-\d+ is deleted$/)],
    },
  });
  expect(await desk().query('contacts', { search: 'Nora Quinn' })).toEqual([]);
  await undo(gone.undo);
  expect(await desk().query('contacts', { search: 'Nora Quinn' })).toHaveLength(1);
});

test('a visit is taken back by cancelling it; that it is taken back is reason enough, one that says nothing is not', async () => {
  const booked = answered.parse(
    await desk().use('schedule_appointment', { contact: 'Jane Smith', scheduled_at: '2026-12-01T09:00' }),
  );
  expect(
    await desk().refused('crm_action', { action: 'undo', of: booked.undo, reasoning: 'ok' }),
  ).toMatchObject({
    code: 'REASONING_REQUIRED',
  });
  expect(await desk().use('crm_action', { action: 'undo', of: booked.undo })).toMatchObject({
    data: { took_back: [expect.stringMatching(/^T-\d+ is cancelled$/)] },
  });
});

test('what is final says why it has no such word, and a preview has none', async () => {
  const { reference } = await desk().act('ticket.create', {
    contact: 'Jane Smith',
    scheduled_at: '2026-12-02T09:00',
  });
  const cancel = { action: 'ticket.cancel', data: { ticket_id: reference }, reasoning };
  expect(await desk().use('crm_action', { ...cancel, preview: true })).not.toHaveProperty('undo');
  const cancelled = answered.parse(await desk().use('crm_action', cancel));
  expect(cancelled.undo).toBe('none: a cancelled visit is final, ticket.rebook books it anew');
  expect(await desk().use('crm_capabilities', { of: 'ticket.cancel' })).toMatchObject({
    undo: cancelled.undo,
  });
});

test('a call that is repeated with its key gives the same word again, and the word works', async () => {
  const call = { action: 'company.create', data: { name: 'Twice Ltd' }, idempotency_key: 'once' };
  const first = answered.parse(await desk().use('crm_action', call));
  const again = answered.parse(await desk().use('crm_action', call));
  expect(again).toMatchObject({ replayed: true, undo: first.undo });
  await undo(again.undo);
  expect(await desk().query('companies', { search: 'Twice Ltd' })).toEqual([]);
});
