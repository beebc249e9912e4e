import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { as, storyTime } from '../support/office.ts';
import { formOf, mainOf, useCalendarPages } from './calendar-pages.ts';

const { pages, at, see, post, book, session } = useCalendarPages();

beforeEach(() => at(storyTime));
afterEach(() => Promise.all(['Theo', 'Tess', 'Olivia'].map(stop)));

/** The clocked times of a visit, in local time of the day the tests happen on. */
async function entries(reference: string): Promise<[string, string | null][]> {
  const [visit] = await pages().read(pages().bright.owner, 'tickets', {
    id: reference,
    include: ['time_entries'],
  });
  const local = (time: unknown) =>
    typeof time === 'string' ? new Date(Date.parse(time) - 6 * 3_600_000).toISOString().slice(11, 19) : null;
  const rows = Array.isArray(visit?.time_entries) ? visit.time_entries : [];
  return rows.map(row => [local(row.clocked_in_at) ?? '', local(row.clocked_out_at)]);
}

const clock = (direction: 'in' | 'out', reference: string) => `/tickets/${reference}/clock-${direction}`;

/** Stops whatever clock a technician has running. */
async function stop(name: string): Promise<void> {
  const [row] = await pages().read(as(pages().bright, name), 'current_ticket');
  if (row?.why === 'clocked_in')
    await pages().done(as(pages().bright, name), 'ticket.clock_out', {
      ticket_id: row.reference,
      technician_id: pages().bright.people[name]?.id,
    });
}

