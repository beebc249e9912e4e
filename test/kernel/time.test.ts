import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import {
  dayBounds,
  isTimeZone,
  localTime,
  moment,
  readDay,
  readMoment,
} from '../../core/kernel/words/time.ts';

const alabama = 'America/Chicago';
const read = (text: string, zone = alabama) => localTime(readMoment(text, zone, 'at'), zone);

describe('a moment', () => {
  test.each([
    ['2026-11-23T09:00', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23 09:00', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23T09:00:30', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23T15:00Z', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23T15:00:00.000Z', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23T10:00-05:00', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-11-23T10:00 -0500', 'Mon 2026-11-23 09:00 -06:00'],
    ['Mon 2026-11-23 09:00 -06:00', 'Mon 2026-11-23 09:00 -06:00'],
    ['Mon 2026-11-23 09:00', 'Mon 2026-11-23 09:00 -06:00'],
    ['2026-07-01T09:00', 'Wed 2026-07-01 09:00 -05:00'],
    ['2028-02-29T09:00', 'Tue 2028-02-29 09:00 -06:00'],
  ])('written as %s is %s', (text, local) => {
    expect(moment.safeParse(text).success).toBe(true);
    expect(read(text)).toBe(local);
  });

  test.each([
    ['2026-03-08T01:59', 'Sun 2026-03-08 01:59 -06:00'],
    ['2026-03-08T02:00', 'Sun 2026-03-08 03:00 -05:00'],
    ['2026-03-08T02:30', 'Sun 2026-03-08 03:00 -05:00'],
    ['2026-03-08T02:59', 'Sun 2026-03-08 03:00 -05:00'],
    ['2026-03-08T03:00', 'Sun 2026-03-08 03:00 -05:00'],
    ['2026-11-01T00:59', 'Sun 2026-11-01 00:59 -05:00'],
    ['2026-11-01T01:30', 'Sun 2026-11-01 01:30 -05:00'],
    ['2026-11-01T01:30-06:00', 'Sun 2026-11-01 01:30 -06:00'],
    ['2026-11-01T02:00', 'Sun 2026-11-01 02:00 -06:00'],
  ])('on the day the clocks change, %s is %s', (text, local) => {
    expect(read(text)).toBe(local);
  });

  test('read in another time zone is another instant, half-hour zones and odd changes included', () => {
    expect(readMoment('2026-11-23T09:00', 'Asia/Kolkata', 'at').toString()).toBe('2026-11-23T03:30:00Z');
    // Lord Howe Island moves its clocks by half an hour.
    expect(read('2026-10-04T02:15', 'Australia/Lord_Howe')).toBe('Sun 2026-10-04 02:30 +11:00');
    // Samoa had no 30 December 2011.
    expect(read('2011-12-30T12:00', 'Pacific/Apia')).toBe('Sat 2011-12-31 00:00 +14:00');
  });

  test.each([
    '2026-02-30T09:00',
    '2026-13-01T09:00',
    '2026-11-23T24:30',
    '2026-11-23T09:60',
    '2027-02-29T09:00',
    'Tue 2026-11-23 09:00',
  ])('%s is refused with a sentence that says how to write it', text => {
    expect(moment.safeParse(text).success).toBe(true);
    expect(() => read(text)).toThrow(DeskhandError);
  });

  test.each([
    'tomorrow',
    '23.11.2026 9:00',
    '2026-11-23',
    '9 am',
    '2026-11-23T9:00',
    ' 2026-11-23T09:00',
    '',
  ])('"%s" is not the form of a moment', text => {
    expect(moment.safeParse(text).success).toBe(false);
  });
});

describe('a day', () => {
  test('has 23, 24 or 25 hours', () => {
    const hours = (text: string) => {
      const { from, to } = dayBounds(readDay(text, 'date'), alabama);
      return from.until(to).total('hours');
    };
    expect([hours('2026-03-08'), hours('2026-03-09'), hours('2026-11-01')]).toEqual([23, 24, 25]);
  });

  test('begins when the clocks say so, even where midnight is skipped', () => {
    const { from } = dayBounds(Temporal.PlainDate.from('2024-09-08'), 'America/Santiago');
    expect(localTime(from, 'America/Santiago')).toBe('Sun 2024-09-08 01:00 -03:00');
  });

  test('that does not exist is refused', () => {
    expect(() => readDay('2026-02-29', 'date')).toThrow('«2026-02-29» is not a day that exists.');
    expect(readDay('2028-02-29', 'date').toString()).toBe('2028-02-29');
  });
});

test('a time zone is one the system knows', () => {
  expect(['America/Chicago', 'UTC', 'Europe/Copenhagen'].map(isTimeZone)).toEqual([true, true, true]);
  expect(['Alabama', '', 'America/Springfield'].map(isTimeZone)).toEqual([false, false, false]);
});
