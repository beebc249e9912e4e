import { expect, test } from 'vitest';
import { firstOf } from '../../api/cli/installation.ts';

test('of many businesses ten are named, and how many more there are; of few, all', () => {
  const names = Array.from({ length: 10_000 }, (_, number) => `business-${number}`);
  expect(firstOf(names)).toBe(`${names.slice(0, 10).join(', ')} and 9990 more`);
  expect(firstOf(names.slice(0, 10))).toBe(names.slice(0, 10).join(', '));
});
