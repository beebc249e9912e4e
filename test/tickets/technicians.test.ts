import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('a technician is sent to a visit by name, and the history tells who sent whom', async () => {
  const { book, agent, done, read, bright } = panes();
  const before = await book('2026-11-23T09:00');
  const after = await done(agent, 'ticket.assign_technician', { ticket_id: 'T-2001', technician: 'theo' });
  const theo = bright.people.Theo?.id;
  expect(after).toEqual({ ...before, technicians: [{ id: theo, name: 'Theo' }] });
  const [visit] = await read(agent, 'tickets', { id: 'T-2001', include: ['audit_trail', 'technicians'] });
  expect(visit?.technicians).toEqual([{ id: theo, name: 'Theo' }]);
  const [entry] = Array.isArray(visit?.audit_trail) ? visit.audit_trail : [];
  expect(entry).toMatchObject({
    action: 'assign_technician',
    actor_name: 'Office Manager',
    changes: { technician_id: { old: null, new: theo } },
  });
});

test('two technicians go to one visit together', async () => {
  const { book, dana, done } = panes();
  const { id } = await book('2026-11-24T09:00', { technician_ids: ['Tess', 'Theo'] });
  const again = await done(dana, 'ticket.unassign_technician', { ticket_id: id, technician_id: 'Tess' });
  expect(again).toMatchObject({ technicians: [{ name: 'Theo' }] });
  expect(
    await done(dana, 'ticket.assign_technician', { ticket_id: id, technician_id: 'Tess' }),
  ).toMatchObject({ technicians: [{ name: 'Tess' }, { name: 'Theo' }] });
});

test('who is sent twice to one visit, by two people at once even, goes once, and it is said', async () => {
  const { book, dana, olivia, act } = panes();
  const { id } = await book('2026-11-25T09:00');
  const assign = { ticket_id: id, technician_id: 'Theo' };
  const { won, refused } = await race(
    [dana, olivia].map(who => act(who, 'ticket.assign_technician', assign)),
  );
  expect(won.flatMap(({ warnings }) => warnings)).toEqual([
    expect.stringMatching(/^Theo was on T-\d+ already\.$/),
  ]);
  expect(refused).toEqual([]);
  expect((await act(dana, 'ticket.assign_technician', assign)).data).toMatchObject({
    technicians: [{ name: 'Theo' }],
  });
});

test('“give the visits to Tess” is one call, whoever is on which of them', async () => {
  const { book, agent, dana, act, read } = panes();
  const mine = String((await book('2026-12-07T09:00', { technician_ids: ['Tess', 'Theo'] })).reference);
  const his = String((await book('2026-12-07T13:00', { technician_ids: ['Theo'] })).reference);
  const give = (more: object) =>
    act(agent, 'ticket.assign_technician', { technician: 'Tess', tickets: [mine, his], ...more });
  const crews = async () =>
    Promise.all(
      [mine, his].map(async id => {
        const [visit] = await read(dana, 'tickets', { id, include: ['technicians'] });
        return visit?.technicians;
      }),
    );
  const besides = await give({});
  expect(besides.warnings).toEqual([
    `Tess was on ${mine} already.`,
    expect.stringMatching(new RegExp(`^Theo still goes to ${mine} too; instead_of `)),
    expect.stringMatching(new RegExp(`^Theo still goes to ${his} too; instead_of `)),
  ]);
  const both = [expect.objectContaining({ name: 'Tess' }), expect.objectContaining({ name: 'Theo' })];
  expect(await crews()).toEqual([both, both]);
  await give({ instead_of: 'Theo' });
  expect(await crews()).toMatchObject([[{ name: 'Tess' }], [{ name: 'Tess' }]]);
  expect((await give({ instead_of: 'Theo' })).warnings).toContain(`Theo was not on ${his}.`);
  await act(dana, 'ticket.assign_technician', { ticket: his, technician: 'Theo', alone: true });
  expect(await crews()).toMatchObject([[{ name: 'Tess' }], [{ name: 'Theo' }]]);
});

