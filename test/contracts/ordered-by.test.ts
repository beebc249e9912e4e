import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// "order by id" means what is answered as `id` before it means the column: ids in time-order, and then the same at random.

const sources = ['core', 'authorization-queue', 'api'].flatMap(root =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${root}/${name}`),
);

/** Statements that answer something else as `id` and are then ordered by that. */
const misordered = (text: string): string[] =>
  (text.match(/sql`(?:\$\{[^`}]*\}|[^`])*`/g) ?? []).filter(
    statement => /\b(?!id\b)\w+ as id\b/.test(statement) && /order by id\b/.test(statement),
  );

test('nothing is ordered by an id that is answered in place of its own', () => {
  expect(misordered('sql`select entity_id as id from log order by id`')).toHaveLength(1);
  expect(misordered('sql`select entity_id as id from audit_log order by audit_log.id`')).toEqual([]);
  expect(misordered('sql`select a.id as id from a order by id`')).toEqual([]);
  expect(sources.filter(file => misordered(readFileSync(file, 'utf8')).length > 0)).toEqual([]);
});
