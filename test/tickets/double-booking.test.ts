import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asApplication, asTableOwner } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const forTheo = { technician_ids: ['Theo'] };
const ofTheo = 'ticket_technicians_no_overlap';

const times = z.array(z.object({ technician: z.string(), starts_at: z.string(), local: z.string() }));

describe('a technician who is on a visit', () => {
  test('cannot be booked over it; the refusal names that visit and times that are really free', async () => {
    const { book, dana, done } = panes();
    await book('2026-11-23T09:00', { ...forTheo, duration_minutes: 120 });
    const clash = await refusal(book('2026-11-23T10:00', { ...forTheo, duration_minutes: 90 }));
    expect(clash).toEqual({
      code: 'CONFLICT',
      message: 'Theo is on T-2001 from Mon 2026-11-23 09:00 -06:00 until 11:00.',
      field: 'scheduled_at',
      conflicting_ticket: 'T-2001',
      technician: 'Theo',
      next_free: [
        { technician: 'Theo', starts_at: '2026-11-23T17:00:00Z', local: 'Mon 2026-11-23 11:00 -06:00' },
        { technician: 'Theo', starts_at: '2026-11-23T17:30:00Z', local: 'Mon 2026-11-23 11:30 -06:00' },
        { technician: 'Theo', starts_at: '2026-11-23T18:00:00Z', local: 'Mon 2026-11-23 12:00 -06:00' },
      ],
      hint: 'Take one of next_free, another technician, or look at availability.',
    });
    for (const { starts_at } of times.parse(clash.next_free)) {
      const { id } = await book(starts_at, { ...forTheo, duration_minutes: 90 });
      await done(dana, 'ticket.cancel', { ticket_id: id });
    }
  });

  test('may be booked back to back with it, and another technician at the same time', async () => {
    const { book } = panes();
    expect(await book('2026-11-23T08:00', forTheo)).toMatchObject({ duration_minutes: 60 });
    expect(await book('2026-11-23T11:00', forTheo)).toMatchObject({ duration_minutes: 60 });
    expect(await book('2026-11-23T09:00', { technician_ids: ['Tess'] })).toMatchObject({
      status: 'scheduled',
    });
    expect(await refusal(book('2026-11-23T08:59', forTheo))).toMatchObject({ code: 'CONFLICT' });
    expect(await refusal(book('2026-11-23T10:59', forTheo))).toMatchObject({
      code: 'CONFLICT',
      conflicting_ticket: 'T-2001',
    });
  });

  test('is offered together with the others of the visit: the free times suit all of them', async () => {
    const { book } = panes();
    await book('2026-11-24T08:00', { ...forTheo, duration_minutes: 120 });
    await book('2026-11-24T10:00', { technician_ids: ['Tess'], duration_minutes: 240 });
    const both = { technician_ids: ['Theo', 'Tess'] };
    const clash = await refusal(book('2026-11-24T08:30', both));
    expect(clash).toMatchObject({ technician: 'Theo', conflicting_ticket: expect.any(String) });
    const [next] = times.parse(clash.next_free);
    expect(next).toMatchObject({ technician: 'Theo, Tess', local: 'Tue 2026-11-24 14:00 -06:00' });
    expect(await book(String(next?.starts_at), both)).toMatchObject({ status: 'scheduled' });
  });
});

