import { describe, expect, test } from 'vitest';
import { isOutdone, nextStep, stepsOf } from '../../core/invoices/reminder-steps.ts';

// Which step of reminding comes when: 3 and 10 days after a bill was due a mail, 21 days after it a call.

const steps = stepsOf({ organization: { settings: {} } });
const due_on = '2026-12-01';
const next = (today: string, taken?: { step: number; on: string }) => {
  const step = nextStep(steps, { due_on, taken, today });
  return step && [step.how, step.step, step.on];
};

describe('the usual steps', () => {
  test.each([
    ['2026-11-30', undefined],
    ['2026-12-01', ['mail', 1, '2026-12-04']],
    ['2026-12-03', ['mail', 1, '2026-12-04']],
    // Planned late, it is still seen a day before.
    ['2026-12-04', ['mail', 1, '2026-12-05']],
  ])('a first mail is planned three days before it goes: on %s', (today, expected) => {
    expect(next(today)).toEqual(expected);
  });

  test('the second comes seven days after the first, and the call eleven after that', () => {
    const first = { step: 1, on: '2026-12-04' };
    expect(next('2026-12-07', first)).toBeUndefined();
    expect(next('2026-12-08', first)).toEqual(['mail', 2, '2026-12-11']);
    const second = { step: 2, on: '2026-12-11' };
    expect(next('2026-12-21', second)).toBeUndefined();
    expect(next('2026-12-22', second)).toEqual(['call', 3, '2026-12-22']);
    expect(next('2027-03-01', { step: 3, on: '2026-12-22' })).toBeUndefined();
  });

  test('of several that were missed the newest alone is taken', () => {
    expect(next('2026-12-20')).toEqual(['mail', 2, '2026-12-21']);
  });

  test('nobody is called who was not written to before, and after a late mail the call waits as long as ever', () => {
    expect(next('2027-06-01')).toEqual(['mail', 2, '2027-06-02']);
    const late = { step: 2, on: '2027-06-02' };
    expect(next('2027-06-12', late)).toBeUndefined();
    expect(next('2027-06-13', late)).toEqual(['call', 3, '2027-06-13']);
  });

  test('a later step outdoes an earlier one as soon as it is due', () => {
    expect(isOutdone(steps, { step: 1, due_on, today: '2026-12-10' })).toBe(false);
    expect(isOutdone(steps, { step: 1, due_on, today: '2026-12-11' })).toBe(true);
    expect(isOutdone(steps, { step: 2, due_on, today: '2027-06-01' })).toBe(false);
  });
});

describe('steps of a business', () => {
  const of = (settings: Record<string, unknown>) =>
    stepsOf({ organization: { settings } }).map(({ how, days }) => `${how} ${days}`);

  test('0 days leave one out, and so do days that are not after the one before', () => {
    expect(of({})).toEqual(['mail 3', 'mail 10', 'call 21']);
    expect(of({ remind_after_days: 0 })).toEqual(['mail 10', 'call 21']);
    expect(of({ remind_again_after_days: 2, call_after_days: 0 })).toEqual(['mail 3']);
  });

  test('who only calls is called without a mail before', () => {
    const only = stepsOf({
      organization: { settings: { remind_after_days: 0, remind_again_after_days: 0, call_after_days: 7 } },
    });
    expect(nextStep(only, { due_on, taken: undefined, today: '2026-12-08' })).toMatchObject({ how: 'call' });
  });
});