test('nobody takes the place of who works there right now', async () => {
  const { book, dana, theo, act, done } = panes();
  const { id } = await book('2026-11-18T14:00', { technician_ids: ['Theo'] });
  const swap = () =>
    act(dana, 'ticket.assign_technician', { ticket_id: id, technician_id: 'Tess', instead_of: 'Theo' });
  await done(theo, 'ticket.clock_in', { ticket_id: id });
  expect(await refusal(swap())).toMatchObject({ code: 'INVALID_STATE' });
  await done(theo, 'ticket.clock_out', { ticket_id: id });
  expect((await swap()).data).toMatchObject({ technicians: [{ name: 'Tess' }] });
});

test('who does not take visits, or is not known, is not sent', async () => {
  const { book, dana, olivia, act, done } = panes();
  const { id } = await book('2026-11-26T09:00');
  const assign = (technician_id: string) =>
    act(dana, 'ticket.assign_technician', { ticket_id: id, technician_id });
  expect(await refusal(assign('Dana'))).toMatchObject({
    code: 'INVALID_STATE',
    message: 'Dana does not take visits.',
    hint: 'Choose a member with is_bookable, or have the owner change that.',
  });
  expect(await refusal(assign('Thorsten'))).toMatchObject({ code: 'NOT_FOUND', field: 'technician_id' });
  await done(olivia, 'member.update', { member_id: 'Dana', is_bookable: true });
  expect((await assign('Dana')).status).toBe('done');
  await done(olivia, 'member.update', { member_id: 'Dana', is_bookable: false });
});

test('a name that fits two people is answered with both', async () => {
  const { book, dana, olivia, act, done } = panes();
  const { id } = await book('2026-11-27T09:00');
  const twin = { name: 'Theo Younger', email: 'theo2@brightpanes.example', role: 'technician' };
  await done(olivia, 'member.create', twin);
  const assign = (technician_id: string) =>
    act(dana, 'ticket.assign_technician', { ticket_id: id, technician_id });
  expect(await refusal(assign('The'))).toMatchObject({
    code: 'AMBIGUOUS',
    field: 'technician_id',
    candidates: [
      { reference: 'theo@brightpanes.example', label: 'Theo' },
      { reference: 'theo2@brightpanes.example', label: 'Theo Younger' },
    ],
  });
  expect((await assign('Theo')).status).toBe('done');
  expect((await assign('theo2@brightpanes.example')).status).toBe('done');
  await done(olivia, 'member.delete', { member_id: 'theo2@brightpanes.example' });
});

test('who is not on the visit cannot be taken off it', async () => {
  const { book, dana, act } = panes();
  const { id } = await book('2026-11-30T09:00', { technician_ids: ['Theo'] });
  const off = (technician_id: string) =>
    act(dana, 'ticket.unassign_technician', { ticket_id: id, technician_id });
  expect(await refusal(off('Tess'))).toMatchObject({ code: 'NOT_FOUND', field: 'technician_id' });
  expect((await off('Theo')).status).toBe('done');
  expect(await refusal(off('Theo'))).toMatchObject({ code: 'NOT_FOUND' });
});

test('who is clocked in on the visit is clocked out first', async () => {
  const { book, dana, theo, act, done } = panes();
  const { id } = await book('2026-11-18T09:00', { technician_ids: ['Theo'] });
  await done(theo, 'ticket.clock_in', { ticket_id: id });
  const off = { ticket_id: id, technician_id: 'Theo' };
  expect(await refusal(act(dana, 'ticket.unassign_technician', off))).toEqual({
    code: 'INVALID_STATE',
    message: 'This technician is clocked in on the visit.',
    field: 'technician_id',
    hint: 'Clock them out first with ticket.clock_out.',
  });
  await done(theo, 'ticket.clock_out', { ticket_id: id });
  expect((await act(dana, 'ticket.unassign_technician', off)).status).toBe('done');
});

test('technicians do not send each other around', async () => {
  const { book, theo, dana, act } = panes();
  const { id } = await book('2026-12-01T09:00', { technician_ids: ['Theo'] });
  for (const [action, technician_id] of [
    ['ticket.assign_technician', 'Tess'],
    ['ticket.unassign_technician', 'Theo'],
  ] as const) {
    const data = { ticket_id: id, technician_id };
    expect(await refusal(act(theo, action, data))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await act(dana, action, data)).status).toBe('done');
  }
});
