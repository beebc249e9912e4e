import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { readPeriod } from '../../core/search/period.ts';

/** A Wednesday. */
const calendar = { today: Temporal.PlainDate.from('2026-11-18'), country: 'US' };

const read = async (text: string, bare = false, on = calendar) => {
  const dated = await readPeriod(text, on, bare);
  return dated && `${dated.period.from ?? ''}..${dated.period.to ?? ''}`;
};

describe('a period as people say it, on Wednesday, 2026-11-18', () => {
  test.each([
    ['last spring', '2026-03-01..2026-06-01'],
    ['this spring', '2026-03-01..2026-06-01'],
    ['next spring', '2027-03-01..2027-06-01'],
    ['in the spring', '2026-03-01..2026-06-01'],
    ['spring 2025', '2025-03-01..2025-06-01'],
    ['in spring of last year', '2025-03-01..2025-06-01'],
    ["last year's spring", '2025-03-01..2025-06-01'],
    ['this summer', '2026-06-01..2026-09-01'],
    ['this past summer', '2026-06-01..2026-09-01'],
    ['over the summer', '2026-06-01..2026-09-01'],
    ['last fall', '2025-09-01..2025-12-01'],
    ['this fall', '2026-09-01..2026-12-01'],
    ['during autumn', '2026-09-01..2026-12-01'],
    ['last winter', '2025-12-01..2026-03-01'],
    ['this winter', '2026-12-01..2027-03-01'],
    ['last month', '2026-10-01..2026-11-01'],
    ['this month', '2026-11-01..2026-12-01'],
    ['next month', '2026-12-01..2027-01-01'],
    ['in march', '2026-03-01..2026-04-01'],
    ['in december', '2025-12-01..2026-01-01'],
    ['in november', '2026-11-01..2026-12-01'],
    ['last november', '2025-11-01..2025-12-01'],
    ['last march', '2026-03-01..2026-04-01'],
    ['next march', '2027-03-01..2027-04-01'],
    ['march 2025', '2025-03-01..2025-04-01'],
    ['sept 2025', '2025-09-01..2025-10-01'],
    ['october last year', '2025-10-01..2025-11-01'],
    ['in 2025', '2025-01-01..2026-01-01'],
    ['last year', '2025-01-01..2026-01-01'],
    ['this year', '2026-01-01..2027-01-01'],
    ['yesterday', '2026-11-17..2026-11-18'],
    ['day before yesterday', '2026-11-16..2026-11-17'],
    ['today', '2026-11-18..2026-11-19'],
    ['tomorrow', '2026-11-19..2026-11-20'],
    ['last week', '2026-11-09..2026-11-16'],
    ['this week', '2026-11-16..2026-11-23'],
    ['next week', '2026-11-23..2026-11-30'],
    ['last weekend', '2026-11-14..2026-11-16'],
    ['two weeks ago', '2026-11-02..2026-11-09'],
    ['3 days ago', '2026-11-15..2026-11-16'],
    ['two months ago', '2026-09-01..2026-10-01'],
    ['a year ago', '2025-01-01..2026-01-01'],
    ['in the last 30 days', '2026-10-19..2026-11-19'],
    ['past three months', '2026-08-18..2026-11-19'],
    ['within the past year', '2025-11-18..2026-11-19'],
    ['last tuesday', '2026-11-17..2026-11-18'],
    ['on friday', '2026-11-20..2026-11-21'],
    ['on april 14', '2026-04-14..2026-04-15'],
    ['april 14th', '2026-04-14..2026-04-15'],
    ['december 24', '2025-12-24..2025-12-25'],
    ['on 5/12/2026', '2026-05-12..2026-05-13'],
    ['2026-04-14', '2026-04-14..2026-04-15'],
    ['the week of april 6', '2026-04-06..2026-04-13'],
    ['the first week of november', '2026-11-01..2026-11-08'],
    ['in the third week of june 2025', '2025-06-15..2025-06-22'],
    ['since april', '2026-04-01..'],
    ['since may', '2026-05-01..'],
    ['from april on', '2026-04-01..'],
    ['since last spring', '2026-03-01..'],
    ['after june', '2026-07-01..'],
    ['before june', '..2026-06-01'],
    ['until march 2025', '..2025-04-01'],
    ['between may and july', '2026-05-01..2026-08-01'],
    ['between november and february', '2025-11-01..2026-03-01'],
    ['from march to may 2025', '2025-03-01..2025-06-01'],
    ['june 5 - june 10', '2026-06-05..2026-06-11'],
    ['between april 14 and june', '2026-04-14..2026-07-01'],
    ['q2 2025', '2025-04-01..2025-07-01'],
    ['last quarter', '2026-07-01..2026-10-01'],
    ['first quarter', '2026-01-01..2026-04-01'],
    ['in the second quarter of last year', '2025-04-01..2025-07-01'],
  ])('%s', async (text, days) => {
    expect(await read(text)).toBe(days);
  });

  test('a season that runs over New Year is the one that has begun', async () => {
    const january = { today: Temporal.PlainDate.from('2027-01-10'), country: 'US' };
    expect(await read('this winter', false, january)).toBe('2026-12-01..2027-03-01');
    expect(await read('last winter', false, january)).toBe('2025-12-01..2026-03-01');
    expect(await read('in winter', false, january)).toBe('2026-12-01..2027-03-01');
    expect(await read('last spring', false, january)).toBe('2026-03-01..2026-06-01');
  });

  test('south of the equator the seasons are half a year later', async () => {
    const sydney = { ...calendar, country: 'AU' };
    expect(await read('last summer', false, sydney)).toBe('2025-12-01..2026-03-01');
    expect(await read('this spring', false, sydney)).toBe('2026-09-01..2026-12-01');
  });
});

describe('what may be a name is no date', () => {
  test.each([
    'april may',
    'may johnson',
    'mrs march',
    'june carter',
    'august schmidt',
    'summer hayes',
    'sunday adelaja',
    '14 summer street',
    '12 may st',
    'the lady in spring hill',
    'in winter park',
    '2025 whitesburg',
    '2565550142',
    '256-555-0142',
    '48 old big cove rd',
    'sun room windows',
    'open 24/7',
    'half and 1/2',
    'prefers mornings',
    'not before 9am',
    'a second dog now',
    '20 screens, 2-story',
    'jan miller',
  ])('%s', async text => {
    expect(await read(text)).toBeUndefined();
  });

  test('unless the question is about visits', async () => {
    expect(await read('gurley may', true)).toBe('2026-05-01..2026-06-01');
    expect(await read('zimmer spring', true)).toBe('2026-03-01..2026-06-01');
    expect(await read('abernathy 2025', true)).toBe('2025-01-01..2026-01-01');
    expect(await read('2025 whitesburg', true)).toBeUndefined();
    expect(await read('12 may st', true)).toBeUndefined();
  });
});

test('the words around a period are left as they are, those that lead up to it go with it', async () => {
  const rest = async (text: string) => (await readPeriod(text, calendar))?.rest;
  expect(await rest('screen cleaning last spring in athens')).toBe('screen cleaning in athens');
  expect(await rest('johnson between march and may')).toBe('johnson');
  expect(await rest('back in the spring of 2025 smith')).toBe('smith');
  expect(await rest('smith since april on hughes')).toBe('smith hughes');
});
