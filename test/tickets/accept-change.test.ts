import { beforeAll, describe, expect, test } from 'vitest';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { refusal } from '../support/refusal.ts';
import { answer, mailsOf, replyPage } from '../support/reply.ts';

const front = useHttp();
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
});

/** A visit whose customer has asked for another time, by the page of the mail. */
async function asked(date: string, fields: Record<string, string>) {
  const { id } = await panes.book(`${date}T10:00`, { notify_customer: true, technician_ids: ['Theo'] });
  const page = await replyPage(panes, front().url, id);
  expect((await answer(page, { choice: 'modify_requested', ...fields })).status).toBe(200);
  return String(id);
}
const visitOf = async (id: string) =>
  (await panes.read(panes.dana, 'tickets', { id, include: ['technicians'] }))[0];
const waiting = async (id: string) => (await mailsOf(panes, id)).filter(mail => mail.includes(' pending '));
const followUps = async (id: string) =>
  (await panes.read(panes.dana, 'interactions', { params: { ticket_id: id } })).map(
    row => row.follow_up_status,
  );

describe('a customer who asked for another time', () => {
  test('gets it with one call of the agent: moved, agreed, told, reminded of the new day', async () => {
    const id = await asked('2026-12-01', { time: '2026-12-03T20:00:00Z' });
    const outcome = await panes.act(panes.agent, 'ticket.accept_change', { ticket_id: id });
    expect(outcome.status).toBe('done');
    expect(outcome.data).toMatchObject({
      scheduled_local: 'Thu 2026-12-03 14:00 -06:00',
      confirmation_status: 'accepted',
      asked_for_at: null,
      customer_told: 'mailed to «jane.smith@example.com»',
      technicians: [{ name: 'Theo' }],
    });
    expect(await waiting(id)).toEqual(['reminder pending 2026-12-02T15:00:00.000Z']);
    expect((await mailsOf(panes, id)).some(mail => mail.startsWith('change_accepted sending'))).toBe(true);
    expect(await followUps(id)).toEqual(['completed']);
  });

  test('in words alone gets the time the office gives, and is asked whether that suits them', async () => {
    const id = await asked('2026-12-04', { words: 'Rather in the afternoon' });
    const nothing = await refusal(panes.act(panes.agent, 'ticket.accept_change', { ticket_id: id }));
    expect(nothing).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'scheduled_at',
      message: expect.stringContaining('«Rather in the afternoon»'),
      slots: expect.arrayContaining([expect.objectContaining({ free: expect.any(Array) })]),
    });
    const moved = await panes.done(panes.dana, 'ticket.accept_change', {
      ticket_id: id,
      scheduled_at: '2026-12-04T15:00',
    });
    expect(moved).toMatchObject({ confirmation_status: 'pending', answered_at: null });
    expect((await waiting(id)).map(mail => mail.split(' ')[0])).toEqual([
      'confirmation_follow_up',
      'reminder',
      'confirmation_follow_up',
    ]);
  });

  test('is not moved to a time that is taken by now, and what is free is said', async () => {
    const id = await asked('2026-12-07', { time: '2026-12-08T16:00:00Z' });
    for (const technician of ['Theo', 'Tess'])
      await panes.book('2026-12-08T10:00', { technician_ids: [technician] });
    expect(await refusal(panes.act(panes.agent, 'ticket.accept_change', { ticket_id: id }))).toMatchObject({
      code: 'CONFLICT',
      message: 'Tue 2026-12-08 10:00 is taken by now; nothing was moved.',
      slots: expect.arrayContaining([expect.objectContaining({ starts_at: expect.any(String) })]),
    });
    expect(await visitOf(id)).toMatchObject({ confirmation_status: 'modify_requested' });
    expect(await followUps(id)).toEqual(['pending']);
  });

  test('is not moved into hours in which you have closed since, unless somebody says that time', async () => {
    const id = await asked('2026-12-02', { time: '2026-12-15T22:00:00Z' });
    const hours = (to: string) =>
      panes.done(panes.olivia, 'organization.update_settings', {
        business_hours: Object.fromEntries(
          ['mon', 'tue', 'wed', 'thu', 'fri'].map(day => [day, [['08:00', to]]]),
        ),
      });
    await hours('15:00');
    expect(await refusal(panes.act(panes.agent, 'ticket.accept_change', { ticket_id: id }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('asked for Tue 2026-12-15 16:00, when you are closed'),
      slots: expect.arrayContaining([expect.objectContaining({ free: expect.any(Array) })]),
    });
    const meant = await panes.act(panes.agent, 'ticket.accept_change', {
      ticket_id: id,
      scheduled_at: '2026-12-15T16:00',
    });
    expect(meant.status).toBe('done');
    expect(JSON.stringify(meant)).toContain('Tue 2026-12-15 16:00 is outside your hours.');
    await hours('17:00');
    const within = await panes.act(panes.agent, 'ticket.reschedule', {
      ticket_id: id,
      scheduled_at: '2026-12-15T15:00',
    });
    expect(JSON.stringify(within)).not.toContain('outside your hours');
  });

  test('stands once in the inbox: with the visit, and not among the calls to make until that is settled', async () => {
    const id = await asked('2026-11-30', { words: 'Rather in January' });
    const counts = async () => {
      const rows = await panes.read(panes.dana, 'inbox', { fields: ['kind', 'count', 'list', 'filter'] });
      return Object.fromEntries(rows.map(({ kind, count }) => [String(kind), Number(count)]));
    };
    const due = (filter?: string) =>
      panes.read(panes.dana, 'follow_ups', {
        params: { until: '2026-11-18' },
        ...(filter ? { filter } : {}),
      });
    const [before, all] = [await counts(), await due()];
    expect(JSON.stringify(all)).toContain('Asks for another time instead of Monday, November 30 at 10:00 AM');
    expect(JSON.stringify(await due('besides_answers'))).not.toContain('November 30');
    expect(before.call_backs).toBe(
      (await due('besides_answers')).filter(({ kind }) => kind !== 'task').length,
    );
    // A follow-up that somebody else set stands where it stood.
    await panes.done(panes.dana, 'interaction.create', {
      type: 'phone_call',
      direction: 'inbound',
      contact_id: 'C-1001',
      subject: 'Wants to be called about the gutters',
      follow_up_at: '2026-11-18T15:00',
    });
    expect(await counts()).toMatchObject({
      call_backs: Number(before.call_backs) + 1,
      answers: before.answers,
    });
    expect(await visitOf(id)).toMatchObject({ confirmation_status: 'modify_requested' });
  });

  test('stands in the briefing in their own words, in the inbox, and is gone from both when it is settled', async () => {
    const id = await asked('2026-12-09', { time: '2026-12-10T20:00:00Z', words: 'We are back on Thursday' });
    const briefing = await panes.done(panes.agent, 'daily_briefing', {});
    expect(briefing.answers).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /«Jane Smith» Wed 2026-12-09 10:00 asks for Thu 2026-12-10 14:00: «We are back on Thursday»$/,
        ),
      ]),
    );
    const countOf = async () =>
      (await panes.read(panes.dana, 'inbox')).find(({ kind }) => kind === 'answers')?.count;
    const before = Number(await countOf());
    await panes.done(panes.dana, 'ticket.accept_change', { ticket_id: id });
    expect(await countOf()).toBe(before - 1);
    const after = await panes.done(panes.agent, 'daily_briefing', {});
    expect(JSON.stringify(after.answers)).not.toContain('We are back');
  });

  test('is not there for a visit whose customer has asked for nothing, nor for technicians', async () => {
    const { id } = await panes.book('2026-12-11T10:00', { technician_ids: ['Theo'] });
    const accept = (who: BrightPanes['dana']) => panes.act(who, 'ticket.accept_change', { ticket_id: id });
    expect(await refusal(accept(panes.dana))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await refusal(accept(panes.theo))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('what still goes out about a visit', () => {
  const booked = async (at: string, more: Record<string, unknown> = {}) =>
    String((await panes.book(at, { notify_customer: true, ...more })).id);
  const skipped = async (id: string) =>
    (await mailsOf(panes, id)).filter(mail => mail.includes(' skipped ')).length;

  test('is planned anew when it is moved, and nothing of the old time is left', async () => {
    const id = await booked('2026-12-14T10:00');
    await panes.done(panes.dana, 'ticket.reschedule', {
      ticket_id: id,
      scheduled_at: '2026-12-16T10:00',
      notify_customer: true,
    });
    expect(await waiting(id)).toEqual([
      'confirmation_follow_up pending 2026-11-20T14:00:00.000Z',
      'reminder pending 2026-12-15T15:00:00.000Z',
      'confirmation_follow_up pending 2026-12-15T16:00:00.000Z',
    ]);
    expect(await skipped(id)).toBe(3);
    await panes.done(panes.dana, 'ticket.reschedule', { ticket_id: id, scheduled_at: '2026-12-17T10:00' });
    // Told by somebody else, if at all: reminded all the same.
    expect(await waiting(id)).toEqual(['reminder pending 2026-12-16T15:00:00.000Z']);
  });

  test('is nothing once it is cancelled or closed', async () => {
    const [cancelled, closed] = [await booked('2026-12-18T10:00'), await booked('2026-12-18T13:00')];
    await panes.done(panes.dana, 'ticket.cancel', { ticket_id: cancelled });
    await panes.done(panes.dana, 'ticket.close', {
      ticket_id: closed,
      duration_minutes: 60,
      notes: '',
      next_service: 'not_asked',
    });
    expect([await waiting(cancelled), await waiting(closed)]).toEqual([[], []]);
    expect([await skipped(cancelled), await skipped(closed)]).toEqual([3, 3]);
  });

  test('follows what the office writes down of a call, and comes back when that was a mistake', async () => {
    const id = await booked('2026-12-21T10:00');
    const say = (confirmation_status: string) =>
      panes.done(panes.dana, 'ticket.confirm', { ticket_id: id, confirmation_status });
    await say('declined');
    expect(await waiting(id)).toEqual([]);
    await say('accepted');
    expect(await waiting(id)).toEqual(['reminder pending 2026-12-20T15:00:00.000Z']);
    expect(await followUps(id)).toEqual([]);
  });

  test('does not come again when somebody has taken it out', async () => {
    const id = await booked('2026-12-22T10:00');
    const [reminder] = await panes.read(panes.dana, 'scheduled_messages', {
      params: { contact_id: 'C-1001', kind: 'reminder', status: 'pending' },
      sort: '-send_at',
      limit: 1,
    });
    await panes.done(panes.dana, 'message.cancel', { message_id: reminder?.id });
    await panes.done(panes.dana, 'ticket.confirm', { ticket_id: id });
    expect(await waiting(id)).toEqual([]);
  });

  test('is left out, saying why, by a server that was away while its time passed', async () => {
    const id = await booked('2026-12-23T10:00');
    const { rows } = await panes.database.owner.query<{ id: string; send_at: Date }>(
      `select id, send_at from scheduled_messages where ticket_id = $1 and status = 'pending' order by send_at`,
      [id],
    );
    panes.setClock('2026-12-30T08:00:00-06:00');
    const worker = { via: 'system', organization_id: panes.bright.id, name: 'worker' } as const;
    for (const row of rows)
      await panes.done(worker, 'message.send_due', {
        message_id: row.id,
        send_at: row.send_at.toISOString(),
      });
    panes.setClock('2026-11-18T08:00:00-06:00');
    expect(await skipped(id)).toBe(3);
    const [message] = await panes.read(panes.dana, 'scheduled_messages', { id: rows[0]?.id ?? '' });
    expect(message).toMatchObject({ status: 'skipped', error: expect.stringContaining('It was too late') });
  });

  test('of a reminder is nothing on the day of the visit, when "tomorrow" is not true any more', async () => {
    const id = await booked('2026-12-28T10:00');
    const { rows } = await panes.database.owner.query<{ id: string; send_at: Date }>(
      `select id, send_at from scheduled_messages where ticket_id = $1 and kind = 'reminder'`,
      [id],
    );
    const send = () =>
      panes.done({ via: 'system', organization_id: panes.bright.id, name: 'worker' }, 'message.send_due', {
        message_id: rows[0]?.id,
        send_at: rows[0]?.send_at.toISOString(),
      });
    panes.setClock('2026-12-28T06:00:00-06:00');
    const late = await send();
    panes.setClock('2026-11-18T08:00:00-06:00');
    expect(late).toMatchObject({ status: 'skipped', is_due: true });
  });

  test('costs an agent who books no more than the one mail that goes now', async () => {
    const book = (hour: number) =>
      panes.act(panes.agent, 'ticket.create', {
        contact_id: 'C-1001',
        scheduled_at: `2027-01-12T${String(hour).padStart(2, '0')}:00`,
        duration_minutes: 60,
        notify_customer: true,
      });
    for (const hour of [8, 9, 10, 11, 12]) expect((await book(hour)).status).toBe('done');
  });
});

describe('a visit that comes again', () => {
  const plansMails = () =>
    panes.done({ via: 'system', organization_id: panes.bright.id, name: 'worker' }, 'series.plan_mails');
  const visitOn = async (series: Record<string, unknown>, date: string) =>
    (
      await panes.read(panes.dana, 'tickets', {
        params: { series_id: String(series.reference), from: date, to: date },
      })
    )[0];

  test('has a confirmation for the first one, and a reminder for each of the others when it comes within reach', async () => {
    const made = await panes.done(panes.dana, 'series.create', {
      contact_id: 'C-1001',
      rule: 'every 2 weeks',
      starts_on: '2026-12-02',
      start_time: '16:00',
      duration_minutes: 60,
      notify_customer: true,
    });
    expect(made).toMatchObject({ customer_told: expect.stringContaining('mailed to') });
    const first = await visitOn(made, '2026-12-02');
    expect(first).toMatchObject({ confirmation_status: 'pending' });
    expect((await waiting(String(first?.id))).map(mail => mail.split(' ')[0])).toEqual([
      'confirmation_follow_up',
      'reminder',
      'confirmation_follow_up',
    ]);
    panes.setClock('2026-12-10T05:00:00-06:00');
    expect(await plansMails()).toEqual({ planned: 1, left: false });
    expect(await plansMails()).toEqual({ planned: 0, left: false });
    const second = await visitOn(made, '2026-12-16');
    expect(await waiting(String(second?.id))).toEqual(['reminder pending 2026-12-15T15:00:00.000Z']);
    expect(second).toMatchObject({ confirmation_status: 'not_sent' });
    panes.setClock('2026-11-18T08:00:00-06:00');
  });

  test('is confirmed each time where the business wants that: asked once, asked again, and reminded of', async () => {
    const settings = (confirm_each_visit_of_a_series: boolean) =>
      panes.done(panes.olivia, 'organization.update_settings', {
        settings: { confirm_each_visit_of_a_series },
      });
    await settings(true);
    const made = await panes.done(panes.dana, 'series.create', {
      contact_id: 'C-1001',
      rule: 'every 3 weeks',
      starts_on: '2026-12-03',
      start_time: '08:00',
      duration_minutes: 60,
      notify_customer: true,
    });
    panes.setClock('2026-12-18T05:00:00-06:00');
    expect(await plansMails()).toEqual({ planned: 1, left: false });
    expect(await plansMails()).toEqual({ planned: 0, left: false });
    const second = await visitOn(made, '2026-12-24');
    expect(second).toMatchObject({ confirmation_status: 'pending' });
    expect((await mailsOf(panes, second?.id)).map(mail => mail.split(' ', 2).join(' '))).toEqual([
      'confirmation sending',
      'confirmation_follow_up pending',
      'confirmation_follow_up pending',
      'reminder pending',
    ]);
    panes.setClock('2026-11-18T08:00:00-06:00');
    await settings(false);
    await panes.done(panes.dana, 'series.end', { series_id: made.reference });
  });
});