describe('a technician on a visit', () => {
  test('clocks in and out with a button on its page, and reads how long it was', async () => {
    const reference = await book('2026-11-18T08:30', { technician_ids: ['Theo'] });
    at('2026-11-18T08:38:00-06:00');
    const before = await see(`/tickets/${reference}`);
    const into = await post(clock('in', reference), formOf(before.markup, clock('in', reference)));
    expect(into.location).toBe(`/tickets/${reference}`);
    expect(into.text).toContain('Clocked in at 8:38 AM.');
    at('2026-11-18T12:00:00-06:00');
    const running = await see(`/tickets/${reference}`);
    expect(mainOf(running.markup)).toContain('Your clock runs since 8:38 AM: 3 h 22 min by now. Clock out');
    expect(running.markup).not.toContain(clock('in', reference));
    const out = await post(clock('out', reference), formOf(running.markup, clock('out', reference)));
    expect(out.text).toContain('Clocked out at 12:00 PM, after 3 h 22 min.');
    expect(mainOf(out.markup)).toContain('Worked Theo 8:38 AM to 12:00 PM (3 h 22 min)');
    expect(await entries(reference)).toEqual([['08:38:00', '12:00:00']]);
  });

  test('by pressing a button twice does it once', async () => {
    const reference = await book('2026-11-18T13:00', { technician_ids: ['Theo'] });
    const into = formOf((await see(`/tickets/${reference}`)).markup, clock('in', reference));
    const pressed = await Promise.all([1, 2].map(() => post(clock('in', reference), into)));
    expect(pressed.map(({ text }) => text.includes('Clocked in at 8:00 AM.'))).toEqual([true, true]);
    at('2026-11-18T08:30:00-06:00');
    const out = formOf((await see(`/tickets/${reference}`)).markup, clock('out', reference));
    const again = await Promise.all([1, 2].map(() => post(clock('out', reference), out)));
    expect(again.map(({ text }) => text.includes('Clocked out at 8:30 AM, after 30 min.'))).toEqual([
      true,
      true,
    ]);
    expect(await entries(reference)).toEqual([['08:00:00', '08:30:00']]);
  });

  test('from two pages that were open at once clocks in once, and is told since when', async () => {
    const reference = await book('2026-11-18T14:00', { technician_ids: ['Theo'] });
    const forms = await Promise.all(
      [1, 2].map(async () => formOf((await see(`/tickets/${reference}`)).markup, clock('in', reference))),
    );
    await post(clock('in', reference), forms[0]);
    at('2026-11-18T08:05:00-06:00');
    const second = await post(clock('in', reference), forms[1]);
    expect([second.refused, second.location]).toEqual([false, `/tickets/${reference}`]);
    expect(second.text).toContain('The clock runs already, since 8:00 AM.');
    expect(await entries(reference)).toEqual([['08:00:00', null]]);
  });

  test('who is clocked in elsewhere is led there to clock out, back, and in', async () => {
    const here = await book('2026-11-18T15:00', { technician_ids: ['Theo'] });
    const there = await book('2026-11-18T15:30', { contact_id: 'C-1002', technician_ids: ['Theo'] });
    const stale = formOf((await see(`/tickets/${here}`)).markup, clock('in', here));
    await post(clock('in', there), {});
    const refused = await post(clock('in', here), stale);
    expect(refused.status).toBe(409);
    expect(mainOf(refused.markup)).toBe(
      `The clock was not set You are clocked in on ${there} already. Your clock runs on ${there} · Mrs Hart since 8:00 AM. Clock out there Back to visit ${here}`,
    );
    expect(refused.markup).toContain(`<a class="button" href="/tickets/${here}">`);
    // The page of the visit says the same before anybody presses anything.
    const page = await see(`/tickets/${here}`);
    expect(mainOf(page.markup)).toContain(
      `Your clock runs on ${there} · Mrs Hart since 8:00 AM. Clock out there`,
    );
    expect(page.markup).not.toContain(clock('in', here));
    const out = await post(clock('out', there), formOf(refused.markup, clock('out', there)));
    expect(out.location).toBe(`/tickets/${here}`);
    const into = await post(clock('in', here), formOf(out.markup, clock('in', here)));
    expect(into.text).toContain('Clocked in at 8:00 AM.');
  });

  test('whose clock does not run is told so, and led back', async () => {
    const reference = await book('2026-11-18T16:00', { technician_ids: ['Theo'] });
    const { status, markup } = await post(clock('out', reference));
    expect(status).toBe(409);
    expect(mainOf(markup)).toBe(
      `The clock was not set You are not clocked in on ${reference}. Back to visit ${reference}`,
    );
  });

  test.each(['cancelled', 'closed'])('that is %s sets no clock, and is led back to it', async state => {
    const day = state === 'closed' ? '20' : '21';
    const reference = await book(`2026-11-${day}T09:00`, { technician_ids: ['Theo'] });
    const stale = formOf((await see(`/tickets/${reference}`)).markup, clock('in', reference));
    const { done, bright } = pages();
    const end = { next_service: 'no', duration_minutes: 30, notes: '' };
    if (state === 'closed') await done(bright.owner, 'ticket.close', { ticket_id: reference, ...end });
    else await done(bright.owner, 'ticket.cancel', { ticket_id: reference });
    const { status, markup } = await post(clock('in', reference), stale);
    expect(status).toBe(409);
    expect(mainOf(markup)).toMatch(new RegExp(`${reference} is ${state}.* Back to visit ${reference}$`));
    const page = await see(`/tickets/${reference}`);
    expect(page.markup).not.toContain('/clock-');
    expect(page.markup).not.toContain(`/close-out/${reference}`);
  });

  test('sets none on a visit of somebody else, or for somebody else', async () => {
    const hers = await book('2026-11-18T17:00', { technician_ids: ['Tess'] });
    const both = await book('2026-11-18T18:00', { technician_ids: ['Tess', 'Theo'] });
    expect((await post(clock('in', hers))).status).toBe(404);
    const forHer = await post(clock('in', both), { technician_id: String(pages().bright.people.Tess?.id) });
    expect(forHer.status).toBe(403);
    expect(mainOf(forHer.markup)).toContain(`for themselves only. Back to visit ${both}`);
    expect((await post(clock('in', both), {}, 'cody')).status).toBe(404);
    expect([await entries(hers), await entries(both)]).toEqual([[], []]);
    expect((await post(clock('in', hers), {}, 'tess')).text).toContain('Clocked in at 8:00 AM.');
  });

  test('needs a form of our own page', async () => {
    const reference = await book('2026-11-18T19:00', { technician_ids: ['Theo'] });
    const forged = { session: session('theo'), form: { csrf_token: 'x'.repeat(43) } };
    expect((await pages().send(clock('in', reference), forged)).status).toBe(403);
    expect(await entries(reference)).toEqual([]);
    expect((await post(clock('in', reference))).status).toBe(200);
  });
});

