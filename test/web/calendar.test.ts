import { beforeAll, describe, expect, test } from 'vitest';
import { storyTime } from '../support/office.ts';
import { mainOf, useCalendarPages } from './calendar-pages.ts';

const { pages, at, see, book } = useCalendarPages();

beforeAll(async () => {
  at('2026-11-16T08:00:00-06:00');
  const Theo = { technician_ids: ['Theo'] };
  await book('2026-11-16T09:00', Theo);
  await book('2026-11-18T09:30', { contact_id: 'C-1002', technician_ids: ['Tess'] });
  await book('2026-11-18T14:00', { ...Theo, lines: ['Windows'] });
  await book('2026-11-22T23:45', { ...Theo, duration_minutes: 15 });
  await book('2026-11-23T00:00', Theo);
  await book('2026-11-30T08:00', Theo);
  const { done, bright } = pages();
  const gone = await book('2026-11-19T09:00', Theo);
  await done(bright.owner, 'ticket.cancel', { ticket_id: gone });
  at(storyTime);
});

/** Where the links of a page lead, by what they say. */
const linksOf = (markup: string, pattern: RegExp): string[] =>
  [...markup.matchAll(/<a href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)]
    .filter(([, href = '']) => pattern.test(href))
    .map(
      ([, href = '', label = '']) => `${label.replace(/<[^>]+>/g, '').trim()}: ${href.replace('&amp;', '&')}`,
    );

const calendarLinks = (markup: string) =>
  linksOf(/<nav class="days"[\s\S]*?<\/nav>/.exec(markup)?.[0] ?? '', /./);

