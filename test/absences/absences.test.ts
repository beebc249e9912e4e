import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

// Story: it is Wednesday, 2026-11-18. Theo is on vacation from Tuesday, 24 November, to Saturday.

const panes = useBrightPanes();

beforeEach(() => panes().setClock(storyTime));

const vacation = { member_id: 'Theo', kind: 'vacation', starts_at: '2026-11-24', ends_at: '2026-11-28' };
const away = 'Theo is away from Tue 2026-11-24 to Sat 2026-11-28 (vacation)';

/** Writes an absence down; answers its reference and what was warned of. */
async function absent(data: Record<string, unknown>) {
  const { dana, act } = panes();
  const outcome = await act(dana, 'absence.create', data);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return { reference: String(outcome.data.reference), row: outcome.data, warnings: outcome.warnings };
}

const remove = (absence_id: string) => panes().done(panes().dana, 'absence.delete', { absence_id });

const clocks = async (params: Record<string, unknown>) =>
  (await panes().read(panes().dana, 'availability', { params, limit: 100 })).map(
    row => `${row.technician} ${String(row.local).slice(0, 20)}`,
  );

describe('an absence', () => {
  test('is whole days, the last one too, and no time of them is offered', async () => {
    const before = await clocks({ technician_id: 'Theo', from: '2026-11-24', duration_minutes: 540 });
    expect(before).toHaveLength(5);
    const { reference, row } = await absent(vacation);
    expect(row).toMatchObject({ starts_at: '2026-11-24T06:00:00.000Z', ends_at: '2026-11-29T06:00:00.000Z' });
    const after = await clocks({ technician_id: 'Theo', from: '2026-11-24', duration_minutes: 540 });
    expect(after).toEqual(['Theo Mon 2026-11-30 08:00']);
    await remove(reference);
    expect(await clocks({ technician_id: 'Theo', from: '2026-11-24', duration_minutes: 540 })).toEqual(
      before,
    );
  });

  test('may be some hours of a day', async () => {
    const { reference } = await absent({
      member_id: 'Theo',
      reason: 'dentist',
      starts_at: '2026-11-24T08:00',
      ends_at: '2026-11-24T11:15',
    });
    const day = { technician_id: 'Theo', from: '2026-11-24', to: '2026-11-24', duration_minutes: 300 };
    expect(await clocks(day)).toEqual(['Theo Tue 2026-11-24 11:30', 'Theo Tue 2026-11-24 12:00']);
    await remove(reference);
  });

  test('is told with availability, so that nobody wonders about the missing days', async () => {
    const { dana, bright } = panes();
    const { reference } = await absent(vacation);
    const asked = { technician_id: bright.people.Theo?.id, from: '2026-11-24' };
    const outcome = await panes().app.read(
      dana,
      'availability',
      { params: asked },
      { request_id: crypto.randomUUID() },
    );
    expect(outcome.warnings).toEqual([`${away}.`]);
    await remove(reference);
  });

  test('refuses an agent’s booking with the reason and the next free times, and others can go', async () => {
    const { agent, act, done } = panes();
    const { reference } = await absent(vacation);
    const visit = { contact_id: 'Jane Smith', scheduled_at: '2026-11-24T09:00', duration_minutes: 60 };
    const said = await refusal(act(agent, 'ticket.create', { ...visit, technician_ids: ['Theo'] }));
    expect(said).toMatchObject({ code: 'CONFLICT', message: `${away}.`, field: 'scheduled_at' });
    expect(said.next_free).toEqual([
      expect.objectContaining({ technician: 'Theo', local: 'Mon 2026-11-30 08:00 -06:00' }),
      expect.anything(),
      expect.anything(),
    ]);
    const tess = await done(agent, 'ticket.create', { ...visit, technician_ids: ['Tess'] });
    expect(tess).toMatchObject({ technicians: [{ name: 'Tess' }] });
    await done(panes().dana, 'ticket.cancel', { ticket_id: tess.id });
    await remove(reference);
  });

  test('is overruled by a person, who is warned', async () => {
    const { dana, act, done } = panes();
    const { reference } = await absent(vacation);
    const outcome = await act(dana, 'ticket.create', {
      contact_id: 'Jane Smith',
      scheduled_at: '2026-11-24T09:00',
      technician_ids: ['Theo'],
    });
    expect(outcome).toMatchObject({
      status: 'done',
      warnings: [`${away}. It was booked all the same, as a person may.`],
    });
    if (outcome.status === 'done') await done(dana, 'ticket.cancel', { ticket_id: outcome.data.id });
    await remove(reference);
  });

  test('refuses an agent that moves, reassigns or rebooks into it', async () => {
    const { agent, dana, act, done, book } = panes();
    const { reference } = await absent(vacation);
    const monday = await book('2026-11-23T09:00', { technician_ids: ['Theo'] });
    const moved = act(agent, 'ticket.reschedule', { ticket_id: monday.id, scheduled_at: '2026-11-24T09:00' });
    expect(await refusal(moved)).toMatchObject({ code: 'CONFLICT', message: `${away}.` });
    const tuesday = await book('2026-11-24T09:00', { technician_ids: ['Tess'] });
    const given = act(agent, 'ticket.assign_technician', { ticket_id: tuesday.id, technician_id: 'Theo' });
    expect(await refusal(given)).toMatchObject({ code: 'CONFLICT', message: `${away}.` });
    await done(dana, 'ticket.cancel', { ticket_id: monday.id });
    const again = act(agent, 'ticket.rebook', { ticket_id: monday.id, scheduled_at: '2026-11-25T09:00' });
    expect(await refusal(again)).toMatchObject({ code: 'CONFLICT', message: `${away}.` });
    await done(agent, 'ticket.rebook', { ticket_id: monday.id, scheduled_at: '2026-11-30T09:00' });
    await remove(reference);
  });

  test('makes schedule_appointment send somebody else, and say who is away when nobody is left', async () => {
    const { agent, dana, done } = panes();
    const theo = await absent(vacation);
    const wish = { contact_id: 'Jane Smith', scheduled_at: '2026-11-25T09:00', notify_customer: false };
    const booked = await done(agent, 'schedule_appointment', wish);
    expect(booked).toMatchObject({ booked: true, who_goes: 'Tess' });
    await done(dana, 'ticket.cancel', { ticket_id: String(Object(booked.ticket).id) });
    const tess = await absent({ member_id: 'Tess', kind: 'sick', starts_at: '2026-11-25' });
    expect(await done(agent, 'schedule_appointment', wish)).toMatchObject({
      booked: false,
      busy: expect.arrayContaining([away, 'Tess is away Wed 2026-11-25 (sick)']),
      free_then: [],
    });
    await remove(theo.reference);
    await remove(tess.reference);
  });

  test('needs somebody, an end after its beginning, and days that exist', async () => {
    const { dana, act } = panes();
    const said = (data: Record<string, unknown>) => refusal(act(dana, 'absence.create', data));
    expect(await said({ starts_at: '2026-11-24' })).toMatchObject({ field: 'member_id' });
    expect(await said({ ...vacation, kind: 'closed' })).toMatchObject({ field: 'kind' });
    expect(await said({ ...vacation, ends_at: '2026-11-23' })).toMatchObject({ field: 'ends_at' });
    expect(await said({ ...vacation, ends_at: '2028-11-23' })).toMatchObject({ field: 'ends_at' });
    expect(await said({ ...vacation, starts_at: '2026-11-31' })).toMatchObject({ field: 'starts_at' });
    expect(await said({ member_id: 'Theo', starts_at: '2026-11-24T09:00' })).toMatchObject({
      field: 'ends_at',
    });
  });

  test('is read by technicians as far as it is their own, or everybody’s', async () => {
    const { theo, tess, read, act, bright } = panes();
    const own = await absent(vacation);
    const closed = await absent({ kind: 'closed', starts_at: '2026-12-24', reason: 'Christmas Eve' });
    const seen = async (who: typeof theo) => (await read(who, 'absences')).map(row => row.reference);
    expect(await seen(theo)).toEqual([own.reference, closed.reference]);
    expect(await seen(tess)).toEqual([closed.reference]);
    const wrote = act(tess, 'absence.create', { ...vacation, member_id: bright.people.Tess?.id });
    expect(await refusal(wrote)).toMatchObject({ code: 'FORBIDDEN' });
    await remove(own.reference);
    await remove(closed.reference);
  });
});

