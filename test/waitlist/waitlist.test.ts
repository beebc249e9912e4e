import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Who waits, and who is named when a time becomes free. The story is on Wednesday, November 18; visits are in December.

const panes = useBrightPanes();

// Whoever still waits would be named in the next test, too.
afterEach(async () => {
  const { dana, read, done } = panes();
  for (const { reference } of await read(dana, 'waitlist', { filter: 'waiting', limit: 100 }))
    await done(dana, 'waitlist.delete', { waitlist_id: reference });
});

/** A new customer of Madison with a visit on the Thursday of another week, who wants to come sooner. */
let customers = 0;
async function somebody(wishes: Record<string, unknown> = {}, at = '2026-12-17T09:00') {
  const { done, dana } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: `Ada Early${++customers}` });
  await done(dana, 'address.create', {
    contact_id: reference,
    line1: `${customers} Oak Lane`,
    city: 'Madison',
    state: 'AL',
    postal_code: '35758',
  });
  const visit = await done(dana, 'ticket.create', {
    contact_id: reference,
    scheduled_at: at,
    duration_minutes: 60,
  });
  const entry = await done(dana, 'waitlist.create', {
    contact_id: reference,
    ticket_id: visit.reference,
    ...wishes,
  });
  return { customer: String(reference), visit: String(visit.reference), entry: String(entry.reference) };
}

const remove = (entry: string) => panes().done(panes().dana, 'waitlist.delete', { waitlist_id: entry });
const sooner = (warnings: readonly string[]) => warnings.filter(text => text.startsWith('Could come sooner'));
/** Closes all of a day for a technician but one visit of an hour, which is answered. */
async function onlyVisitOf(day: string, technician = 'Theo') {
  const { book } = panes();
  const technician_ids = [technician];
  await book(`${day}T08:00`, { technician_ids, duration_minutes: 120 });
  await book(`${day}T11:00`, { technician_ids, duration_minutes: 360 });
  return String((await book(`${day}T10:00`, { technician_ids })).reference);
}