describe('the calendar', () => {
  test('of the day leads to the day before and after, to the week and to the month', async () => {
    const { markup, text } = await see('/');
    expect(text).toContain('Today Wednesday, November 18, 2026');
    expect(calendarLinks(markup)).toEqual([
      '← Day before: /?date=2026-11-17',
      'Day after →: /?date=2026-11-19',
      'Day: /?date=2026-11-18',
      'Week: /calendar?view=week&date=2026-11-18',
      'Month: /calendar?view=month&date=2026-11-18',
    ]);
    const other = await see('/?date=2026-11-19');
    expect(calendarLinks(other.markup)).toContain('Today: /');
    expect(other.text).toContain('No visits on this day.');
    expect(mainOf((await see('/calendar?view=day&date=2026-11-19')).markup)).toBe(mainOf(other.markup));
  });

  test('of the week has its seven days from Monday on, each with its visits', async () => {
    const { markup } = await see('/calendar?view=week&date=2026-11-22', 'dana');
    expect(mainOf(markup)).toBe(
      [
        'November 16 to 22, 2026',
        '← Week before Week after → Day Week Month',
        'Mon, Nov 16 9:00 AM Jane Smith Theo',
        'Tue, Nov 17 Nothing planned',
        'Wed, Nov 18 9:30 AM Mrs Hart Tess 2:00 PM Jane Smith Theo',
        'Thu, Nov 19 Nothing planned',
        'Fri, Nov 20 Nothing planned',
        'Sat, Nov 21 Nothing planned',
        'Sun, Nov 22 11:45 PM Jane Smith Theo',
      ].join(' '),
    );
    expect(linksOf(markup, /date=2026-11-1[89]$|tickets/)).toEqual([
      '9:00 AM Jane Smith Theo: /tickets/T-2001',
      'Wed, Nov 18: /?date=2026-11-18',
      '9:30 AM Mrs Hart Tess: /tickets/T-2002',
      '2:00 PM Jane Smith Theo: /tickets/T-2003',
      'Thu, Nov 19: /?date=2026-11-19',
      '11:45 PM Jane Smith Theo: /tickets/T-2004',
    ]);
    expect(markup).toContain('<li aria-current="date"><h2><a href="/?date=2026-11-18">');
    expect(calendarLinks(markup)).toEqual([
      '← Week before: /calendar?view=week&date=2026-11-15',
      'Week after →: /calendar?view=week&date=2026-11-29',
      'Day: /?date=2026-11-22',
      'Week: /calendar?view=week&date=2026-11-22',
      'Month: /calendar?view=month&date=2026-11-22',
    ]);
    const next = await see('/calendar?view=week&date=2026-11-29', 'dana');
    expect(mainOf(next.markup)).toMatch(
      /^November 23 to 29, 2026 .* Mon, Nov 23 12:00 AM Jane Smith Theo Tue/,
    );
    expect(calendarLinks(next.markup)).toContain('This week: /calendar?view=week');
    expect(mainOf((await see('/calendar?view=week', 'dana')).markup)).toContain('November 16 to 22, 2026');
  });

  test('of the month counts the visits of each day, shows the first, and leads to the day', async () => {
    const { markup } = await see('/calendar?view=month&date=2026-11-05', 'dana');
    expect(mainOf(markup)).toMatch(
      /^November 2026 ← Month before Month after → Day Week Month Mon Tue Wed Thu Fri Sat Sun Sun 1 Mon 2 Tue 3/,
    );
    expect(mainOf(markup)).toContain(
      'Mon 16 1 visit 9:00 AM Jane Smith Tue 17 Wed 18 2 visits 9:30 AM Mrs Hart 2:00 PM Jane Smith Thu 19 Fri 20',
    );
    expect(mainOf(markup)).toMatch(/Mon 30 1 visit 8:00 AM Jane Smith$/);
    expect(linksOf(markup, /^\/\?date=2026-11-\d\d$/)).toHaveLength(31);
    // The first is a Sunday: six empty cells come before it, and six after the last Monday.
    expect(/<tbody><tr>((<td><\/td>)*)/.exec(markup)?.[1]?.length).toBe(6 * '<td></td>'.length);
    expect(markup.match(/<tr>/g)).toHaveLength(7);
    expect(markup.match(/<td/g)).toHaveLength(42);
    expect(calendarLinks(markup)[0]).toBe('← Month before: /calendar?view=month&date=2026-10-05');
    const last = await see('/calendar?view=month&date=2026-10-31', 'dana');
    expect(calendarLinks(last.markup)).toContain('Month after →: /calendar?view=month&date=2026-11-30');
    expect(calendarLinks(last.markup)).toContain('This month: /calendar?view=month');
  });

  test.each([
    ['2026-12-30', 'December 28, 2026 to January 3, 2027'],
    ['2026-10-01', 'September 28 to October 4, 2026'],
  ])('names the week of %s by its first and last day', async (date, title) => {
    expect((await see(`/calendar?view=week&date=${date}`)).text).toContain(title);
  });

  test('shows technicians their own visits, by day, week and month', async () => {
    for (const path of ['/?date=2026-11-18', '/calendar?view=week', '/calendar?view=month']) {
      const theo = mainOf((await see(path, 'theo')).markup);
      const tess = mainOf((await see(path, 'tess')).markup);
      expect([theo.includes('Jane Smith'), theo.includes('Mrs Hart')], path).toEqual([true, false]);
      expect([tess.includes('Jane Smith'), tess.includes('Mrs Hart')], path).toEqual([false, true]);
      const stranger = mainOf((await see(path, 'cody')).markup);
      expect(/Jane Smith|Mrs Hart/.test(stranger), path).toBe(false);
    }
  });

  test('marks where one is: the view, the place in the navigation, today', async () => {
    const { markup } = await see('/calendar?view=month');
    expect(markup).toMatch(/view=month&amp;date=2026-11-18" aria-current="page">Month/);
    expect(markup).toMatch(/<a href="\/calendar" aria-current="page"><svg.*?<span>Calendar<\/span>/);
    expect(markup).toContain(
      '<td aria-current="date"><a href="/?date=2026-11-18"><time datetime="2026-11-18">',
    );
    expect((await see('/')).markup).toMatch(
      /<a href="\/" aria-current="page"><svg.*?<span>My visits<\/span>/,
    );
  });

  test.each(['2026-02-30', '20261118', '9999-12-31', '1026-11-18', '../etc', '%00'])(
    'takes %s, which is no day of it, for today',
    async date => {
      for (const view of ['day', 'week', 'month']) {
        const { status, markup } = await see(`/calendar?view=${view}&date=${date}`);
        expect(status).toBe(200);
        expect(mainOf(markup)).toMatch(/^(Today Wednesday, November 18|November 16 to 22|November 2026)/);
      }
    },
  );
});

describe('a day on which the clocks change', () => {
  test('says so, and tells the hour that comes twice by its zone', async () => {
    at('2026-10-31T12:00:00-05:00');
    for (const time of ['00:30', '01:30', '01:30-06:00', '23:00']) await book(`2026-11-01T${time}`);
    const { text } = await see('/?date=2026-11-01', 'dana');
    expect(text).toContain('The clocks change on this day: it has 25 hours.');
    expect(text.match(/\d+:\d\d [AP]M C[DS]T/g)).toEqual([
      '12:30 AM CDT',
      '1:30 AM CDT',
      '1:30 AM CST',
      '11:00 PM CST',
    ]);
    const week = mainOf((await see('/calendar?view=week&date=2026-11-01', 'dana')).markup);
    expect(week).toMatch(/Sun, Nov 1 12:30 AM .* 1:30 AM .* 1:30 AM .* 11:00 PM Jane Smith nobody$/);
    const month = mainOf((await see('/calendar?view=month&date=2026-11-01', 'dana')).markup);
    expect(month).toContain(
      'Sun 1 4 visits 12:30 AM Jane Smith 1:30 AM Jane Smith 1:30 AM Jane Smith and 1 more Mon 2',
    );
    at(storyTime);
    expect((await see('/', 'dana')).text).not.toMatch(/clocks change|C[DS]T/);
  });

  test('in spring has no half past two', async () => {
    at('2026-03-07T12:00:00-06:00');
    for (const time of ['01:59', '02:30']) await book(`2026-03-08T${time}`);
    const { text } = await see('/?date=2026-03-08', 'dana');
    expect(text).toContain('The clocks change on this day: it has 23 hours.');
    expect(text.match(/\d+:\d\d [AP]M C[DS]T/g)).toEqual(['1:59 AM CST', '3:00 AM CDT']);
    at(storyTime);
  });
});

describe('a busy business', () => {
  test('reaches every visit of a day with more than fifty, and counts a month with more than a hundred', async () => {
    at('2027-01-04T06:00:00-06:00');
    for (let each = 0; each < 120; each += 1) {
      const minute = `${String(8 + Math.floor(each / 15)).padStart(2, '0')}:${String((each % 15) * 4).padStart(2, '0')}`;
      await book(`2027-01-05T${minute}`);
    }
    await book('2027-01-06T09:00', { contact_id: 'C-1002' });
    const seen: string[] = [];
    let path: string | undefined = '/?date=2027-01-05';
    const offers: string[] = [];
    while (path !== undefined) {
      const { markup }: { markup: string } = await see(path, 'dana');
      seen.push(...[...markup.matchAll(/>Visit (T-\d+)</g)].map(match => match[1] ?? ''));
      const next: RegExpExecArray | null = /rel="next" href="([^"]+)">([^<]+ on this day)</.exec(markup);
      if (next) offers.push(next[2] ?? '');
      path = next?.[1]?.replace('&amp;', '&');
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    expect(offers).toEqual(['70 later on this day', '20 later on this day']);

    const month = mainOf((await see('/calendar?view=month&date=2027-01-20', 'dana')).markup);
    expect(month).toContain(
      'Tue 5 120 visits 8:00 AM Jane Smith 8:04 AM Jane Smith 8:08 AM Jane Smith and 117 more',
    );
    expect(month).toContain('Wed 6 1 visit 9:00 AM Mrs Hart');
    const week = mainOf((await see('/calendar?view=week&date=2027-01-05', 'dana')).markup);
    expect(week).toMatch(/Tue, Jan 5 8:00 AM .* and 110 more Wed, Jan 6 9:00 AM Mrs Hart nobody/);
    at(storyTime);
  });

  test('is told when a month has more visits than are counted', async () => {
    const { database, clear } = pages();
    await database.owner.query(`
      begin;
      set local app.actor = '{"kind": "system", "name": "story"}';
      insert into tickets (
        organization_id, id, reference, contact_id, scheduled_at, duration_minutes, ends_at, currency
      )
      select c.organization_id, gen_random_uuid(), 'T-9' || n, c.id, t.at, 5, t.at + interval '5 minutes', 'USD'
      from contacts as c
      cross join generate_series(1, 2001) as n
      cross join lateral (select timestamptz '2027-02-01 12:00Z' + n * interval '15 minutes' as at) as t
      where c.organization_id = '${clear.id}';
      commit`);
    const month = await see('/calendar?view=month&date=2027-02-01', 'carla');
    expect(month.text).toContain('Only the first 2,000 visits are counted here.');
    const week = await see('/calendar?view=week&date=2027-02-01', 'carla');
    expect(week.text).not.toContain('are counted here');
    expect(week.text).toContain('and 86 more');
  });
});
