import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gathered } from '../../api/logger.ts';

let written: string[];
let log: ReturnType<typeof gathered>;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  log = gathered({ write: text => written.push(text) });
});
afterEach(() => vi.useRealTimers());

const request = (n: number) => `{"level":30,"n":${n}}\n`;
const warning = '{"level":40,"msg":"outage"}\n';

test('the lines of a moment are written together and in order', () => {
  for (const n of [1, 2, 3]) log.write(request(n));
  expect(written).toEqual([]);
  vi.advanceTimersByTime(50);
  log.write(request(4));
  vi.advanceTimersByTime(50);
  expect(written).toEqual([request(1) + request(2) + request(3), request(4)]);
});

test('a warning is written at once, behind what came before it', () => {
  log.write(request(1));
  log.write(warning);
  expect(written).toEqual([request(1) + warning]);
  vi.advanceTimersByTime(1_000);
  expect(written).toHaveLength(1);
});

test('many lines do not wait for the moment to end', () => {
  const line = request(1);
  for (let n = 0; n * line.length < 16_384; n++) log.write(line);
  expect(written.join('').length).toBeGreaterThanOrEqual(16_384);
});

test('what is left is written when the process exits', () => {
  log.write(request(1));
  const ours = process.listeners('exit').at(-1);
  ours?.(0);
  expect(written).toEqual([request(1)]);
});
