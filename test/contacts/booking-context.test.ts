import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { closeTicket } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const about = async (contact_id: string) =>
  (await panes().read(panes().agent, 'booking_context', { params: { contact_id } }))[0];

beforeEach(() => panes().setClock(storyTime));

test('before the first booking it says what is known and that the rest is not recorded yet', async () => {
  const [hart] = await panes().read(panes().dana, 'contacts', { id: 'C-1002' });
  expect(await about('Mrs Hart')).toEqual({
    id: hart?.id,
    reference: 'C-1002',
    full_name: 'Mrs Hart',
    phone: '(256) 555-0119',
    email: null,
    addresses: [{ reference: 'A-1002', address: '48 Old Big Cove Rd, Owens Cross Roads, AL' }],
    attributes: [],
    preferences: 'none recorded yet',
    last_visit: null,
    notes: [],
    summary: null,
    suggested_duration_minutes: null,
  });
});

test('booking again one sees how long the last visit took, the notes and the preferences', async () => {
  const { book, dana, theo, done, setClock } = panes();
  await book('2026-11-18T09:00', {
    technician_ids: ['Theo'],
    lines: [{ service_id: 'S-2', unit_price_cents: 56_200 }],
    notes: 'Start in the back',
  });
  setClock('2026-11-18T09:00:00-06:00');
  await done(theo, 'ticket.clock_in', { ticket_id: 'T-2001' });
  setClock('2026-11-18T12:22:00-06:00');
  await done(theo, 'ticket.clock_out', { ticket_id: 'T-2001' });
  await closeTicket(panes(), 'T-2001');
  const content = 'Extension ladder needed, 2nd story sill complexity';
  await done(dana, 'note.create', { ticket_id: 'T-2001', content });
  await done(dana, 'contact.set_preferences', { contact_id: 'C-1001', time_of_day: 'morning' });
  expect(await about('Jane Smith')).toMatchObject({
    preferences: { time_of_day: 'morning' },
    last_visit: {
      reference: 'T-2001',
      status: 'closed',
      local: 'Wed 2026-11-18 09:00 -06:00',
      duration: '3h22m',
      services: ['Interior and Exterior Window Cleaning'],
      total_cents: 56_200,
      notes: 'Start in the back',
    },
    notes: [{ reference: 'N-1001', content, local: expect.any(String) }],
    suggested_duration_minutes: 210,
  });
});

test('a visit that is only planned does not hide how long the last one took', async () => {
  const { book, dana, done, setClock } = panes();
  setClock('2026-11-19T08:00:00-06:00');
  const planned = await book('2026-11-30T09:00', { duration_minutes: 45 });
  expect(await about('C-1001')).toMatchObject({ last_visit: { reference: 'T-2001', duration: '3h22m' } });
  await done(dana, 'ticket.cancel', { ticket_id: planned.id });
  expect(await about('C-1001')).toMatchObject({ last_visit: { reference: 'T-2001' } });
});

test('wants a customer, and says so', async () => {
  const { dana, read } = panes();
  expect(await refusal(read(dana, 'booking_context'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'contact_id',
    message: '"contact_id" is missing.',
  });
});

test('a visit that was planned and never closed is not the last one that was, and a planned one is the next', async () => {
  const { book, done, dana, setClock } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: 'Nora Quinn' });
  const theirs = { contact_id: reference, lines: ['Gutter Cleaning'] };
  const forgotten = await book('2026-11-18T09:00', theirs);
  const next = await book('2026-11-30T09:00', { ...theirs, technician_ids: ['Theo'] });
  await book('2026-12-30T09:00', theirs);
  setClock('2026-11-20T08:00:00-06:00');
  const nora = await about(String(reference));
  expect(nora).toMatchObject({
    last_visit: null,
    next_visit: {
      reference: next.reference,
      local: 'Mon 2026-11-30 09:00 -06:00',
      services: ['Gutter Cleaning'],
      technicians: ['Theo'],
    },
    should_be_over: [
      { reference: forgotten.reference, status: 'scheduled', local: 'Wed 2026-11-18 09:00 -06:00' },
    ],
  });
  await closeTicket(panes(), String(forgotten.reference));
  const after = await about(String(reference));
  expect(after).toMatchObject({ last_visit: { reference: forgotten.reference, status: 'closed' } });
  expect(after?.should_be_over).toBeUndefined();
});