describe('visits that are booked when somebody says they are away', () => {
  const toPlace = async () =>
    (
      await panes().read(panes().dana, 'tickets', {
        filter: 'to_be_placed',
        fields: ['reference', 'to_place_why', 'scheduled_at'],
      })
    ).map(({ reference, to_place_why }) => [reference, to_place_why]);

  test('stay, are told in the answer, and are to be placed until the absence is gone', async () => {
    const { book, agent, done, read } = panes();
    const visit = await book('2026-11-24T10:00', { technician_ids: ['Theo'] });
    const other = await book('2026-11-24T10:00', { technician_ids: ['Tess'] });
    const { reference, warnings } = await absent(vacation);
    expect(warnings).toEqual([
      `Booked then, and to be placed anew: ${visit.reference} «Jane Smith» Tue 2026-11-24 10:00.`,
    ]);
    expect(await toPlace()).toEqual([[visit.reference, away]]);
    const [row] = await read(panes().dana, 'tickets', { id: String(visit.id), include: ['technicians'] });
    expect(row).toMatchObject({ scheduled_at: '2026-11-24T16:00:00.000Z', technicians: [{ name: 'Theo' }] });
    const briefing = await done(agent, 'daily_briefing', { date: '2026-11-23' });
    expect(JSON.stringify(briefing.to_be_placed)).toContain(String(visit.reference));
    await remove(reference);
    expect(await toPlace()).toEqual([]);
    for (const { id } of [visit, other]) await done(panes().dana, 'ticket.cancel', { ticket_id: id });
  });

  test('are settled by giving them to somebody else or moving them', async () => {
    const { book, dana, done } = panes();
    const given = await book('2026-11-24T10:00', { technician_ids: ['Theo'] });
    const moved = await book('2026-11-25T10:00', { technician_ids: ['Theo'] });
    const { reference } = await absent(vacation);
    expect(await toPlace()).toHaveLength(2);
    await done(dana, 'ticket.assign_technician', { ticket_id: given.id, technician_id: 'Tess' });
    expect(await toPlace()).toContainEqual([given.reference, away]);
    await done(dana, 'ticket.unassign_technician', { ticket_id: given.id, technician_id: 'Theo' });
    await done(dana, 'ticket.reschedule', { ticket_id: moved.id, scheduled_at: '2026-11-30T10:00' });
    expect(await toPlace()).toEqual([]);
    await remove(reference);
    for (const { id } of [given, moved]) await done(dana, 'ticket.cancel', { ticket_id: id });
  });

  test('follow the absence when its days change, and when it comes back', async () => {
    const { book, dana, done } = panes();
    const visit = await book('2026-11-27T10:00', { technician_ids: ['Theo'] });
    const { reference } = await absent({ ...vacation, ends_at: '2026-11-25' });
    expect(await toPlace()).toEqual([]);
    await done(dana, 'absence.update', { absence_id: reference, ends_at: '2026-11-28' });
    expect(await toPlace()).toEqual([[visit.reference, away]]);
    await remove(reference);
    expect(await toPlace()).toEqual([]);
    await done(dana, 'absence.restore', { absence_id: reference });
    expect(await toPlace()).toEqual([[visit.reference, away]]);
    await remove(reference);
    await done(dana, 'ticket.cancel', { ticket_id: visit.id });
  });
});

