import path from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { testDatabase } from '../support/database.ts';
import { examples, fc } from '../support/properties.ts';
import { filesIn, restore, sumsOf, useFolder, write } from './archives.ts';

// Exports are taken while people work, and histories nobody thought of come back.

const panes = useBrightPanes();
const folder = useFolder();
const file = () => path.join(folder(), `${newId()}.zip`);

const linesOf = (files: ReadonlyMap<string, Buffer>, table: string): Record<string, unknown>[] =>
  String(files.get(`tables/${table}.jsonl`))
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));

test('what is taken out while people work is one moment of it, whole, and restores', async () => {
  const { done, dana, db, bright } = panes();
  let working = true;
  const work = async (name: string) => {
    for (let count = 0; working; count++) {
      const full_name = `${name} ${count}`;
      const { id: contact_id } = await done(dana, 'contact.create', { full_name });
      await done(dana, 'note.create', { contact_id, content: `${full_name} rang` });
      await done(dana, 'contact.update', { contact_id, notes: 'rang' });
    }
  };
  const workers = ['Ann', 'Ben', 'Cid'].map(work);
  const archives = [];
  for (let count = 0; count < 4; count++) {
    const archive = file();
    await write(db, bright.id, archive);
    archives.push(archive);
  }
  working = false;
  await Promise.all(workers);
  for (const archive of archives) {
    const files = await filesIn(archive);
    const [contacts, entries, counters] = ['contacts', 'audit_log', 'counters'].map(table =>
      linesOf(files, table),
    );
    const highest = Math.max(...(contacts ?? []).map(({ reference }) => Number(String(reference).slice(2))));
    // The rows and their history are of the same moment; the counter knows every number in them, and some that are on their way.
    const counted = Number(counters?.find(({ kind }) => kind === 'C')?.value);
    expect(counted).toBeGreaterThanOrEqual(highest);
    expect(counted).toBeLessThanOrEqual(highest + workers.length);
    const made = (entries ?? []).filter(
      ({ entity_type, action }) => entity_type === 'contact' && action === 'create',
    );
    expect(made.length).toBe(contacts?.length);
  }
  const elsewhere = await testDatabase();
  try {
    await expect(restore(elsewhere.admin, archives.at(-1) ?? '')).resolves.toMatchObject({
      tables: expect.any(Number),
    });
  } finally {
    await elsewhere.close();
  }
});

test('histories nobody thought of come back to the last byte', async () => {
  const { done, dana, db, bright, database } = panes();
  const words = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .map(text => `n${text.replaceAll('\0', '')}`);
  const step = fc.oneof(
    fc.record({
      action: fc.constant('contact.create'),
      data: fc.record({ full_name: fc.constant('Some One'), notes: words }),
    }),
    fc.record({
      action: fc.constant('note.create'),
      data: fc.record({ contact_id: fc.constant('C-1001'), content: words }),
    }),
    fc.record({
      action: fc.constant('task.create'),
      data: fc.record({
        title: words.map(text => text.slice(0, 40)),
        due_at: fc.constant('2026-12-01T09:00'),
      }),
    }),
    fc.record({
      action: fc.constant('ticket.create'),
      data: fc.record({
        contact_id: fc.constant('C-1002'),
        scheduled_at: fc
          .integer({ min: 1, max: 28 })
          .map(day => `2027-01-${String(day).padStart(2, '0')}T09:00`),
        duration_minutes: fc.integer({ min: 15, max: 300 }),
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
      // What is refused (no letters, too many lines) leaves nothing; all else is history.
      for (const { action, data } of steps) await done(dana, action, data).catch(() => undefined);
      const archive = file();
      const before = await write(db, bright.id, archive);
      const elsewhere = await testDatabase();
      try {
        // Restoring compares every table with its checksum before it commits, and says so by not throwing.
        const { rows } = await restore(elsewhere.admin, archive);
        expect(rows).toBe(before.tables.reduce((sum, table) => sum + table.rows, 0));
        const { rows: counted } = await elsewhere.owner.query('select count(*)::int as notes from notes');
        const { rows: here } = await database.owner.query(
          'select count(*)::int as notes from notes where organization_id = $1',
          [bright.id],
        );
        expect(counted).toEqual(here);
        expect(Object.keys(sumsOf(before)).length).toBeGreaterThan(50);
      } finally {
        await elsewhere.close();
      }
    }),
    { numRuns: examples(6) },
  );
});
