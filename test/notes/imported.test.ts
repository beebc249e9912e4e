import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Cells, squareCsv } from '../import/square-files.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';

// The notes of a customer file say as much of people as those written here: what they say is known a moment later.

const panes = useBrightPanes();
let number = 1000;

const row = (first: string, last: string, memo: string): Cells => ({
  'First Name': first,
  'Last Name': last,
  'Phone Number': `(256) 555-${++number}`,
  Memo: memo,
});

/** Imports customers as the owner; answers the import. */
const bring = async (...rows: Cells[]): Promise<string> =>
  String((await panes().done(panes().olivia, 'import.square', { content: squareCsv(rows) })).import);

/** Lets the worker do what waits; answers what it complained about. */
const work = () =>
  whileWorking(panes(), () =>
    vi.waitFor(async () => {
      const { rows } = await panes().database.owner.query(
        `select kind from jobs where kind = 'note.read_imported' and done_at is null and dead_at is null`,
      );
      expect(rows).toEqual([]);
    }, soon),
  );

const factsOf = (contact_id: string) =>
  panes().read(panes().dana, 'attributes', { params: { contact_id }, limit: 100 });
const notesOf = (contact_id: string) =>
  panes().read(panes().dana, 'notes', { params: { contact_id }, limit: 100 });
const again = (import_id: string, who = panes().olivia) =>
  panes().done(who, 'note.read_imported', { import_id });

describe('what imported notes say', () => {
  let brought = '';
  beforeAll(async () => {
    brought = await bring(
      row('Cora', 'Finch', 'Cat escapes!! Keep gate closed.'),
      row('Ada', 'Stone', 'Elderly. Gate code 4417.'),
      row('Ben', 'Plain', ''),
    );
    expect(await work()).toEqual([]);
  });

  test('is known of the customer, unconfirmed, with the note it stands in', async () => {
    const [note] = await notesOf('Cora Finch');
    expect(note).toMatchObject({ source: 'import', extraction_status: 'done', extracted_by: 'rules' });
    const ofTheNote = { params: { note_id: String(note?.id), key: 'pet' } };
    const [cat] = await panes().read(panes().dana, 'attributes', ofTheNote);
    expect(cat).toMatchObject({
      value: 'cat',
      source: 'note',
      extracted_by: 'rules',
      is_confirmed: false,
    });
    const gate = (await factsOf('Ada Stone')).find(({ key }) => key === 'gate_code');
    expect(gate).toMatchObject({ value: '4417', is_confirmed: false });
    expect(await factsOf('Ben Plain')).toEqual([]);
  });

  test('finds the customer by the fact', async () => {
    const { agent, done } = panes();
    expect(await done(agent, 'find_customer', { attribute: 'pet=cat' })).toMatchObject({
      booking_context: { full_name: 'Cora Finch' },
    });
  });

  test('is read once: nothing comes twice, and what somebody called wrong stays away', async () => {
    const { dana, done } = panes();
    const [cat] = (await factsOf('Cora Finch')).filter(({ key }) => key === 'pet');
    await done(dana, 'attribute.delete', { attribute_id: cat?.reference });
    const before = await factsOf('Ada Stone');
    expect(await again(brought)).toEqual({ notes: 0, facts: 0, left: false });
    expect(await factsOf('Ada Stone')).toEqual(before);
    expect((await factsOf('Cora Finch')).map(({ key }) => key)).not.toContain('pet');
  });

  test('goes when the import is taken back', async () => {
    const count = async () =>
      Number(
        (
          await panes().database.owner.query(
            `select count(*) as n from attributes as a join contacts as c on c.id = a.contact_id
             where c.full_name in ('Cora Finch', 'Ada Stone') and a.deleted_at is null`,
          )
        ).rows[0]?.n,
      );
    expect(await count()).toBeGreaterThan(0);
    await panes().done(panes().olivia, 'import.undo', { import_id: brought });
    expect(await count()).toBe(0);
    expect(await again(brought)).toEqual({ notes: 0, facts: 0, left: false });
  });
});

describe('a large file', () => {
  test('is read some notes at a time, each once, until nothing is left', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => row(`Nora${index}`, 'Many', 'Dog named Biscuit.'));
    const brought = await bring(...rows);
    expect(await again(brought)).toEqual({ notes: 25, facts: 25, left: true });
    expect(await work()).toEqual([]);
    expect(await again(brought)).toEqual({ notes: 0, facts: 0, left: false });
    const { rows: facts } = await panes().database.owner.query(
      `select a.contact_id from attributes as a join contacts as c on c.id = a.contact_id
       where c.last_name = 'Many' and a.key = 'pet'`,
    );
    expect(facts).toHaveLength(60);
    expect(new Set(facts.map(({ contact_id }) => contact_id)).size).toBe(60);
  });

  test('keeps what a person has deleted before it was read, and what is confirmed', async () => {
    const { dana, done } = panes();
    const brought = await bring(row('Dora', 'Gone', 'Two dogs.'), row('Ella', 'Sure', 'Has a dog.'));
    const [note] = await notesOf('Dora Gone');
    await done(dana, 'note.delete', { note_id: note?.reference });
    await done(dana, 'attribute.set', { contact_id: 'Ella Sure', key: 'pet', value: 'dog' });
    await work();
    expect(await factsOf('Dora Gone')).toEqual([]);
    expect(await factsOf('Ella Sure')).toMatchObject([
      { value: 'dog', source: 'manual', is_confirmed: true },
    ]);
    expect(await again(brought)).toEqual({ notes: 0, facts: 0, left: false });
  });

  test('is nobody else’s to read', async () => {
    const brought = await bring(row('Finn', 'Ours', 'Three cats.'));
    const { clear, agent, act, theo } = panes();
    const call = { import_id: brought };
    expect(await refusal(act(clear.owner, 'note.read_imported', call))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(act(agent, 'note.read_imported', call))).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await refusal(act(theo, 'note.read_imported', call))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await again(brought)).toMatchObject({ notes: 1 });
  });
});