describe('a closed day', () => {
  test('is everybody’s: nothing is offered, and agents book nothing, not even for nobody', async () => {
    const { agent, act, dana, book, done } = panes();
    const unassigned = await book('2026-11-26T09:00', {});
    const { reference, warnings } = await absent({
      kind: 'holiday',
      starts_at: '2026-11-26',
      reason: 'Thanksgiving Day',
    });
    expect(warnings[0]).toContain(String(unassigned.reference));
    expect(await clocks({ from: '2026-11-26', to: '2026-11-26' })).toEqual([]);
    const wish = { contact_id: 'Jane Smith', scheduled_at: '2026-11-26T13:00', duration_minutes: 60 };
    const closed = { code: 'CONFLICT', message: 'We are closed Thu 2026-11-26 (Thanksgiving Day).' };
    expect(await refusal(act(agent, 'ticket.create', wish))).toMatchObject(closed);
    expect(await refusal(act(agent, 'ticket.create', { ...wish, technician_ids: ['Tess'] }))).toMatchObject(
      closed,
    );
    const byHand = await act(dana, 'ticket.create', { ...wish, technician_ids: ['Tess'] });
    expect(byHand).toMatchObject({ status: 'done', warnings: [expect.stringContaining('We are closed')] });
    await remove(reference);
    await done(agent, 'ticket.create', wish);
  });
});

