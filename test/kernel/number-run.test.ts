import { describe, expect, test } from 'vitest';
import { Run } from '../../core/kernel/database/number-run.ts';

// When numbers are taken ahead of those who will want them, and how many (decision 045).

/** A run in which somebody asked every two milliseconds `times` times, and always got the next number. */
function afterAsking(times: number, every_ms = 2) {
  const run = new Run();
  let first = 1;
  let ahead = 0;
  for (let turn = 0; turn < times; turn += 1) {
    if (run.hand(1) !== undefined) continue;
    ahead = run.ahead(turn * every_ms);
    run.note({ first, count: 1, ahead });
    first += 1 + ahead;
  }
  return { run, ahead, next: first, now: times * every_ms };
}

describe('numbers are taken ahead', () => {
  test('for none who come now and then', () => {
    expect(afterAsking(16).ahead).toBe(0);
    expect(afterAsking(100, 25).ahead).toBe(0);
  });

  test('when many come one after the other, half of what they want in the time it is kept', () => {
    expect(afterAsking(18).ahead).toBe(6);
    expect(afterAsking(18, 8).ahead).toBe(1);
    expect(afterAsking(40, 0.1).ahead).toBe(16);
  });

  test('and no more once another process has taken one', () => {
    const { run, next, now } = afterAsking(18);
    while (run.spare > 0) run.hand(1);
    run.note({ first: next + 1, count: 1, ahead: 0 });
    expect(run.ahead(now)).toBe(0);
  });

  test('and no more after a pause', () => {
    const { run, now } = afterAsking(18);
    expect(run.ahead(now + 30)).toBe(0);
  });
});

describe('a number that came to nothing', () => {
  test('is the next one again, while nobody has the one after it', () => {
    const { run } = afterAsking(18);
    const [one, two] = [run.hand(1) ?? 0, run.hand(1) ?? 0];
    expect(two).toBe(one + 1);
    // It stays a gap: the one after it is somebody's.
    expect(run.takesBack(one, 1)).toBe(true);
    expect(run.hand(1)).toBe(two + 1);
    expect(run.takesBack(two + 1, 1)).toBe(true);
    expect(run.hand(1)).toBe(two + 1);
  });

  test('is given back to the business when nothing is kept', () => {
    expect(afterAsking(10).run.takesBack(10, 1)).toBe(false);
  });
});
