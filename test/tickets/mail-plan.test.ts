import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { mailsOf } from '../../core/tickets/mail-plan.ts';
import { examples, fc } from '../support/properties.ts';

const chicago = 'America/Chicago';
const local = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(chicago).toInstant();

interface Case {
  booked: string;
  /** When its row was written, by the clock of the database. */
  kept?: string;
  /** Whether its customer was told of it by mail. */
  is_told?: boolean;
  visit: string;
  now?: string;
  settings?: Record<string, unknown>;
  status?: 'scheduled' | 'in_progress' | 'closed' | 'cancelled';
  answer?: 'not_sent' | 'pending' | 'accepted' | 'declined' | 'modify_requested';
  is_reminded?: boolean;
}

/** What a visit calls for, in local time: `confirmation_follow_up 2026-11-20T10:00`. */
function planned({ booked, visit, now = booked, kept = booked, settings = {}, ...standing }: Case): string[] {
  const context = { now: local(now), organization: { time_zone: chicago, settings } };
  return mailsOf(context, {
    status: standing.status ?? 'scheduled',
    confirmation_status: standing.answer ?? 'pending',
    scheduled_at: local(visit).toString(),
    told_at: standing.is_told === false ? null : local(booked).toString(),
    created_at: local(kept).toString(),
    is_reminded: standing.is_reminded ?? true,
  }).map(({ kind, send_at }) => {
    const at = send_at.toZonedDateTimeISO(chicago).toPlainDateTime().toString({ smallestUnit: 'minute' });
    return `${kind} ${at}`;
  });
}

const ordinary: Case = { booked: '2026-11-18T10:00', visit: '2026-12-01T14:00' };
const asked = ['confirmation_follow_up 2026-11-20T10:00', 'confirmation_follow_up 2026-11-30T14:00'];
const reminded = 'reminder 2026-11-30T09:00';

describe('a visit whose customer was told of it by mail', () => {
  test('is asked about again after 48 hours and 24 hours before, and its customer is reminded at nine the day before', () => {
    expect(planned(ordinary)).toEqual([...asked, reminded]);
  });

  test('is not asked about again once the customer has answered', () => {
    expect(planned({ ...ordinary, answer: 'accepted' })).toEqual([reminded]);
    expect(planned({ ...ordinary, answer: 'not_sent' })).toEqual([reminded]);
    for (const answer of ['declined', 'modify_requested'] as const)
      expect(planned({ ...ordinary, answer })).toEqual([]);
  });

  test('has a reminder by the clock of the business, wherever that of the database stands', () => {
    for (const kept of ['2020-01-01T10:00', '2031-01-01T10:00'])
      expect(planned({ ...ordinary, is_told: false, answer: 'not_sent', kept })).toEqual([reminded]);
  });

  test('calls for nothing when it is over, under way, cancelled, or its hour has come', () => {
    for (const status of ['closed', 'cancelled', 'in_progress'] as const)
      expect(planned({ ...ordinary, status })).toEqual([]);
    expect(planned({ ...ordinary, now: '2026-12-01T14:00' })).toEqual([]);
    expect(planned({ ...ordinary, now: '2026-12-01T13:59' })).toEqual([...asked, reminded]);
  });

  test('has no reminder when it was booked on the day before or the same day', () => {
    expect(planned({ ...ordinary, booked: '2026-11-30T08:00' })).toEqual([]);
    expect(planned({ ...ordinary, booked: '2026-12-01T08:00' })).toEqual([]);
    expect(planned({ ...ordinary, booked: '2026-11-29T20:00' })).toEqual([
      'confirmation_follow_up 2026-11-30T14:00',
      reminded,
    ]);
  });

  test('is not asked about twice within twelve hours, nor within twelve hours of the first mail', () => {
    // 48 hours after and 24 hours before are the same evening.
    expect(planned({ ...ordinary, booked: '2026-11-28T09:00' })).toEqual([
      'confirmation_follow_up 2026-11-30T09:00',
      reminded,
    ]);
    expect(planned({ booked: '2026-11-30T06:00', visit: '2026-12-01T14:00' })).toEqual([]);
  });

  test('goes by the settings of the business', () => {
    const settings = {
      confirmation_follow_up_hours: 72,
      confirmation_last_call_hours: 48,
      confirmation_follow_ups: 2,
    };
    expect(planned({ ...ordinary, settings })).toEqual([
      'confirmation_follow_up 2026-11-21T10:00',
      'confirmation_follow_up 2026-11-29T14:00',
      reminded,
    ]);
    expect(planned({ ...ordinary, settings: { confirmation_follow_ups: 1 } })).toEqual([asked[0], reminded]);
    expect(planned({ ...ordinary, settings: { confirmation_follow_ups: 0 } })).toEqual([reminded]);
    expect(planned({ ...ordinary, settings: { visit_reminders: false } })).toEqual(asked);
  });

  test('is reminded of at nine on the wall of the business on the days the clocks change', () => {
    const reminders = (visit: string) => planned({ booked: '2026-10-01T10:00', visit, answer: 'accepted' });
    expect(reminders('2026-11-02T10:00')).toEqual(['reminder 2026-11-01T09:00']);
    expect(reminders('2026-11-01T10:00')).toEqual(['reminder 2026-10-31T09:00']);
    expect(planned({ booked: '2027-03-01T10:00', visit: '2027-03-15T10:00', answer: 'accepted' })).toEqual([
      'reminder 2027-03-14T09:00',
    ]);
  });

  test('is asked about twice at most, in time, and never before it was told of, whatever its times are', () => {
    const minutes = { min: 0, max: 60 * 24 * 40 };
    fc.assert(
      fc.property(fc.integer(minutes), fc.integer(minutes), (toldAfter, visitAfter) => {
        const start = local('2026-10-20T00:00');
        const told = start.add({ minutes: toldAfter });
        const visit = told.add({ minutes: visitAfter });
        const context = { now: told, organization: { time_zone: chicago, settings: {} } };
        const mails = mailsOf(context, {
          status: 'scheduled',
          confirmation_status: 'pending',
          scheduled_at: visit.toString(),
          told_at: told.toString(),
          created_at: told.toString(),
          is_reminded: true,
        });
        expect(mails.filter(({ kind }) => kind === 'confirmation_follow_up').length).toBeLessThanOrEqual(2);
        expect(mails.filter(({ kind }) => kind === 'reminder').length).toBeLessThanOrEqual(1);
        for (const { send_at, send_before } of mails) {
          expect(Temporal.Instant.compare(told, send_at)).toBe(-1);
          expect(Temporal.Instant.compare(send_at, send_before)).toBe(-1);
          expect(Temporal.Instant.compare(send_before, visit)).not.toBe(1);
        }
      }),
      { numRuns: examples(200) },
    );
  });
});
