import { expect, test } from 'vitest';
import { createTools } from '../../mcp/tools/index.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

/** What the office asks for; answers what it is told. */
async function ask(data: Record<string, unknown>): Promise<Record<string, unknown>> {
  const outcome = await panes().act(panes().dana, 'schedule_appointment', data);
  return Object(outcome.data);
}

const slotsOf = (answer: Record<string, unknown>): { starts_at: string; free: string[] }[] =>
  Object(answer).slots;

test('when the wanted technician is busy, it says with what, who else is free, and when Theo is', async () => {
  const { book } = panes();
  const busy = await book('2026-11-23T09:00', { technician_ids: ['Theo'], duration_minutes: 240 });
  const answer = await ask({
    contact_id: 'Mrs Hart',
    duration_minutes: 60,
    scheduled_at: '2026-11-23T10:00',
    technician_id: 'Theo',
  });
  expect(answer).toEqual({
    booked: false,
    busy: [expect.stringMatching(new RegExp(`^Theo is on ${busy.reference} «.+» from 09:00 to 13:00$`))],
    free_then: ['Tess'],
    slots: [
      { starts_at: '2026-11-23T14:00:00Z', free: ['Theo'] },
      { starts_at: '2026-11-23T19:00:00Z', free: ['Theo'] },
      { starts_at: '2026-11-23T19:30:00Z', free: ['Theo'] },
      { starts_at: '2026-11-23T20:00:00Z', free: ['Theo'] },
    ],
    hint: 'Nothing is booked: Theo is busy then. The slots are the nearest times Theo is free; free_then says who else could go at that time (set technician_id).',
  });
  expect(
    await ask({ contact_id: 'Mrs Hart', duration_minutes: 60, scheduled_at: '2026-11-23T10:00' }),
  ).toMatchObject({
    booked: true,
    ticket: { technicians: [{ name: 'Tess' }] },
  });
});

test('when everybody is busy, it says that nobody is free, and with what', async () => {
  const { book } = panes();
  const first = await book('2026-11-24T09:00', { technician_ids: ['Theo'] });
  const second = await book('2026-11-24T08:30', { technician_ids: ['Tess'], duration_minutes: 90 });
  const answer = await ask({
    contact_id: 'Mrs Hart',
    duration_minutes: 30,
    scheduled_at: '2026-11-24T09:15',
  });
  expect(answer).toMatchObject({
    booked: false,
    busy: expect.arrayContaining([
      expect.stringMatching(new RegExp(`^Theo is on ${first.reference} «.+» from 09:00 to 10:00$`)),
      expect.stringMatching(new RegExp(`^Tess is on ${second.reference} «.+» from 08:30 to 10:00$`)),
    ]),
    free_then: [],
    hint: 'Nothing is booked: nobody is free then. The slots are the nearest free times.',
  });
  expect(slotsOf(answer)).toContainEqual({ starts_at: '2026-11-24T16:00:00Z', free: ['Tess', 'Theo'] });
});

test('somebody who is away for weeks is said to be, with those who could go', async () => {
  const { book, done, olivia } = panes();
  await done(olivia, 'member.create', { name: 'Tim', email: 'tim@brightpanes.example', role: 'technician' });
  await book('2027-03-01T00:00', { technician_ids: ['Tim'], duration_minutes: 1440 });
  for (let day = 2; day <= 14; day += 1)
    await book(`2027-03-${String(day).padStart(2, '0')}T00:00`, {
      technician_ids: ['Tim'],
      duration_minutes: 1440,
    });
  const wish = { contact_id: 'Mrs Hart', duration_minutes: 60, scheduled_at: '2027-03-01T09:00' };
  expect(
    await refusal(panes().act(panes().dana, 'schedule_appointment', { ...wish, technician_id: 'Tim' })),
  ).toMatchObject({
    code: 'CONFLICT',
    message: 'Tim is busy then, and there is no free time in the two weeks after; Tess, Theo could go then.',
  });
});

