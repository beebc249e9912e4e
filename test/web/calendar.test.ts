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
  [...markup.matchAll(/<a (?:class="[^"]*" )?href="([^"]*)"([^>]*)>([\s\S]*?)<\/a>/g)]
    .filter(([, href = '']) => pattern.test(href))
    .map(([, href = '', rest = '', words = '']) => {
      const label = /aria-label="([^"]*)"/.exec(rest)?.[1] ?? words.replace(/<[^>]+>/g, '').trim();
      return `${label}: ${href.replaceAll('&amp;', '&')}`;
    });

const calendarLinks = (markup: string) =>
  linksOf(/<nav class="days"[\s\S]*?<\/nav>/.exec(markup)?.[0] ?? '', /./);

/** The columns of a day: whose they are, and everything in them in words, in the order of the list a phone shows. */
const columnsOf = (markup: string): string[] =>
  markup
    .split('<section class="col')
    .slice(1)
    .map(part => mainOf(`<main><i class="col${part.split('</section>')[0] ?? ''}</main>`));

describe('the calendar', () => {
  test('of the day leads to the day before and after, to today, to the week and to the month', async () => {
    const { markup, text } = await see('/calendar?date=2026-11-19');
    expect(text).toContain('Thursday, November 19, 2026');
    expect(calendarLinks(markup)).toEqual([
      'Day before: /calendar?view=day&date=2026-11-18',
      'Today: /calendar?view=day&date=2026-11-18',
      'Day after: /calendar?view=day&date=2026-11-20',
      'Day: /calendar?view=day&date=2026-11-19',
      'Week: /calendar?view=week&date=2026-11-19',
      'Month: /calendar?view=month&date=2026-11-19',
    ]);
    expect(mainOf((await see('/calendar?view=day&date=2026-11-19')).markup)).toBe(mainOf(markup));
  });

  test('of the day has a column for each technician, after what nobody goes to, with visits, gaps and the line for now', async () => {
    at('2026-11-18T11:20:00-06:00');
    const loose = await book('2026-11-18T16:00');
    const { markup } = await see('/calendar?view=day', 'dana');
    const [nobody, tess, theo] = columnsOf(markup);
    expect(nobody).toBe(
      'Unassigned 1 visit · 30 min Now, 11:20 AM 4:00 PM Jane Smith Madison · 30 min not confirmed (256) 555-0142 123 Main Street, Madison Move',
    );
    expect(tess).toBe(
      [
        'Te Tess 1 visit · 30 min 9:30 AM Mrs Hart 30 min not confirmed No address Move',
        'Now, 11:20 AM 5 h 30 min free Book 11:30 AM Book 12:00 PM Book 1:00 PM Book 2:00 PM Book 3:00 PM Book 4:00 PM',
      ].join(' '),
    );
    expect(theo).toMatch(
      /^Th Theo 1 visit · 30 min Now, 11:20 AM 2 h 30 min free .* 2:00 PM Jane Smith Windows · Madison · 30 min/,
    );
    const Theo = pages().bright.people.Theo?.id;
    expect(linksOf(markup, /^\/book/)).toContain(
      `2 h 30 min free Book 11:30 AM: /book?date=2026-11-18&time=11:30&technician=${Theo}`,
    );
    await pages().done(pages().bright.owner, 'ticket.cancel', { ticket_id: loose });
    at(storyTime);
  });

  test('of the week has a row for each technician and seven days from Monday on', async () => {
    const { markup } = await see('/calendar?view=week&date=2026-11-22', 'dana');
    expect(mainOf(markup)).toMatch(
      new RegExp(
        [
          '^November 16 to 22, 2026 Today Day Week Month Everybody Te Tess Th Theo',
          'Unassigned Te Tess Th Theo',
          'Mon 16 \\+ Th 9:00 AM Jane Smith not confirmed \\+',
          'Tue 17 Nothing planned \\+ \\+',
          'Wed 18 Te 9:30 AM Mrs Hart not confirmed \\+ Th 2:00 PM Jane Smith not confirmed \\+',
          'Thu 19 Nothing planned \\+ \\+ Fri 20 Nothing planned \\+ \\+ Sat 21 Nothing planned \\+ \\+',
          'Sun 22 \\+ Th 11:45 PM Jane Smith not confirmed \\+$',
        ].join(' '),
      ),
    );
    expect(markup).toContain('<section class="day" aria-current="date">');
    expect(calendarLinks(markup)).toEqual([
      'Week before: /calendar?view=week&date=2026-11-15',
      'Today: /calendar?view=week&date=2026-11-18',
      'Week after: /calendar?view=week&date=2026-11-29',
      'Day: /calendar?view=day&date=2026-11-22',
      'Week: /calendar?view=week&date=2026-11-22',
      'Month: /calendar?view=month&date=2026-11-22',
    ]);
    const next = await see('/calendar?view=week&date=2026-11-29', 'dana');
    expect(mainOf(next.markup)).toMatch(/^November 23 to 29, 2026 .* Mon 23 \+ Th 12:00 AM Jane Smith/);
  });

  test('of the month is six weeks of seven days, counts the visits, shows the first, and leads to the day', async () => {
    const { markup } = await see('/calendar?view=month&date=2026-11-05', 'dana');
    expect(mainOf(markup)).toContain('Mon Tue Wed Thu Fri Sat Sun 26 27 28 29 30 31 1 2 3');
    expect(mainOf(markup)).toContain(
      '16 1 visit 9:00 AM Jane Smith 17 18 2 visits 9:30 AM Mrs Hart 2:00 PM Jane Smith 19',
    );
    expect(mainOf(markup)).toMatch(/30 1 visit 8:00 AM Jane Smith 1 2 3 4 5 6$/);
    expect(markup.match(/<tr>/g)).toHaveLength(7);
    expect(markup.match(/<td/g)).toHaveLength(42);
    expect(linksOf(markup, /view=day&amp;date=2026-11-\d\d$/).filter(link => /^\d/.test(link))).toHaveLength(
      30,
    );
    expect(calendarLinks(markup)[0]).toBe('Month before: /calendar?view=month&date=2026-10-05');
    const last = await see('/calendar?view=month&date=2026-10-31', 'dana');
    expect(calendarLinks(last.markup)).toContain('Month after: /calendar?view=month&date=2026-11-30');
  });

  test.each([
    ['2026-12-30', 'December 28, 2026 to January 3, 2027'],
    ['2026-10-01', 'September 28 to October 4, 2026'],
  ])('names the week of %s by its first and last day', async (date, title) => {
    expect((await see(`/calendar?view=week&date=${date}`)).text).toContain(title);
  });

  test('shows technicians their own visits, by day, week, month and on paper', async () => {
    for (const view of ['day', 'week', 'month', 'sheet']) {
      const path = `/calendar?view=${view}&date=2026-11-18`;
      const theo = mainOf((await see(path, 'theo')).markup);
      const tess = mainOf((await see(path, 'tess')).markup);
      expect([theo.includes('Jane Smith'), theo.includes('Mrs Hart')], path).toEqual([true, false]);
      expect([tess.includes('Jane Smith'), tess.includes('Mrs Hart')], path).toEqual([false, true]);
      expect([theo.includes('Tess'), theo.includes('Unassigned'), theo.includes('Move')], path).toEqual([
        false,
        false,
        false,
      ]);
      const stranger = mainOf((await see(path, 'cody')).markup);
      expect(/Jane Smith|Mrs Hart/.test(stranger), path).toBe(false);
    }
  });

  test('shows one person alone, to whoever asks for it by a link', async () => {
    const { markup } = await see('/calendar?view=week', 'dana');
    const [link = ''] = linksOf(markup, /technician=/).filter(each => each.startsWith('Te Tess'));
    const one = await see(link.replace('Te Tess: ', ''), 'dana');
    expect([mainOf(one.markup).includes('Mrs Hart'), mainOf(one.markup).includes('Jane Smith')]).toEqual([
      true,
      false,
    ]);
  });

  test('says what is not confirmed, what is done and what overlaps in words, not by its look alone', async () => {
    const { done, bright } = pages();
    at('2026-12-08T08:00:00-06:00');
    const confirmed = await book('2026-12-09T09:00', { technician_ids: ['Theo'] });
    await done(bright.owner, 'ticket.confirm', { ticket_id: confirmed });
    await book('2026-12-09T11:00', { technician_ids: ['Theo'] });
    const [first, second] = [
      await book('2026-12-09T13:00'),
      await book('2026-12-09T13:15', { contact_id: 'C-1002' }),
    ];
    const { markup } = await see('/calendar?view=day&date=2026-12-09', 'dana');
    const item = (reference: string) =>
      new RegExp(`<li class="([^"]*)"[^>]*data-move="${reference}"`).exec(markup)?.[1];
    expect(item(confirmed)).toBe('ev h9 k6');
    expect(item(first)).toBe('ev h13 k6 w2 p0 hatched');
    expect(item(second)).toBe('ev h13 m3 k6 w2 p1 hatched');
    const [, , theo = ''] = columnsOf(markup);
    expect(theo).toMatch(
      /9:00 AM Jane Smith Madison · 30 min \(256\).*11:00 AM Jane Smith Madison · 30 min not confirmed/,
    );
    at('2026-12-09T09:40:00-06:00');
    await done(bright.owner, 'ticket.close', {
      ticket_id: confirmed,
      duration_minutes: 30,
      notes: '',
      next_service: 'no',
    });
    expect((await see('/calendar?view=day', 'dana')).markup).toMatch(
      /class="ev h9 k6 is-closed">.*<em>done<\/em>/,
    );
    at(storyTime);
  });

  test('keeps the road free around visits where the business says how long it takes', async () => {
    const { done, bright } = pages();
    await done(bright.owner, 'organization.update_settings', { settings: { travel_minutes: 30 } });
    const [, , theo = ''] = columnsOf((await see('/calendar?view=day&date=2026-11-30', 'dana')).markup);
    expect(theo).toContain('8 h free Book 9:00 AM');
    expect((await see('/calendar?view=day&date=2026-11-30', 'dana')).markup).toContain(
      '<i class="way h8 m6 k6"></i>',
    );
    await done(bright.owner, 'organization.update_settings', { settings: { travel_minutes: null } });
    const [, , plain = ''] = columnsOf((await see('/calendar?view=day&date=2026-11-30', 'dana')).markup);
    expect(plain).toContain('8 h 30 min free Book 8:30 AM');
  });

  test('marks where one is: the view, the place in the navigation, today', async () => {
    const { markup } = await see('/calendar?view=month');
    expect(markup).toMatch(/view=month&amp;date=2026-11-18" aria-current="page">Month/);
    expect(markup).toMatch(/<a href="\/calendar" aria-current="page"><svg.*?<span>Calendar<\/span>/);
    expect(markup).toMatch(/<td aria-current="date" data-date="2026-11-18"><a href="[^"]*date=2026-11-18">/);
  });

  test('offers nothing that is past to be booked', async () => {
    at('2026-11-18T11:20:00-06:00');
    expect((await see('/calendar?view=day&date=2026-11-17', 'dana')).text).not.toContain('Book');
    expect((await see('/calendar?view=day&date=2026-11-18', 'dana')).text).not.toContain('Book 11:00 AM');
    expect((await see('/calendar?view=day&date=2026-11-18', 'dana')).text).toContain('Book 11:30 AM');
    at(storyTime);
  });

  test.each(['2026-02-30', '20261118', '9999-12-31', '1026-11-18', '../etc', '%00'])(
    'takes %s, which is no day of it, for today',
    async date => {
      for (const view of ['day', 'week', 'month', 'sheet']) {
        const { status, markup } = await see(`/calendar?view=${view}&date=${date}`);
        expect(status).toBe(200);
        expect(mainOf(markup)).toMatch(
          /^(Day sheets )?(Wednesday, November 18|November 16 to 22|November 2026)/,
        );
      }
    },
  );
});

describe('a day sheet', () => {
  test('tells each technician whom to visit when and where, whom to call, and what is good to know there', async () => {
    const { done, bright } = pages();
    const fact = await done(bright.owner, 'attribute.set', {
      contact_id: 'C-1001',
      key: 'pet',
      value: 'dog',
    });
    expect(mainOf((await see('/calendar?view=sheet&date=2026-11-18', 'dana')).markup)).toBe(
      [
        'Day sheets Wednesday, November 18, 2026 Back to the day Print this page: each technician has a sheet of their own.',
        'Te Tess Wednesday, November 18, 2026 · 1 visit · 30 min 9:30 AM to 10:00 AM 30 min Mrs Hart T-2002 · not confirmed No phone number · No address No services yet',
        'Th Theo Wednesday, November 18, 2026 · 1 visit · 30 min 2:00 PM to 2:30 PM 30 min Jane Smith T-2003 · not confirmed (256) 555-0142 · 123 Main Street, Madison Windows Good to know: pet: dog',
      ].join(' '),
    );
    await done(bright.owner, 'attribute.delete', { attribute_id: fact.id });
  });
});

describe('a day on which the clocks change', () => {
  test('has 25 hours in autumn, each in its place, and tells the hour that comes twice by its zone', async () => {
    at('2026-10-31T12:00:00-05:00');
    for (const time of ['00:30', '01:30', '01:30-06:00', '23:00']) await book(`2026-11-01T${time}`);
    const { markup, text } = await see('/calendar?view=day&date=2026-11-01', 'dana');
    expect(text).toContain('The clocks change on this day: it has 25 hours.');
    expect(text).toContain('12 AM 1 AM 1 AM 2 AM 3 AM');
    expect(
      [...markup.matchAll(/<li class="ev (h\d+(?: m\d+)?)[^>]*><a[^>]*><b>([^<]*)/g)].map(
        ([, place, clock]) => `${place} ${clock}`,
      ),
    ).toEqual([
      'h0 m6 12:30 AM CDT',
      'h1 m6 1:30 AM CDT',
      'h2 m6 1:30 AM CST',
      // Far from the change the zone goes without saying.
      'h24 11:00 PM',
    ]);
    const month = mainOf((await see('/calendar?view=month&date=2026-11-01', 'dana')).markup);
    expect(month).toContain(
      '1 4 visits 12:30 AM CDT Jane Smith 1:30 AM CDT Jane Smith 1:30 AM CST Jane Smith and 1 more 2',
    );
    at(storyTime);
    expect((await see('/calendar', 'dana')).text).not.toMatch(/clocks change|C[DS]T/);
  });

  test('has 23 in spring, without a half past two', async () => {
    at('2026-03-07T12:00:00-06:00');
    for (const time of ['01:30', '02:30']) await book(`2026-03-08T${time}`);
    const { text } = await see('/calendar?view=day&date=2026-03-08', 'dana');
    expect(text).toContain('The clocks change on this day: it has 23 hours.');
    expect(text).toContain('1 AM 3 AM 4 AM');
    expect(text.match(/\d+:\d\d [AP]M C[DS]T/g)?.slice(0, 2)).toEqual(['1:30 AM CST', '3:00 AM CDT']);
    at(storyTime);
  });
});

describe('a busy business', () => {
  test('reaches every visit of a day with more than a hundred, and counts them in week and month', async () => {
    at('2027-01-04T06:00:00-06:00');
    for (let each = 0; each < 120; each += 1) {
      const minute = `${String(8 + Math.floor(each / 15)).padStart(2, '0')}:${String((each % 15) * 4).padStart(2, '0')}`;
      await book(`2027-01-05T${minute}`);
    }
    await book('2027-01-06T09:00', { contact_id: 'C-1002' });
    const { markup } = await see('/calendar?view=day&date=2027-01-05', 'dana');
    expect(new Set(markup.match(/data-move="T-\d+"/g)).size).toBe(120);
    const month = mainOf((await see('/calendar?view=month&date=2027-01-20', 'dana')).markup);
    expect(month).toContain(
      '5 120 visits 8:00 AM Jane Smith 8:04 AM Jane Smith 8:08 AM Jane Smith and 117 more',
    );
    expect(month).toContain('6 1 visit 9:00 AM Mrs Hart');
    const week = mainOf((await see('/calendar?view=week&date=2027-01-05', 'dana')).markup);
    expect(week).toMatch(/Tue 5 8:00 AM .* and 110 more \+ \+ Wed 6 9:00 AM Mrs Hart/);
    at(storyTime);
  });

  test('is told when a month has more visits than are read', async () => {
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
    expect(month.text).toContain('Only the first 2,000 visits are shown here.');
    const week = await see('/calendar?view=week&date=2027-02-01', 'carla');
    expect(week.text).not.toContain('are shown here');
    expect(week.text).toContain('and 86 more');
  });
});