describe('the federal holidays of a year', () => {
  test('are added at once as far as they are to come and the business would be open, and never twice', async () => {
    const { dana, done, clear, act } = panes();
    const { added } = await done(dana, 'absence.add_holidays', { year: 2026 });
    expect(added).toEqual([
      expect.objectContaining({ date: '2026-11-26', name: 'Thanksgiving Day' }),
      expect.objectContaining({ date: '2026-12-25', name: 'Christmas Day' }),
    ]);
    expect(await done(dana, 'absence.add_holidays', { year: 2026 })).toEqual({ added: [] });
    expect(await act(clear.owner, 'absence.add_holidays', { year: 2026 })).toMatchObject({ status: 'done' });
    const next = await done(dana, 'absence.add_holidays', { year: 2027 });
    expect(JSON.stringify(next)).toContain('Independence Day (observed)');
    // Independence Day of 2027 is a Sunday, on which nobody works anyway.
    expect(JSON.stringify(next)).not.toContain('2027-07-04');
    const rows = [...Object(added), ...Object(next).added];
    for (const { reference } of rows) await remove(String(reference));
  });
});

describe('working hours of one person', () => {
  test('stand in the place of those of the business, for free times and for what an agent books', async () => {
    const { olivia, agent, done, act } = panes();
    await done(olivia, 'member.set_working_hours', {
      member_id: 'Theo',
      days: { tue: [['12:00', '20:00']], wed: [] },
    });
    const long = { technician_id: 'Theo', from: '2026-12-01', to: '2026-12-03', duration_minutes: 480 };
    expect(await clocks(long)).toEqual([
      'Theo Tue 2026-12-01 12:00',
      'Theo Thu 2026-12-03 08:00',
      'Theo Thu 2026-12-03 08:30',
      'Theo Thu 2026-12-03 09:00',
    ]);
    const visit = { contact_id: 'Jane Smith', technician_ids: ['Theo'], duration_minutes: 60 };
    const at = (scheduled_at: string) => act(agent, 'ticket.create', { ...visit, scheduled_at });
    expect(await refusal(at('2026-12-01T09:00'))).toMatchObject({
      message: 'Theo works from 12:00 to 20:00 on Tue 2026-12-01.',
    });
    expect(await refusal(at('2026-12-02T09:00'))).toMatchObject({
      message: 'Theo does not work on Wed 2026-12-02, by hours of their own.',
    });
    expect(await at('2026-12-01T19:00')).toMatchObject({ status: 'done' });
    await done(olivia, 'member.set_working_hours', { member_id: 'Theo', as_business: ['tue', 'wed'] });
    expect(await at('2026-12-02T09:00')).toMatchObject({ status: 'done' });
  });

  test('are for people who take visits, and for hours that exist', async () => {
    const { olivia, act } = panes();
    const said = (data: Record<string, unknown>) => refusal(act(olivia, 'member.set_working_hours', data));
    expect(await said({ member_id: 'Dana', days: { mon: [] } })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await said({ member_id: 'Theo', days: { mon: [['12:00', '09:00']] } })).toMatchObject({
      field: 'days.mon',
    });
    expect(await said({ member_id: 'Theo' })).toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('of a booking and an absence at the same moment', () => {
  test('one sees the other: the visit is refused, or it is told and to be placed', async () => {
    const { agent, dana, act, done } = panes();
    for (const n of [1, 2, 3, 4]) {
      const day = `2027-01-${String(10 + n).padStart(2, '0')}`;
      const visit = { contact_id: 'Jane Smith', scheduled_at: `${day}T09:00`, technician_ids: ['Theo'] };
      const [booked, absence] = await Promise.all([
        act(agent, 'ticket.create', { ...visit, duration_minutes: 60 }).catch(() => undefined),
        absent({ member_id: 'Theo', starts_at: day }),
      ]);
      const isTold = absence.warnings.some(text => text.includes('to be placed'));
      expect([day, isTold]).toEqual([day, booked?.status === 'done']);
      if (booked?.status === 'done') await done(dana, 'ticket.cancel', { ticket_id: booked.data.id });
    }
  });
});