describe('the waitlist', () => {
  test('tells whom it would give a second visit, unless that is what was said', async () => {
    const { act, dana } = panes();
    const { customer, visit, entry } = await somebody();
    await remove(entry);
    const put = async (wishes: Record<string, unknown>) => {
      const { data, warnings } = await act(dana, 'waitlist.create', { contact_id: customer, ...wishes });
      await remove(String(data.reference));
      return warnings;
    };
    expect(await put({})).toEqual([
      expect.stringMatching(
        `^${visit} Thu 2026-12-17 09:00 -06:00 stays: what they take is booked besides\\.`,
      ),
    ]);
    expect(await put({ ticket_id: visit })).toEqual([]);
    expect(await put({ lines: [{ service_id: 'Gutter Cleaning' }] })).toEqual([]);
  });

  test('has each customer once, whoever puts them there and however often at once', async () => {
    const { act, dana, agent } = panes();
    const { customer, entry } = await somebody();
    const again = await refusal(act(dana, 'waitlist.create', { contact_id: customer }));
    expect(again).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(entry) });
    await remove(entry);
    const all = await Promise.allSettled(
      [dana, agent, dana, agent].map(caller => act(caller, 'waitlist.create', { contact_id: customer })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const rows = await panes().read(dana, 'waitlist', {
      params: { contact_id: customer },
      filter: 'waiting',
    });
    expect(rows).toHaveLength(1);
  });

  test('takes no visit of somebody else, none that is over, and no last day before the first', async () => {
    const { act, done, dana, book } = panes();
    const { entry } = await somebody();
    const janes = await book('2026-12-18T14:00');
    const wrong = { waitlist_id: entry, ticket_id: janes.reference };
    expect(await refusal(act(dana, 'waitlist.update', wrong))).toMatchObject({ code: 'VALIDATION_ERROR' });
    const days = { earliest_on: '2026-12-10', latest_on: '2026-12-01' };
    expect(await refusal(act(dana, 'waitlist.update', { waitlist_id: entry, ...days }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'latest_on',
    });
    await done(dana, 'ticket.cancel', { ticket_id: janes.reference, cancel_reason: 'away' });
    const over = { contact_id: 'Jane Smith', ticket_id: janes.reference };
    expect(await refusal(act(dana, 'waitlist.create', over))).toMatchObject({ code: 'INVALID_STATE' });
    await done(dana, 'waitlist.update', { waitlist_id: entry, earliest_on: '2026-12-01', days: ['tue'] });
  });

  test('plans how long a visit takes that is still to be booked, by the services that are wished', async () => {
    const { done, dana } = panes();
    const wish = { contact_id: 'Mrs Hart', lines: ['Gutter Cleaning'] };
    const entry = await done(dana, 'waitlist.create', wish);
    expect(entry).toMatchObject({ duration_minutes: 90, lines: [{ name: 'Gutter Cleaning', quantity: 1 }] });
  });

  test('keeps a visit that is booked anew: who wanted the old one sooner wants the new one sooner', async () => {
    const { act, done, dana, read } = panes();
    const { entry, visit } = await somebody();
    const moved = await done(dana, 'handle_reschedule_request', {
      ticket_id: visit,
      scheduled_at: '2026-12-18T10:00',
    });
    const [row] = await read(dana, 'waitlist', { id: entry });
    expect(row?.ticket_id).toBe(z.object({ ticket: z.object({ id: z.string() }) }).parse(moved).ticket.id);
    await act(dana, 'waitlist.delete', { waitlist_id: entry });
  });
});

describe('a time that becomes free', () => {
  test.each<[string, (visit: string) => [string, Record<string, unknown>]]>([
    ['cancelled', visit => ['ticket.cancel', { ticket_id: visit, cancel_reason: 'ill' }]],
    ['moved', visit => ['ticket.reschedule', { ticket_id: visit, scheduled_at: '2026-12-21T09:00' }]],
    [
      'dragged to somebody else',
      visit => ['ticket.move_visit', { ticket_id: visit, technician_ids: ['Tess'] }],
    ],
    ['given to nobody', visit => ['ticket.unassign_technician', { ticket_id: visit, technician_id: 'Theo' }]],
  ])('because a visit is %s names who could come sooner, and how to offer it', async (how, call) => {
    const { act, dana } = panes();
    const days = ['cancelled', 'moved', 'dragged to somebody else', 'given to nobody'];
    const day = `2026-12-0${days.indexOf(how) + 1}`;
    const visit = await onlyVisitOf(day);
    const { entry, visit: theirs } = await somebody();
    const [action, data] = call(visit);
    const { warnings } = await act(dana, action, data);
    expect(sooner(warnings)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Could come sooner: ${entry} «Ada Early\\d+» at 10:00 \\(\\d+ days sooner than ${theirs}, fills the gap`,
        ),
      ),
    ]);
    expect(warnings.find(text => text.includes('is free now'))).toContain('10:00–11:00 with Theo');
    expect(warnings.join(' ')).toContain('Offer it to them on the page Could come sooner.');
  });

  test('because a visit is shorter names who fits into what is left, and nobody who does not', async () => {
    const { act, done, dana, book } = panes();
    const technician_ids = ['Theo'];
    await book('2026-12-07T08:00', { technician_ids, duration_minutes: 120 });
    const { reference } = await book('2026-12-07T10:00', { technician_ids, duration_minutes: 420 });
    const { entry } = await somebody();
    const shorter = { ticket_id: reference, duration_minutes: 390 };
    expect(sooner((await act(dana, 'ticket.reschedule', shorter)).warnings)).toEqual([]);
    const more = await act(dana, 'ticket.reschedule', { ...shorter, duration_minutes: 360 });
    expect(sooner(more.warnings)).toHaveLength(1);
    await done(dana, 'waitlist.delete', { waitlist_id: entry });
  });

  test('names three at most, and nobody to a technician', async () => {
    const { act, dana, theo } = panes();
    const entries = [];
    for (let n = 0; n < 4; n += 1) entries.push((await somebody({}, `2026-12-${22 + n}T09:00`)).entry);
    const first = await onlyVisitOf('2026-12-08');
    const { warnings } = await act(dana, 'ticket.cancel', { ticket_id: first, cancel_reason: 'ill' });
    expect(sooner(warnings)).toHaveLength(3);
    expect(warnings.find(text => text.includes('is free now'))).toContain('4 customers wait');
    const second = await onlyVisitOf('2026-12-09');
    const close = { ticket_id: second, notes: 'Nobody there.' };
    expect(sooner((await act(theo, 'ticket.update', close)).warnings)).toEqual([]);
    for (const entry of entries) await remove(entry);
    const third = await onlyVisitOf('2026-12-10');
    const quiet = await act(dana, 'ticket.cancel', { ticket_id: third, cancel_reason: 'ill' });
    expect(quiet.warnings.join(' ')).not.toContain('is free now');
  });

  test('that was moved by half an hour only is not free for a visit of an hour', async () => {
    const { act, dana, book } = panes();
    await somebody();
    const technician_ids = ['Theo'];
    await book('2026-12-11T08:00', { technician_ids, duration_minutes: 120 });
    const { reference } = await book('2026-12-11T10:00', { technician_ids });
    await book('2026-12-11T11:30', { technician_ids, duration_minutes: 330 });
    const free = async (action: string, data: Record<string, unknown>) =>
      (await act(dana, action, data)).warnings.join(' ').includes('is free now');
    const later = { ticket_id: reference, scheduled_at: '2026-12-11T10:30' };
    expect(await free('ticket.reschedule', later)).toBe(false);
    const back = { ticket_id: reference, scheduled_at: '2026-12-11T10:00' };
    expect(await free('handle_reschedule_request', back)).toBe(false);
    const away = { contact_id: 'Jane Smith', scheduled_at: '2026-12-18T10:00' };
    const day = { params: { from: '2026-12-11', to: '2026-12-11' }, filter: 'open', sort: 'scheduled_at' };
    const [, hour] = await panes().read(dana, 'tickets', day);
    expect(await free('handle_reschedule_request', { ...away, ticket_id: hour?.reference })).toBe(true);
  });
});

describe('the gaps', () => {
  test('say in one call who could come when a visit was cancelled: "the Tuesday one cancelled, who could come sooner?"', async () => {
    const { act, dana, agent, read, done } = panes();
    const visit = await onlyVisitOf('2026-12-15');
    const { entry, visit: theirs } = await somebody();
    const cancel = { ticket_id: visit, cancel_reason: 'ill' };
    const { warnings } = await act(agent, 'ticket.cancel', cancel, { reasoning: 'Jane is ill' });
    const offer = `waitlist.offer {scheduled_at: "2026-12-15T16:00:00.000Z", technician_id: "Theo", to: ["${entry}"]}`;
    expect(warnings.join(' ')).toContain(offer);
    const rows = await read(agent, 'gaps', { params: { ticket_id: visit, technician_id: 'Theo' } });
    expect(rows).toMatchObject([
      {
        gap: 'Tue 2026-12-15 10:00–11:00 with Theo',
        minutes: 60,
        candidates: [{ waitlist: entry, instead_of: theirs, minutes: 60 }],
      },
    ]);
    const days = await read(agent, 'gaps', { params: { date: '2026-12-15', technician_id: 'Theo' } });
    expect(days).toEqual(rows);
    await done(dana, 'waitlist.update', { waitlist_id: entry, days: ['mon'] });
    expect(await read(agent, 'gaps', { params: { ticket_id: visit, technician_id: 'Theo' } })).toEqual([]);
  });

  test('show nobody whose visit is cancelled or who was taken off the list', async () => {
    const { dana, read, done } = panes();
    const asked = { params: { date: '2026-12-14' } };
    const { entry, visit } = await somebody();
    expect(await read(dana, 'gaps', asked)).not.toEqual([]);
    await done(dana, 'ticket.cancel', { ticket_id: visit, cancel_reason: 'not any more' });
    expect(await read(dana, 'gaps', asked)).toEqual([]);
    await remove(entry);
    const other = await somebody();
    await remove(other.entry);
    expect(await read(dana, 'gaps', asked)).toEqual([]);
  });

  test('stand in the briefing of the week, each customer once', async () => {
    const { done, dana, agent } = panes();
    const visit = await onlyVisitOf('2026-12-28');
    const { entry } = await somebody(
      { earliest_on: '2026-12-28', technician_id: 'Theo' },
      '2027-01-14T09:00',
    );
    await done(dana, 'ticket.cancel', { ticket_id: visit, cancel_reason: 'ill' });
    const briefing = await done(agent, 'daily_briefing', { date: '2026-12-28' });
    expect(briefing.could_come_sooner).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Mon 2026-12-28 10:00–11:00 with Theo: ${entry} «Ada Early\\d+» at 10:00, 16 days sooner`,
        ),
      ),
    ]);
    expect(briefing.summary).toContain('1 could come sooner');
    await remove(entry);
    const quiet = await done(agent, 'daily_briefing', { date: '2026-12-28' });
    expect(quiet.could_come_sooner).toBeUndefined();
  });
});
