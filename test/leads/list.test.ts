import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

/** L-1001 new, L-1002 qualified with a reminder, L-1003 disqualified, L-1004 unconfirmed, L-1005 converted. */
beforeAll(async () => {
  const { done, dana } = panes();
  const create = (data: Record<string, unknown>) => done(dana, 'lead.create', data);
  await create({
    full_name: 'Nora New',
    email: 'nora.new@example.com',
    tags: ['spring'],
    source: 'referral',
  });
  await create({
    full_name: 'Quentin Qualified',
    phone: '256 555 0401',
    line1: '9 Rock Cliff Pl',
    owner: 'Theo',
  });
  await done(dana, 'lead.set_status', { lead_id: 'L-1002', status: 'qualified' });
  await done(dana, 'lead.set_reminder', { lead_id: 'L-1002', reminder_at: '2026-11-19T09:00' });
  await create({ full_name: 'Dora Done', raw_notes: 'Too dear', extract: 'no' });
  await done(dana, 'lead.disqualify', { lead_id: 'L-1003', reason: 'budget' });
  await create({ raw_notes: 'Uwe asks for gutters', fields: { full_name: 'Uwe Unsure' } });
  await create({ full_name: 'Cora Customer' });
  await done(dana, 'lead.convert', { lead_id: 'L-1005' });
});

const list = async (query: Record<string, unknown>) =>
  (await panes().read(panes().dana, 'leads', { sort: 'created_at', ...query })).map(row => row.reference);

describe('the list of leads', () => {
  test.each([
    ['open', ['L-1001', 'L-1002', 'L-1004']],
    ['pending', ['L-1001', 'L-1004']],
    ['unconfirmed', ['L-1004']],
    ['reminder_due', []],
  ])('%s', async (filter, expected) => {
    expect(await list({ filter })).toEqual(expected);
  });

  test('shows what is to be done when a reminder is due, by the clock of the business', async () => {
    panes().setClock('2026-11-19T09:00:00-06:00');
    expect(await list({ filter: 'reminder_due' })).toEqual(['L-1002']);
    expect(await list({ filter: 'pending' })).toEqual(['L-1001', 'L-1002', 'L-1004']);
    panes().setClock('2026-11-18T08:00:00-06:00');
  });

  test.each<[Record<string, unknown>, string[]]>([
    [{ status: 'disqualified' }, ['L-1003']],
    [{ source: 'referral' }, ['L-1001']],
    [{ tag: 'spring' }, ['L-1001']],
    [{ owner_user_id: 'Theo' }, ['L-1002']],
    [{ contact_id: 'Cora Customer' }, ['L-1005']],
    [{ extraction_status: 'unconfirmed' }, ['L-1004']],
  ])('filtered by %j', async (params, expected) => {
    expect(await list({ params })).toEqual(expected);
  });

  test.each([
    ['Quentin Qualifed', ['L-1002']],
    ['rock cliff', ['L-1002']],
    ['(256) 555-0401', ['L-1002']],
    ['nora.new@example.com', ['L-1001']],
    ['too dear', ['L-1003']],
    ['L-1004', ['L-1004']],
  ])('searched for %s', async (search, expected) => {
    expect(await list({ search })).toEqual(expected);
  });

  test('finds a lead by a note on it', async () => {
    const { done, dana } = panes();
    await done(dana, 'note.create', { lead_id: 'L-1001', content: 'Has a greenhouse' });
    expect(await list({ search: 'greenhouse' })).toEqual(['L-1001']);
    expect(
      await panes().read(dana, 'leads', { id: 'L-1001', include: ['notes', 'interactions'] }),
    ).toMatchObject([{ notes: [{ content: 'Has a greenhouse' }], interactions: [{ type: 'note' }] }]);
  });

  test('is not for technicians and shows nothing of another business', async () => {
    const { theo, read, clear } = panes();
    expect(await refusal(read(theo, 'leads'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await read(clear.owner, 'leads')).toEqual([]);
  });
});

test('a lead is spoken of by name; a name of several has to be made clear', async () => {
  const { done, dana, act } = panes();
  const update = (lead_id: string) => act(dana, 'lead.update', { lead_id, urgency: 'high' });
  expect((await update('Nora New')).data).toMatchObject({ reference: 'L-1001' });
  for (const full_name of ['Sam Same', 'Sam Same']) await done(dana, 'lead.create', { full_name });
  expect(await refusal(update('Sam Same'))).toMatchObject({
    code: 'AMBIGUOUS',
    candidates: [
      { reference: expect.stringMatching(/^L-/), label: 'Sam Same' },
      { reference: expect.stringMatching(/^L-/), label: 'Sam Same' },
    ],
  });
});
