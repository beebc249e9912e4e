import { expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// Whoever is taken off a visit is told that, by the time they knew, and nothing of what becomes of it.

const panes = useBrightPanes();
const told = async (caller: ReturnType<typeof panes>['theo'], since: string) =>
  (await panes().app.read(caller, 'news', { params: { since, day: '2026-11-25' } }, { request_id: newId() }))
    .rows[0];

test('a technician who was taken off a visit hears of no new time, no crew, and gets no way to it', async () => {
  const { book, done, dana, theo, olivia } = panes();
  const visit = await book('2026-11-25T15:00', { technician_ids: ['Theo'] });
  const since = String((await told(theo, String(Date.now())))?.id);
  // As long as it is theirs, they hear when it is now and how to get there.
  await done(dana, 'ticket.reschedule', { ticket_id: visit.reference, scheduled_at: '2026-11-25T16:00' });
  expect(await told(theo, since)).toMatchObject({
    told: 'Theo’s 3:00 PM moved to 4:00 PM',
    reference: visit.reference,
  });
  const later = String((await told(theo, since))?.id);
  await done(dana, 'ticket.assign_technician', { ticket_id: visit.reference, technician_id: 'Tess' });
  await done(dana, 'ticket.unassign_technician', { ticket_id: visit.reference, technician_id: 'Theo' });
  await done(dana, 'ticket.reschedule', { ticket_id: visit.reference, scheduled_at: '2026-11-25T17:30' });
  expect(await told(theo, later)).toMatchObject({
    told: 'You do not go to the 4:00 PM visit any more',
    reference: null,
  });
  expect(await told(olivia, later)).toMatchObject({
    told: 'Tess’s 4:00 PM moved to 5:30 PM',
    reference: visit.reference,
  });
});
