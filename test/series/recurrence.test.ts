import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { instantsOf, wallTimesOf } from '../../core/series/recurrence.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/recurrence/${name}`, import.meta.url), 'utf8'));

const reference = z
  .object({
    cases: z.array(
      z.object({
        comment: z.string(),
        rrule: z.string(),
        dtstart: z.string(),
        expected: z.array(z.string()),
        dateutil_2_8_2: z.union([z.boolean(), z.string()]),
      }),
    ),
  })
  .parse(read('libical.icalrecur-cases.json')).cases;

const agreed = z
  .object({
    cases: z.array(
      z.object({
        id: z.string(),
        tzid: z.string(),
        dtstart: z.string(),
        rrule: z.string(),
        expected_rfc5545: z.array(z.string()),
      }),
    ),
  })
  .parse(read('dst-agreed.json')).cases;

/** `19980101T090000` and `20240229`. */
const startOf = (dtstart: string) =>
  Temporal.PlainDateTime.from(dtstart.replace('Z', '').replace(/^(\d{8})$/, '$1T000000'));

const timesOf = ({ rrule, dtstart }: { rrule: string; dtstart: string }, most: number) =>
  wallTimesOf(
    { rule: rrule, start: startOf(dtstart), ...(dtstart.includes('T') ? {} : { is_day: true }) },
    { most },
  ).map(time =>
    dtstart.includes('T') ? time.toString({ smallestUnit: 'second' }) : time.toPlainDate().toString(),
  );

// The reference library does not do what it says here, and calls it unimplemented.
const undecided = reference.filter(({ expected }) => expected.some(date => date.includes('UNIMPLEMENTED')));
const decided = reference.filter(each => !undecided.includes(each));

test('the reference has 146 cases, one of which it leaves open itself', () => {
  expect([reference.length, undecided.length]).toEqual([146, 1]);
});

test.each(decided.map(each => [`${each.rrule} from ${each.dtstart}`, each] as const))(
  '%s comes on the days the reference library says',
  (_words, each) => {
    const most = /COUNT|UNTIL/.test(each.rrule) ? each.expected.length + 3 : each.expected.length;
    expect(timesOf(each, most)).toEqual(each.expected);
  },
);

test.each(agreed.map(each => [each.id, each] as const))(
  '%s comes at the moments all implementations agree on, whatever the clocks do',
  (id, { tzid, dtstart, rrule, expected_rfc5545 }) => {
    const times = wallTimesOf({ rule: rrule, start: startOf(dtstart), time_zone: tzid }, { most: 50 });
    // The one with a date left out: what a series skips is taken out by the series.
    const left = times.filter(
      time => id !== 'biweekly-exdate' || time.toPlainDate().toString() !== '2027-03-30',
    );
    expect(instantsOf(left, tzid).map(String)).toEqual(expected_rfc5545);
  },
);

test('a time that the clocks skip comes right after the gap, one that comes twice the first time', () => {
  const at = (start: string, rule: string) =>
    instantsOf(
      wallTimesOf({ rule, start: Temporal.PlainDateTime.from(start) }, { most: 3 }),
      'America/New_York',
    ).map(String);
  expect(at('2027-03-07T02:30', 'FREQ=WEEKLY;COUNT=3')).toEqual([
    '2027-03-07T07:30:00Z',
    '2027-03-14T07:00:00Z',
    '2027-03-21T06:30:00Z',
  ]);
  expect(at('2026-10-25T01:30', 'FREQ=WEEKLY;COUNT=2')).toEqual([
    '2026-10-25T05:30:00Z',
    '2026-11-01T05:30:00Z',
  ]);
});

test('a window of a rule without an end has the same times as the whole', () => {
  const recurrence = {
    rule: 'FREQ=WEEKLY;INTERVAL=6',
    start: Temporal.PlainDateTime.from('2026-12-01T09:00'),
  };
  const whole = wallTimesOf(recurrence, { most: 40 }).map(String);
  const from = Temporal.PlainDateTime.from('2028-01-01T00:00');
  const part = wallTimesOf(recurrence, { from, most: 5 }).map(String);
  expect(part).toEqual(whole.filter(time => time >= '2028-01-01').slice(0, 5));
  expect(part).toHaveLength(5);
});
