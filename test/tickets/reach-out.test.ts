import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

/** Closes a visit of somebody, who is to hear from us in six months; answers what was said. */
async function close(contact_id: string, scheduled_at: string) {
  const { act, book, dana } = panes();
  const visit = await book(scheduled_at, { contact_id, lines: ['Gutter Cleaning'] });
  const close = {
    ticket_id: visit.id,
    duration_minutes: 60,
    notes: '',
    next_service: 'reach_out',
    reach_out_months: 6,
  };
  return act(dana, 'ticket.close', close);
}

test('whoever has no e-mail is called in six months, on the day on which others are written to', async () => {
  const { read, dana } = panes();
  const called = await close('C-1002', '2026-11-18T09:00');
  expect(called.data).toMatchObject({ message_id: null, reach_out: 'call on Tue 2027-05-18 09:00' });
  expect(called.warnings).toContain(
    '«Mrs Hart» has no e-mail address: a call is planned for Tue 2027-05-18 09:00 instead.',
  );
  expect(await read(dana, 'follow_ups', { params: { contact_id: 'C-1002' } })).toMatchObject([
    { due_at: '2027-05-18T14:00:00.000Z' },
  ]);
  const written = await close('C-1001', '2026-11-18T11:00');
  expect(written.data).toMatchObject({
    message_id: expect.any(String),
    reach_out: 'mail on Tue 2027-05-18 09:00',
  });
  expect(await read(dana, 'follow_ups', { params: { contact_id: 'C-1001' } })).toEqual([]);
});
