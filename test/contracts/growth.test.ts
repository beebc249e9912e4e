import { expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';
import { growth, writtenDown } from './growth.ts';

const office = useOffice();
const rows = async <T>(text: string) => (await office().database.owner.query(text)).rows as T[];

test('every table says what keeps it from growing for ever', async () => {
  const tables = await rows<{ name: string }>(
    `select relname as name from pg_class
     where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition`,
  );
  expect([...Object.keys(growth), ...writtenDown].sort()).toEqual(tables.map(({ name }) => name).sort());
});

test('a sweep that is said to empty a table does, and none empties another', async () => {
  const functions = await rows<{ name: string; text: string }>(
    `select proname as name, prosrc as text from pg_proc
     where pronamespace = 'public'::regnamespace and proname like 'sweep%'`,
  );
  const emptied = functions.flatMap(({ name, text }) =>
    [...text.matchAll(/delete from (\w+)/g)].map(([, table]) => `${table} by ${name}`),
  );
  const said = Object.entries(growth).flatMap(([table, bound]) =>
    typeof bound === 'object' && 'sweep' in bound ? [`${table} by ${bound.sweep}`] : [],
  );
  expect(emptied.sort()).toEqual(said.sort());
});

test('a table is in parts when it says so', async () => {
  const parted = await rows<{ name: string }>(
    `select relname as name from pg_class where relkind = 'p' and relnamespace = 'public'::regnamespace`,
  );
  const said = Object.entries(growth).filter(([, bound]) => typeof bound === 'object' && 'parts' in bound);
  expect(parted.map(({ name }) => name)).toEqual(said.map(([table]) => table));
});

test('a timer that is said to empty a table is registered', () => {
  for (const bound of Object.values(growth))
    if (typeof bound === 'object' && 'timer' in bound)
      expect([...office().app.registry.timers.keys()]).toContain(bound.timer);
});