describe('a form that waited for signal', () => {
  test('sets the clock to when the button was pressed, and however often it is sent, once', async () => {
    const reference = await book('2026-11-19T09:00', { technician_ids: ['Theo'] });
    const into = formOf((await see(`/tickets/${reference}`)).markup, clock('in', reference));
    const out = { ...into, idempotency_key: '018f0000-0000-7000-8000-000000000001' };
    const send = async (direction: 'in' | 'out', form: Record<string, string>, ago: string) =>
      (await post(clock(direction, reference), { ...form, ago })).text;
    expect(await send('in', into, '3600')).toContain('Clocked in at 7:00 AM.');
    // The answer got lost on the way; the phone sends it again later.
    at('2026-11-18T08:00:30-06:00');
    expect(await send('in', into, '3630')).toContain('Clocked in at 7:00 AM.');
    expect(await send('out', out, '1800')).toContain('Clocked out at 7:30 AM, after 31 min.');
    expect(await send('in', into, '3700')).toContain('That was noted already.');
    expect(await send('out', out, '1900')).toContain('That was noted already.');
    expect(await entries(reference)).toEqual([['07:00:00', '07:30:30']]);
  });

  test.each(['-1', '1.5', '86401', '999999', 'soon', '1e3', '٣'])(
    'with an age of %s is refused',
    async ago => {
      const reference = await book('2026-11-26T09:00');
      const { done, bright } = pages();
      await done(bright.owner, 'ticket.assign_technician', { ticket_id: reference, technician_id: 'Tess' });
      const { status, markup } = await post(clock('in', reference), { ago }, 'tess');
      expect(status).toBe(400);
      expect(mainOf(markup)).toContain(`Back to visit ${reference}`);
      expect(await entries(reference)).toEqual([]);
      await done(bright.owner, 'ticket.cancel', { ticket_id: reference });
    },
  );

  test.each(['', '0', '86400'])('with an age of “%s” is taken', async ago => {
    const reference = await book('2026-11-27T09:00');
    const { done, bright } = pages();
    await done(bright.owner, 'ticket.assign_technician', { ticket_id: reference, technician_id: 'Tess' });
    await post(clock('in', reference), { ago }, 'tess');
    expect(await entries(reference)).toEqual([['08:00:00', null]]);
    await stop('Tess');
    await done(bright.owner, 'ticket.cancel', { ticket_id: reference });
  });
});

describe('the office', () => {
  test('says whose clock is meant when two technicians are on a visit, and each has one of their own', async () => {
    const reference = await book('2026-11-23T09:00', { technician_ids: ['Tess', 'Theo'] });
    const { people } = pages().bright;
    const page = await see(`/tickets/${reference}`, 'dana');
    const select = /<select id="technician_id"[\s\S]*?<\/select>/.exec(page.markup)?.[0] ?? '';
    expect([...select.matchAll(/value="([^"]+)">(\w+)</g)].map(([, id, name]) => [id, name])).toEqual([
      [people.Tess?.id, 'Tess'],
      [people.Theo?.id, 'Theo'],
    ]);
    const unsaid = await post(clock('in', reference), formOf(page.markup, clock('in', reference)), 'dana');
    expect(unsaid.status).toBe(400);
    expect(mainOf(unsaid.markup)).toBe(
      `The clock was not set Say whose clock is meant. Back to visit ${reference}`,
    );
    const tess = { technician_id: String(people.Tess?.id) };
    const one = await post(clock('in', reference), tess, 'dana');
    expect(mainOf(one.markup)).toContain(
      'The clock of Tess runs since 8:00 AM: less than a minute by now. Clock Tess out Clock Theo in',
    );
    at('2026-11-18T08:20:00-06:00');
    const theo = await see(`/tickets/${reference}`, 'theo');
    await post(clock('in', reference), formOf(theo.markup, clock('in', reference)), 'theo');
    const both = await see(`/tickets/${reference}`, 'dana');
    expect(mainOf(both.markup)).toContain(
      'The clock of Tess runs since 8:00 AM: 20 min by now. Clock Tess out The clock of Theo runs since 8:20 AM',
    );
    expect(both.markup).not.toContain('<select id="technician_id"');
    const out = await post(clock('out', reference), tess, 'dana');
    expect(mainOf(out.markup)).toContain(
      'Worked Tess Wed, Nov 18, 2026, 8:00 AM to 8:20 AM (20 min) Theo Wed, Nov 18, 2026, 8:20 AM to now (less',
    );
  });

  test('clocks the one technician of a visit without being asked, the owner too', async () => {
    const reference = await book('2026-11-24T09:00', { technician_ids: ['Theo'] });
    const page = await see(`/tickets/${reference}`, 'olivia');
    expect(mainOf(page.markup)).toContain('Clock Theo in');
    const into = await post(clock('in', reference), formOf(page.markup, clock('in', reference)), 'olivia');
    expect(mainOf(into.markup)).toContain('The clock of Theo runs since 8:00 AM');
    const elsewhere = await book('2026-11-24T11:00', { technician_ids: ['Theo'] });
    const refused = await post(clock('in', elsewhere), {}, 'dana');
    expect(mainOf(refused.markup)).toContain(
      `This technician is clocked in on ${reference} already. This clock runs on ${reference} · Jane Smith since 8:00 AM. Clock out there`,
    );
    const out = await post(clock('out', reference), formOf(refused.markup, clock('out', reference)), 'dana');
    expect(out.location).toBe(`/tickets/${elsewhere}`);
    expect(await entries(reference)).toEqual([['08:00:00', '08:00:00']]);
  });

  test('has no clock to set where nobody is assigned', async () => {
    const reference = await book('2026-11-25T09:00');
    const page = await see(`/tickets/${reference}`, 'dana');
    expect(mainOf(page.markup)).toContain('Nobody is assigned, so there is no clock to set.');
    expect(page.markup).not.toContain('/clock-');
  });
});