describe('no way leads to two visits at once', () => {
  test('not by sending the technician to a visit that overlaps', async () => {
    const { book, dana, act, done } = panes();
    const one = await book('2026-11-25T09:00', forTheo);
    const other = await book('2026-11-25T09:30');
    const assign = { ticket_id: other.id, technician_id: 'Theo' };
    expect(await refusal(act(dana, 'ticket.assign_technician', assign))).toMatchObject({
      code: 'CONFLICT',
      conflicting_ticket: one.reference,
    });
    expect(await done(dana, 'ticket.assign_technician', { ...assign, technician_id: 'Tess' })).toMatchObject({
      technicians: [{ name: 'Tess' }],
    });
  });

  test('not by moving a visit, and not by making it longer', async () => {
    const { book, dana, act, done } = panes();
    const first = await book('2026-11-26T09:00', forTheo);
    const second = await book('2026-11-26T10:00', forTheo);
    const change = (more: Record<string, unknown>) =>
      act(dana, 'ticket.reschedule', { ticket_id: first.id, ...more });
    const clash = { code: 'CONFLICT', conflicting_ticket: second.reference };
    expect(await refusal(change({ scheduled_at: '2026-11-26T09:15' }))).toMatchObject(clash);
    expect(await refusal(change({ duration_minutes: 61 }))).toMatchObject(clash);
    expect(
      await done(dana, 'ticket.reschedule', { ticket_id: first.id, duration_minutes: 45 }),
    ).toMatchObject({
      duration_minutes: 45,
      ends_at: '2026-11-26T15:45:00.000Z',
    });
    expect((await change({ scheduled_at: '2026-11-26T09:15' })).status).toBe('done');
  });

  test('not by removing and restoring the technician in between', async () => {
    const { book, olivia, done } = panes();
    const first = await book('2026-11-27T09:00', forTheo);
    const theo = panes().bright.people.Theo?.id;
    await done(olivia, 'member.delete', { member_id: theo });
    expect(await refusal(book('2026-11-27T09:00', { technician_ids: [theo] }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await done(olivia, 'member.restore', { member_id: theo });
    expect(await refusal(book('2026-11-27T09:00', forTheo))).toMatchObject({
      code: 'CONFLICT',
      conflicting_ticket: first.reference,
    });
  });

  test('not by the workflow of the agent, which sends who is free', async () => {
    const { agent, done } = panes();
    const wish = { contact_id: 'C-1001', scheduled_at: '2026-11-30T09:00', duration_minutes: 60 };
    const booked = z.object({ ticket: z.object({ technicians: z.array(z.object({ name: z.string() })) }) });
    const who = async () =>
      booked.parse(await done(agent, 'schedule_appointment', wish)).ticket.technicians[0]?.name;
    expect([await who(), await who()]).toEqual(['Tess', 'Theo']);
    expect(await done(agent, 'schedule_appointment', wish)).toMatchObject({ booked: false });
  });

  test('not by SQL with the rights of the application', async () => {
    const { book, bright, database } = panes();
    await book('2026-12-01T09:00', forTheo);
    const later = await book('2026-12-01T11:00', forTheo);
    const alone = await book('2026-12-01T09:30');
    const theo = String(bright.people.Theo?.id);
    const moveTo = (time: string) => sql`
      update tickets
      set scheduled_at = ${time}::timestamptz, ends_at = ${time}::timestamptz + interval '1 hour'
      where reference = ${String(later.reference)}`;
    const assign = (ticket: unknown) => sql`
      insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
      values (${bright.id}::uuid, gen_random_uuid(), ${String(ticket)}::uuid, ${theo}::uuid, 'empty', false)`;
    const run = (statement: ReturnType<typeof sql>) => asApplication(panes(), bright, statement);
    await expect(run(moveTo('2026-12-01T09:30-06'))).rejects.toMatchObject({ constraint: ofTheo });
    await expect(run(assign(alone.id))).rejects.toMatchObject({ constraint: ofTheo });
    expect(await run(moveTo('2026-12-01T10:00-06'))).toBe(1);
    const free = await book('2026-12-01T13:00');
    expect(await run(assign(free.id))).toBe(1);
    const { rows } = await database.owner.query(
      `select to_char(lower(period) at time zone 'America/Chicago', 'HH24:MI') as starts, is_active
      from ticket_technicians
      where ticket_id = $1`,
      [free.id],
    );
    expect(rows).toEqual([{ starts: '13:00', is_active: true }]);
    await expect(
      run(sql`update ticket_technicians set is_active = false where technician_id = ${theo}::uuid`),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('not by SQL of the owner of the tables either, short of removing the rule', async () => {
    const { book, bright } = panes();
    const one = await book('2026-12-02T09:00', forTheo);
    const other = await book('2026-12-02T09:00');
    const theo = bright.people.Theo?.id;
    const assign = `
      insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
      values ($1, gen_random_uuid(), $2, $3, 'empty', false)`;
    await expect(asTableOwner(panes(), assign, [bright.id, other.id, theo])).rejects.toMatchObject({
      constraint: ofTheo,
    });
    // The time of a technician is the visit's, whatever a statement says.
    await asTableOwner(panes(), `update ticket_technicians set is_active = false where ticket_id = $1`, [
      one.id,
    ]);
    await expect(asTableOwner(panes(), assign, [bright.id, other.id, theo])).rejects.toMatchObject({
      constraint: ofTheo,
    });
    const tess = bright.people.Tess?.id;
    expect((await asTableOwner(panes(), assign, [bright.id, other.id, tess])).rowCount).toBe(1);
  });
});

describe('time that becomes free', () => {
  test('can be booked again as soon as the visit is cancelled, moved or left to others', async () => {
    const { book, dana, done } = panes();
    const visits: Record<string, string> = {
      'ticket.cancel': '2026-12-03T09:00',
      'ticket.reschedule': '2026-12-03T11:00',
      'ticket.unassign_technician': '2026-12-03T13:00',
    };
    const more: Record<string, Record<string, unknown>> = {
      'ticket.reschedule': { scheduled_at: '2026-12-03T15:00' },
      'ticket.unassign_technician': { technician_id: 'Theo' },
    };
    for (const [action, time] of Object.entries(visits)) {
      const { id } = await book(time, forTheo);
      expect(await refusal(book(time, forTheo))).toMatchObject({ code: 'CONFLICT' });
      await done(dana, action, { ticket_id: id, ...more[action] });
      expect(await book(time, forTheo)).toMatchObject({ technicians: [{ name: 'Theo' }] });
    }
  });
});

describe('many at once', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index);

  test('twenty bookings of one time give one visit', async () => {
    const { book } = panes();
    const { won, refused } = await race(twenty.map(() => book('2026-12-04T09:00', forTheo)));
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array(19).fill('CONFLICT'));
  });

  test('twenty visits that want the same technician get one', async () => {
    const { book, dana, act } = panes();
    const visits = await Promise.all(twenty.map(() => book('2026-12-07T09:00')));
    const { won, refused } = await race(
      visits.map(({ id }) => act(dana, 'ticket.assign_technician', { ticket_id: id, technician_id: 'Theo' })),
    );
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array(19).fill('CONFLICT'));
  });

  test('of visits that are moved into the same hour at once, one arrives', async () => {
    const { book, dana, act } = panes();
    const hours = ['08', '09', '10', '11', '12', '13', '14', '15'];
    const visits = await Promise.all(hours.map(hour => book(`2026-12-08T${hour}:00`, forTheo)));
    const { won, refused } = await race(
      visits.map(({ id }) =>
        act(dana, 'ticket.reschedule', { ticket_id: id, scheduled_at: '2026-12-09T09:00' }),
      ),
    );
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array(7).fill('CONFLICT'));
  });
});
