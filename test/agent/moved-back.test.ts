import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useDesk } from './desk.ts';

const panes = useBrightPanes();
const desk = useDesk(panes);

test('“No, undo that: leave her where she was.” A visit that was moved is moved back, not booked a second time', async () => {
  const { reference } = await panes().book('2027-01-12T09:00');
  const reschedule = { ticket_id: reference, scheduled_at: '2027-01-13T09:00', reason: 'Theo is ill' };
  const answer = await desk().use('handle_reschedule_request', reschedule);
  expect(answer.undo).toBe('none: the old visit stays cancelled; move the new one back to its time instead');
  expect(await desk().refused('crm_action', { action: 'undo', data: { of: reference } })).toMatchObject({
    message: expect.stringContaining('move the new one back'),
  });
});
