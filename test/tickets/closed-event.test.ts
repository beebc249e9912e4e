import { expect, test } from 'vitest';
import { useCloseOuts } from '../closeout/desk.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const nothing = { duration_minutes: 60, notes: '', next_service: 'no' };

/** The visits that are said to be closed, newest first. */
async function told(): Promise<unknown[]> {
  const { read, dana } = panes();
  const events = await read(dana, 'events', { params: { name: 'ticket.closed' }, fields: ['payload'] });
  const closed = await read(dana, 'tickets', { params: { status: 'closed' }, limit: 100 });
  return events.map(({ payload }) => {
    const id: unknown = Reflect.get(Object(payload), 'ticket_id');
    return closed.find(ticket => ticket.id === id)?.reference;
  });
}

test('a visit that is closed in one call is told of once', async () => {
  const { act, done, dana } = panes();
  const ticket_id = await desk.visit();
  await done(dana, 'ticket.close', { ticket_id, ...nothing });
  expect(await refusal(act(dana, 'ticket.close', { ticket_id, ...nothing }))).toMatchObject({
    code: 'TICKET_CLOSED',
  });
  expect(await told()).toEqual([ticket_id]);
});

test('a visit that is closed on the phone is told of at its last step, not before', async () => {
  const before = await told();
  const ticket_id = await desk.visit();
  const { review } = await desk.toReview(ticket_id);
  expect(await told()).toEqual(before);
  await desk.step('complete', ticket_id, { review });
  expect(await told()).toEqual([ticket_id, ...before]);
});

test('a visit that is cancelled is not closed', async () => {
  const before = await told();
  await panes().done(panes().dana, 'ticket.cancel', { ticket_id: await desk.visit() });
  expect(await told()).toEqual(before);
});
