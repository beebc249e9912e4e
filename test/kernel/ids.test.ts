import { afterEach, expect, test, vi } from 'vitest';
import { isUuid, newId } from '../../core/kernel/database/ids.ts';

afterEach(() => vi.useRealTimers());

const many = (count: number) => Array.from({ length: count }, newId);

test('ids are UUIDs of version 7, none of them twice, in the order in which they were asked for', () => {
  const ids = many(5_000);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  expect(ids.every(id => isUuid(id) && id[14] === '7' && /[89ab]/.test(id[19] ?? ''))).toBe(true);
});

test('an id begins with the moment it was made in', () => {
  vi.useFakeTimers({ now: new Date('2099-03-01T12:00:00.123Z') });
  expect(Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16)).toBe(Date.now());
});

test('ids stay in order while the clock is set back by seconds', () => {
  const before = newId();
  vi.useFakeTimers({ now: Date.now() - 20_000 });
  const after = many(3);
  expect([before, ...after].sort()).toEqual([before, ...after]);
});

test('ids are of the time it is once a clock that was far ahead is set right', () => {
  vi.useFakeTimers({ now: new Date('2099-03-01T12:00:00Z') });
  many(3);
  vi.useFakeTimers({ now: new Date('2099-02-01T12:00:00Z') });
  const after = many(3);
  for (const id of after) expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.now());
  expect([...after].sort()).toEqual(after);
});
