import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { BusinessHours } from '../../core/kernel/pipeline/context.ts';
import { addBusinessTime } from '../../core/scheduling/business-hours.ts';

const chicago = 'America/Chicago';
const day: [string, string][] = [['08:00', '17:00']];
const never: BusinessHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
const weekdays: BusinessHours = { ...never, mon: day, tue: day, wed: day, thu: day, fri: day };

/** The local time so many minutes of opening time later. */
function later(start: string, minutes: number, hours: BusinessHours = weekdays, zone = chicago): string {
  const from = Temporal.PlainDateTime.from(start).toZonedDateTime(zone).toInstant();
  const zoned = addBusinessTime(from, minutes, hours, zone).toZonedDateTimeISO(zone);
  return `${zoned.toPlainDateTime().toString({ smallestUnit: 'minute' })} ${zoned.offset}`;
}

describe('one business hour later', () => {
  test.each([
    ['in the middle of the day', '2026-11-18T09:15', '2026-11-18T10:15 -06:00'],
    ['up to the minute of closing', '2026-11-18T16:00', '2026-11-18T17:00 -06:00'],
    ['over closing time into the next morning', '2026-11-18T16:30', '2026-11-19T08:30 -06:00'],
    ['at closing time', '2026-11-18T17:00', '2026-11-19T09:00 -06:00'],
    ['at night', '2026-11-18T22:00', '2026-11-19T09:00 -06:00'],
    ['before opening', '2026-11-18T05:00', '2026-11-18T09:00 -06:00'],
    ['on Friday afternoon', '2026-11-20T16:30', '2026-11-23T08:30 -06:00'],
    ['on Sunday', '2026-11-22T12:00', '2026-11-23T09:00 -06:00'],
  ])('%s', (_when, start, end) => {
    expect(later(start, 60)).toBe(end);
  });

  test('of a day with a lunch break does not count the break', () => {
    const split: BusinessHours = {
      ...weekdays,
      wed: [
        ['08:00', '12:00'],
        ['13:00', '17:00'],
      ],
    };
    expect(later('2026-11-18T11:40', 60, split)).toBe('2026-11-18T13:40 -06:00');
    expect(later('2026-11-18T12:20', 60, split)).toBe('2026-11-18T14:00 -06:00');
  });

  test('over the weekend of the autumn change is an hour on the wall on Monday', () => {
    expect(later('2026-10-30T16:45', 60)).toBe('2026-11-02T08:45 -06:00');
  });

  test('over the weekend of the spring change too', () => {
    expect(later('2026-03-06T16:45', 60)).toBe('2026-03-09T08:45 -05:00');
  });

  test('in the night of the spring change leaves out the hour that is skipped', () => {
    const nights: BusinessHours = { ...never, sun: [['01:00', '04:00']] };
    expect(later('2026-03-08T01:30', 60, nights)).toBe('2026-03-08T03:30 -05:00');
  });

  test('in the night of the autumn change counts the hour that comes twice', () => {
    const nights: BusinessHours = { ...never, sun: [['00:00', '24:00']] };
    expect(later('2026-11-01T00:30', 60, nights)).toBe('2026-11-01T01:30 -05:00');
    expect(later('2026-11-01T00:30', 120, nights)).toBe('2026-11-01T01:30 -06:00');
  });

  test('in another time zone is that zone’s hour', () => {
    expect(later('2026-11-18T16:30', 60, weekdays, 'Europe/Berlin')).toBe('2026-11-19T08:30 +01:00');
  });

  test('of a business that is never open is a plain hour', () => {
    expect(later('2026-11-18T16:30', 60, never)).toBe('2026-11-18T17:30 -06:00');
  });
});

test('many business hours go on over days and weeks', () => {
  expect(later('2026-11-18T08:00', 9 * 60)).toBe('2026-11-18T17:00 -06:00');
  expect(later('2026-11-18T08:00', 10 * 60)).toBe('2026-11-19T09:00 -06:00');
  const oneHour: BusinessHours = { ...never, mon: [['08:00', '09:00']] };
  expect(later('2026-11-18T08:00', 100 * 60, oneHour)).toBe('2028-10-16T09:00 -05:00');
});

test('a moment that is open to midnight goes on in the next day', () => {
  const late: BusinessHours = { ...never, fri: [['20:00', '24:00']], sat: [['00:00', '02:00']] };
  expect(later('2026-11-20T23:30', 60, late)).toBe('2026-11-21T00:30 -06:00');
});