describe('the page of today', () => {
  test('has the clock of one’s own open visits, one at a time, and other days have none', async () => {
    at('2026-12-01T06:00:00-06:00');
    const first = await book('2026-12-01T09:00', { technician_ids: ['Theo'] });
    const second = await book('2026-12-01T10:00', { technician_ids: ['Theo'] });
    const hers = await book('2026-12-01T11:00', { technician_ids: ['Tess'] });
    const tomorrow = await book('2026-12-02T09:00', { technician_ids: ['Theo'] });
    const clocks = ({ markup }: { markup: string }) =>
      [...markup.matchAll(/action="\/tickets\/(T-\d+)\/clock-(in|out)"/g)].map(match => [match[1], match[2]]);
    expect(clocks(await see('/'))).toEqual([
      [first, 'in'],
      [second, 'in'],
    ]);
    expect(clocks(await see('/', 'tess'))).toEqual([[hers, 'in']]);
    expect(clocks(await see('/', 'olivia'))).toEqual([]);
    expect(clocks(await see('/?date=2026-12-02'))).toEqual([]);
    await post(clock('in', first), formOf((await see('/')).markup, clock('in', first)));
    const running = await see('/');
    expect(clocks(running)).toEqual([[first, 'out']]);
    expect(running.text).toContain('Your clock runs since 6:00 AM');
    expect(running.markup).toContain('<li class="card visit" aria-current="true">');
    await stop('Theo');
    // A clock that runs on a visit of another day is not forgotten.
    await post(clock('in', tomorrow));
    expect(mainOf((await see('/')).markup)).toContain(
      `Your clock runs on ${tomorrow} · Jane Smith since 6:00 AM.`,
    );
  });

  test('has the clock of an owner who goes to visits, for the owner alone', async () => {
    const { done, bright } = pages();
    const { Olivia, Tess } = bright.people;
    await done(bright.owner, 'member.update', { member_id: Olivia?.id, is_bookable: true });
    at('2026-12-03T06:00:00-06:00');
    const crew = { technician_ids: [String(Olivia?.id), String(Tess?.id)] };
    const reference = await book('2026-12-03T09:00', crew);
    const page = await see('/', 'olivia');
    await post(clock('in', reference), formOf(page.markup, clock('in', reference)), 'olivia');
    const [visit] = await pages().read(bright.owner, 'tickets', { id: reference, include: ['time_entries'] });
    expect(visit?.time_entries).toMatchObject([{ technician_id: Olivia?.id }]);
    expect((await see('/', 'dana')).markup).not.toContain('/clock-');
  });
});
