import { expect, test } from 'vitest';
import { writeTogether } from '../../core/import/csv/one-by-one.ts';

test('rows that are written are on their way to the database before the next ones are made', async () => {
  const happened: string[] = [];
  const written = await writeTogether(
    { tx: { run: async () => 0 }, request: {} },
    Array.from({ length: 1200 }, (_, row) => row),
    some => {
      happened.push(`made from ${some[0]}`);
      return async () => {
        happened.push(`written from ${some[0]}`);
        // As a connection does, which sends what one turn of the event loop has written together.
        await new Promise<void>(isSent => process.nextTick(isSent));
        happened.push(`sent from ${some[0]}`);
      };
    },
    () => undefined,
  );
  expect(written).toHaveLength(1200);
  expect(happened).toEqual([
    'made from 0',
    'written from 0',
    'sent from 0',
    'made from 500',
    'written from 500',
    'sent from 500',
    'made from 1000',
    'written from 1000',
    'sent from 1000',
  ]);
});