test('free times are spread over the wished days, each with all who are free', async () => {
  const answer = await ask({
    contact_id: 'Mrs Hart',
    duration_minutes: 60,
    from: '2026-12-07',
    to: '2026-12-09',
  });
  const slots = slotsOf(answer);
  expect(slots.map(({ starts_at }) => starts_at.slice(0, 10))).toEqual([
    '2026-12-07',
    '2026-12-07',
    '2026-12-08',
    '2026-12-08',
    '2026-12-09',
    '2026-12-09',
  ]);
  expect(slots[0]).toEqual({ starts_at: '2026-12-07T14:00:00Z', free: ['Tess', 'Theo', 'Tim'] });
  expect(slots[1]?.starts_at).toBe('2026-12-07T18:30:00Z');
  const week = slotsOf(
    await ask({ contact_id: 'Mrs Hart', duration_minutes: 60, from: '2026-12-07', to: '2026-12-20' }),
  );
  expect(new Set(week.map(({ starts_at }) => starts_at.slice(0, 10))).size).toBe(6);
});

test('what the customer likes comes first, is said, and chooses the technician', async () => {
  const { done, dana } = panes();
  await done(dana, 'contact.set_preferences', {
    contact_id: 'C-1001',
    time_of_day: 'afternoon',
    days: ['tue', 'thu'],
    technician_id: 'Theo',
  });
  const wish = { contact_id: 'C-1001', duration_minutes: 60 };
  const answer = await ask({ ...wish, from: '2026-12-14', to: '2026-12-18' });
  expect(answer.customer_likes).toBe('afternoons, Tue or Thu, with Theo');
  const slots = slotsOf(answer);
  expect(new Set(slots.map(({ starts_at }) => starts_at.slice(0, 10)))).toEqual(
    new Set(['2026-12-15', '2026-12-17']),
  );
  expect(slots[0]).toEqual({ starts_at: '2026-12-15T18:00:00Z', free: ['Theo', 'Tess', 'Tim'] });
  // What is asked for now counts more than what was once said.
  const [morning] = slotsOf(
    await ask({ ...wish, from: '2026-12-14', to: '2026-12-18', preference: 'morning' }),
  );
  expect(morning).toMatchObject({ starts_at: '2026-12-15T14:00:00Z' });
  expect(await ask({ ...wish, scheduled_at: '2026-12-15T13:00' })).toMatchObject({
    booked: true,
    customer_likes: 'afternoons, Tue or Thu, with Theo',
    ticket: { technicians: [{ name: 'Theo' }] },
  });
});

test('a preview of a booking that would not be is a refusal that says why, and no “0 rows”', async () => {
  const { act, book, agent } = panes();
  const busy = await book('2027-01-05T09:00', { technician_ids: ['Theo'] });
  const wish = { contact_id: 'Mrs Hart', duration_minutes: 60, technician_id: 'Theo' };
  const preview = (scheduled_at: string) =>
    act(agent, 'schedule_appointment', { ...wish, scheduled_at }, { preview: true });
  expect(await refusal(preview('2027-01-05T09:00'))).toMatchObject({
    code: 'CONFLICT',
    message: 'This would book nothing: the time is taken.',
    busy: [expect.stringMatching(new RegExp(`^Theo is on ${busy.reference} «.+» from 09:00 to 10:00$`))],
    free_then: expect.arrayContaining(['Tess']),
  });
  const { status, data } = await preview('2027-01-05T10:00');
  expect(status).toBe('preview');
  expect(data).toMatchObject({ result: { booked: true, who_goes: 'Theo' } });
});

test('an agent that previews sees each row once, as many as are counted', async () => {
  const { app, bright } = panes();
  const tool = createTools(app, 'https://crm.example.com').find(
    ({ name }) => name === 'schedule_appointment',
  );
  const answer = await tool?.call(
    { contact_id: 'C-1001', lines: ['Gutter Cleaning'], scheduled_at: '2027-01-06T09:00', preview: true },
    { credential: bright.agent.key, request_id: crypto.randomUUID(), signal: new AbortController().signal },
  );
  const { would_change, affected_rows, changes_omitted } = Object(answer?.structured.data);
  expect(changes_omitted).toBeUndefined();
  expect(would_change).toHaveLength(affected_rows);
  expect(affected_rows).toBeGreaterThan(1);
});
