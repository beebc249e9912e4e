import { expect, test } from 'vitest';
import { z } from 'zod';
import { useDesk } from '../agent/desk.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// Whoever did the wrong thing need not look up how it is taken back: the answer says the call.

const panes = useBrightPanes();
const desk = useDesk(panes);
const answered = z.looseObject({
  undo: z.object({ action: z.string(), data: z.record(z.string(), z.unknown()) }),
});
const reasoning = 'The owner says that this was a mistake';

test('a customer that was added twice goes again with the call the answer named, and comes back with the next', async () => {
  const added = answered.parse(
    await desk().use('crm_action', { action: 'contact.create', data: { full_name: 'Nora Quinn' } }),
  );
  expect(added.undo).toEqual({
    action: 'contact.delete',
    data: { contact_id: expect.stringMatching(/^C-\d+$/) },
  });
  const gone = answered.parse(await desk().use('crm_action', { ...added.undo, reasoning }));
  expect(await desk().query('contacts', { search: 'Nora Quinn' })).toEqual([]);
  expect(gone.undo).toEqual({ action: 'contact.restore', data: added.undo.data });
  await desk().use('crm_action', gone.undo);
  expect(await desk().query('contacts', { search: 'Nora Quinn' })).toHaveLength(1);
});

test('a visit is taken back by cancelling it, which is asked for like any cancelling: with a reason', async () => {
  const booked = answered.parse(
    await desk().use('crm_action', {
      action: 'ticket.create',
      data: { contact: 'Jane Smith', scheduled_at: '2026-12-01T09:00' },
    }),
  );
  expect(booked.undo.action).toBe('ticket.cancel');
  expect(await desk().refused('crm_action', booked.undo)).toMatchObject({ code: 'REASONING_REQUIRED' });
  await desk().use('crm_action', { ...booked.undo, reasoning });
});

test('what is final names no call, and neither does a preview', async () => {
  const { reference } = await desk().act('ticket.create', {
    contact: 'Jane Smith',
    scheduled_at: '2026-12-02T09:00',
  });
  const cancel = { action: 'ticket.cancel', data: { ticket_id: reference }, reasoning };
  expect(await desk().use('crm_action', { ...cancel, preview: true })).not.toHaveProperty('undo');
  const cancelled = await desk().use('crm_action', cancel);
  const reverse = panes().app.registry.action('ticket.cancel').spec.undo;
  expect(Object.hasOwn(cancelled, 'undo')).toBe(reverse !== undefined && reverse !== 'none');
});
