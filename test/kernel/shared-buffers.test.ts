import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { memoryHere, sharedBuffers } from '../../core/kernel/database/postgres/shared-buffers.ts';

const MB = 2 ** 20;

test('the database keeps an eighth of the memory at hand, within what is of use', () => {
  expect(sharedBuffers(256 * MB)).toBe('64MB');
  expect(sharedBuffers(1024 * MB)).toBe('128MB');
  expect(sharedBuffers(2048 * MB)).toBe('256MB');
  expect(sharedBuffers(65_536 * MB)).toBe('256MB');
});

test('a machine without a limit counts with all it has', () => {
  expect(memoryHere()).toBeGreaterThan(0);
  expect(memoryHere()).toBeLessThanOrEqual(totalmem());
});
