import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { instructions } from '../../mcp/tools/index.ts';
import { squareCsv } from '../import/square-files.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { useDesk } from './desk.ts';

// An answer says how complete it is: how many there are, how to go on, and what only stands in notes. Read as an agent does.

const office = useBrightPanes();
const desk = useDesk(office);

const cities = ['Huntsville', 'Madison', 'Athens'];

beforeAll(async () => {
  const { olivia, dana, done } = office();
  const people = Array.from({ length: 230 }, (_, index) => ({
    'First Name': `Nr${index}`,
    'Last Name': 'Quigley',
    'Phone Number': `(256) 555-${2000 + index}`,
    City: cities[index % 3] ?? '',
    'Street Address 1': `${index + 1} Gooch Ln`,
    'Postal Code': '35801',
    State: 'AL',
    // Fifty-three of them: what a file says is a note before anybody has read it.
    Memo: index < 53 ? 'Cat escapes!! Close the door.' : '',
  }));
  await done(olivia, 'import.square', { content: squareCsv(people) });
  await done(dana, 'contact.create', { full_name: 'Tom Alvarez' });
  await done(dana, 'attribute.set', { contact_id: 'Tom Alvarez', key: 'pet', value: 'cat' });
});

const page = z.object({
  customers: z.array(z.looseObject({ reference: z.string(), full_name: z.string() })).optional(),
  total: z.union([z.number(), z.string()]).optional(),
  next_cursor: z.string().optional(),
  only_in_notes: z.union([z.number(), z.string()]).optional(),
  hint: z.string().optional(),
});
const find = async (args: Record<string, unknown>) =>
  page.parse(await desk().use('find_customer', { limit: 20, ...args }));

/** Every page of a search: the references in their order, and what each page said of the whole. */
async function findAll(args: Record<string, unknown>) {
  const found: string[] = [];
  const totals = new Set<unknown>();
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor; pages++) {
    expect(pages).toBeLessThan(60);
    const { customers = [], total, next_cursor } = await find({ ...args, ...(cursor ? { cursor } : {}) });
    found.push(...customers.map(({ reference }) => reference));
    totals.add(total);
    cursor = next_cursor;
  }
  return { found, totals: [...totals] };
}

describe('a search for customers', () => {
  test('that finds more than it shows says how many there are, and goes on without a gap or a repetition', async () => {
    const { found, totals } = await findAll({ query: 'Quigley Madison' });
    expect(totals).toEqual([77]);
    expect(found).toHaveLength(77);
    expect(new Set(found).size).toBe(77);
    expect((await findAll({ query: 'Quigley Madison', limit: 7 })).found).toEqual(found);
  });

  test('that finds more than two hundred says so, and all of them are read page by page', async () => {
    const { found, totals } = await findAll({ query: 'Quigley' });
    expect(totals).toEqual(['more than 200']);
    expect(found).toHaveLength(230);
    expect(new Set(found).size).toBe(230);
  });

  test('goes on where it was although somebody new has come in between', async () => {
    const { olivia, done } = office();
    const first = await find({ query: 'Quigley Athens', limit: 5 });
    expect(first.total).toBe(76);
    await done(olivia, 'contact.create', { full_name: 'Athens Quigley' });
    const second = await find({ query: 'Quigley Athens', limit: 5, cursor: first.next_cursor });
    const [before, after] = [first, second].map(({ customers = [] }) => customers.map(one => one.reference));
    expect(after).toHaveLength(5);
    expect(before?.filter(reference => after?.includes(reference))).toEqual([]);
    expect(second.total).toBe(77);
  });

  test('that finds one or a few says that these are all', async () => {
    expect(await find({ query: 'Tom Alvarez' })).toMatchObject({ total: 1 });
    expect((await find({ query: 'Tom Alvarez' })).next_cursor).toBeUndefined();
    expect(await findAll({ query: 'Quigley 12 Gooch' })).toMatchObject({ totals: [1] });
  });

  test('refuses a cursor that somebody has changed, or of another search, and says what to do', async () => {
    const { next_cursor: cursor = '' } = await find({ query: 'Quigley Madison' });
    const [shown, ...rest] = z
      .array(z.unknown())
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    const moved = Buffer.from(JSON.stringify([Number(shown) + 1, ...rest])).toString('base64url');
    for (const args of [
      { query: 'Quigley Madison', cursor: moved },
      { query: 'Quigley Madison', cursor: `${cursor.slice(0, -2)}xx` },
      { query: 'Quigley Madison', cursor: 'page two' },
      { query: 'Quigley Athens', cursor },
    ]) {
      expect(await desk().refused('find_customer', { limit: 20, ...args })).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'cursor',
        hint: expect.stringContaining('next_cursor of the answer before'),
      });
    }
    expect((await find({ query: 'Quigley Madison', cursor })).customers).toHaveLength(20);
  });
});

describe('a search over everything', () => {
  const searched = z.object({
    rows: z.array(z.looseObject({ title: z.string(), open: z.string() })),
    next_cursor: z.string().optional(),
    totals: z
      .object({
        total: z.unknown(),
        kinds: z.array(z.object({ kind: z.string(), total: z.unknown() })).optional(),
      })
      .optional(),
  });
  const search = async (words: string, args: Record<string, unknown> = {}) =>
    searched.parse(await desk().use('crm_query', { type: 'search', search: words, ...args }));

  async function searchAll(words: string, args: Record<string, unknown> = {}) {
    const opened: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages === 0 || cursor; pages++) {
      expect(pages).toBeLessThan(60);
      const { rows, next_cursor } = await search(words, { ...args, ...(cursor ? { cursor } : {}) });
      opened.push(...rows.map(({ open }) => open));
      cursor = next_cursor;
    }
    return opened;
  }

  test('says how many there are of each kind, and shows all of them when asked to go on', async () => {
    const { totals } = await search('Gooch Athens');
    const kinds = new Map(totals?.kinds?.map(({ kind, total }) => [kind, total]));
    expect(kinds.get('contact')).toBe(76);
    expect(kinds.get('address')).toBe(76);
    const opened = await searchAll('Gooch Athens');
    expect(new Set(opened).size).toBe(opened.length);
    expect(opened).toHaveLength(Number(totals?.total));
  });

  test('of more than two hundred says so, and misses none of them', async () => {
    expect((await search('Quigley', { where: { kinds: ['contact'] } })).totals).toMatchObject({
      total: 'more than 200',
    });
    const opened = await searchAll('Quigley', { where: { kinds: ['contact'] }, limit: 50 });
    expect(opened).toHaveLength(231);
    expect(new Set(opened).size).toBe(231);
  });

  test('refuses a cursor of another search', async () => {
    const { next_cursor: cursor } = await search('Quigley');
    const other = { type: 'search', search: 'Gooch', cursor };
    expect(await desk().refused('crm_query', other)).toMatchObject({ field: 'cursor' });
  });

  test('of customers alone goes on, too, with filters', async () => {
    const asked = { type: 'contacts', search: 'Quigley Madison', where: { status: 'active' }, limit: 50 };
    const first = searchedRows.parse(await desk().use('crm_query', asked));
    const second = searchedRows.parse(await desk().use('crm_query', { ...asked, cursor: first.next_cursor }));
    const all = [...first.rows, ...second.rows].map(({ reference }) => reference);
    expect(all).toHaveLength(77);
    expect(new Set(all).size).toBe(77);
    expect(second.next_cursor).toBeUndefined();
  });
  const searchedRows = z.object({
    rows: z.array(z.looseObject({ reference: z.string() })),
    next_cursor: z.string().optional(),
  });
});

describe('who has a cat', () => {
  test('is answered with how many more mention it only in notes, and how to read these', async () => {
    const answer = await desk().use('find_customer', { attribute: 'pet=cat' });
    expect(answer).toMatchObject({
      booking_context: { full_name: expect.stringContaining('Tom Alvarez') },
      only_in_notes: 53,
      hint: '53 more mention it only in notes: in_notes: true lists them.',
    });
  });

  test('lists those of whom only a note says so, with what it says, page by page', async () => {
    const { found, totals } = await findAll({ attribute: 'pet=cat', in_notes: true });
    expect(totals).toEqual([53]);
    expect(new Set(found).size).toBe(53);
    const { customers = [] } = await find({ attribute: 'pet=cat', in_notes: true });
    expect(customers[0]?.note).toMatch(/N-\d+ Cat escapes!!/);
  });

  test('goes together with other words', async () => {
    expect(await find({ attribute: 'pet=cat', query: 'Madison', in_notes: true })).toMatchObject({
      total: 18,
    });
  });

  test('says so, too, when nobody has it as a fact, and says nothing where no note speaks of it', async () => {
    expect((await find({ attribute: 'pet=cats' })).hint).toContain('only in notes');
    const door = await find({ attribute: 'property_note=close the door' });
    expect(door.hint).toBe(
      'Nobody has it as a fact. 53 more mention it only in notes: in_notes: true lists them.',
    );
    const horse = await find({ attribute: 'pet=horse' });
    expect(horse.only_in_notes).toBeUndefined();
    expect(horse.hint).toContain('Nobody found');
  });

  test('is told of a list with the same filter as well', async () => {
    const { rows, warnings } = await desk().use('crm_query', {
      type: 'contacts',
      where: { attribute: 'pet=cat' },
    });
    expect(rows).toHaveLength(1);
    expect(warnings).toEqual([
      '53 more mention it only in notes: find_customer with attribute and in_notes: true.',
    ]);
  });

  test('wants an attribute for in_notes', async () => {
    expect(await desk().refused('find_customer', { query: 'cat', in_notes: true })).toMatchObject({
      field: 'in_notes',
    });
  });

  test('tells nobody of another business', async () => {
    const { clear, done } = office();
    const { customers, only_in_notes } = await done(clear.agent, 'find_customer', { attribute: 'pet=cat' });
    expect({ customers, only_in_notes }).toEqual({ customers: [], only_in_notes: undefined });
  });
});

describe('the notes of a record', () => {
  const notesOf = async (type: string, id: string) => {
    const [row] = await desk().query(type, { id, fields: ['notes'] });
    return z.array(z.looseObject({})).parse(row?.notes ?? []);
  };

  test('are answered to whoever asks for them as a field, with its own remark and how many more there are', async () => {
    const { dana, done } = office();
    await done(dana, 'contact.update', { contact_id: 'Mrs Hart', notes: 'Ring twice' });
    for (let count = 1; count <= 60; count++) {
      await done(dana, 'note.create', { contact_id: 'Mrs Hart', content: `Call ${count}`, extract: 'no' });
    }
    const notes = await notesOf('contacts', 'Mrs Hart');
    expect(notes[0]).toEqual({ own_notes: '«Ring twice»' });
    expect(notes[1]).toMatchObject({ content: '«Call 60»' });
    expect(notes).toHaveLength(22);
    expect(notes.at(-1)).toEqual({ more: 40, hint: 'All of them: crm_query notes, where contact_id.' });
  });

  test('do not hide its own remark from whoever includes them', async () => {
    const { dana, done, book } = office();
    const visit = await book('2026-11-23T11:00', { lines: ['Gutter Cleaning'], notes: 'Long ladder' });
    const asked = { type: 'tickets', id: visit.reference, include: ['notes'] };
    const warnings = [`The field notes of ${String(visit.reference)} says: «Long ladder»`];
    expect(await desk().use('crm_query', asked)).toMatchObject({ warnings });
    await done(dana, 'note.create', { ticket_id: visit.reference, content: 'Rang', extract: 'no' });
    expect(await desk().use('crm_query', asked)).toMatchObject({
      rows: [{ notes: [{ content: '«Rang»' }] }],
      warnings,
    });
    expect((await desk().use('crm_query', { ...asked, include: [] })).warnings).toBeUndefined();
  });

  test('are there for every record that has notes, whatever else of it is called so', async () => {
    const { dana, done, book } = office();
    const visit = await book('2026-11-23T09:00', { lines: ['Gutter Cleaning'] });
    const lead = await done(dana, 'lead.create', { full_name: 'Gina Foster', phone: '(256) 555-0182' });
    const about: Record<string, Record<string, unknown>> = {
      contact: { contact_id: 'Jane Smith' },
      ticket: { ticket_id: visit.reference },
      lead: { lead_id: lead.reference },
    };
    const { registry } = office().app;
    const owners = [...registry.relations].filter(([, children]) =>
      children.some(({ child, to }) => child.name === 'note' && to.as === 'notes'),
    );
    expect(owners.map(([name]) => name).sort()).toEqual(Object.keys(about).sort());
    for (const [name] of owners) {
      const subject = about[name] ?? {};
      await done(dana, 'note.create', { ...subject, content: `About a ${name}`, extract: 'no' });
      const plural = registry.records.get(name)?.plural ?? '';
      const [id] = Object.values(subject).map(String);
      expect(JSON.stringify(await notesOf(plural, id ?? ''))).toContain(`About a ${name}`);
    }
  });

  test('are named to whoever reads without this tool and would take an empty field for all there is', async () => {
    const { app, bright, dana, done } = office();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Walter Green' });
    const read = (type: string, id: string) =>
      app.read(bright.agent, type, { id, fields: ['reference', 'notes'] }, { request_id: newId() });
    expect((await read('contacts', String(reference))).warnings).toEqual([]);
    await done(dana, 'note.create', { contact_id: reference, content: 'Pays by check', extract: 'no' });
    expect((await read('contacts', String(reference))).warnings).toEqual([
      'The field notes is empty, but there are notes (1): include=notes.',
    ]);
    expect(await refusal(read('leads', 'L-1'))).toMatchObject({
      field: 'fields',
      hint: 'Ask for them with include: ["notes"].',
    });
  });

  test('stay empty where there are none', async () => {
    const { dana, done } = office();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Nora Quinn' });
    expect(await notesOf('contacts', String(reference))).toEqual([]);
  });

  test('so do other parts of a record: its lines, in a list, too', async () => {
    const [row] = await desk().query('tickets', { id: 'T-2001', fields: ['reference', 'lines'] });
    expect(row).toMatchObject({ reference: 'T-2001', lines: [expect.objectContaining({ line_id: 1 })] });
    const rows = await desk().query('contacts', { search: 'Hart', fields: ['reference', 'notes'] });
    expect(JSON.stringify(rows)).toContain('Ring twice');
  });
});

describe('before a booking', () => {
  test('every fact has the number it is addressed by, and how to get in is never left out', async () => {
    const { dana, done } = office();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Ruth Bell' });
    const contact_id = String(reference);
    for (let count = 1; count <= 45; count++)
      await done(dana, 'attribute.set', { contact_id, key: `thing_${count}`, value: `number ${count}` });
    const code = await done(dana, 'attribute.set', { contact_id, key: 'shed_code', value: '4417' });
    const known = z.object({ attributes: z.array(z.string()), hint: z.string() });
    const [row] = await desk().query('booking_context', { where: { contact_id } });
    const { attributes, hint } = known.parse(row);
    expect(attributes.every(text => /^«AT-\d+ .+»$/.test(text))).toBe(true);
    expect(attributes).toContain(`«${code.reference} shed_code: 4417»`);
    expect(attributes).toHaveLength(40);
    expect(hint).toBe(`6 more facts: crm_query attributes, where contact_id ${contact_id}.`);
    // The number is all it takes to put a fact right.
    await done(dana, 'attribute.confirm', { corrections: [{ attribute_id: code.reference, value: '4418' }] });
    const [after] = await desk().query('booking_context', { where: { contact_id } });
    expect(known.parse(after).attributes).toContain(`«${code.reference} shed_code: 4418»`);
  });

  test('the last visit is one that was, and those that should be over are shown as such', async () => {
    const { book, done, dana, setClock } = office();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Doris Lang' });
    const theirs = { contact_id: reference, lines: ['Gutter Cleaning'] };
    const forgotten = await book('2026-11-19T09:00', theirs);
    const next = await book('2026-12-07T09:00', theirs);
    setClock('2026-11-25T08:00:00-06:00');
    const doris = await desk().use('find_customer', { query: 'Doris Lang' });
    expect(doris.booking_context).not.toHaveProperty('last_visit');
    expect(doris).toMatchObject({
      booking_context: {
        should_be_over: [{ reference: forgotten.reference, status: 'scheduled' }],
        next_visit: { reference: next.reference },
      },
    });
    setClock('2026-11-18T08:00:00-06:00');
  });
});

test('an agent knows before its first call how to pass on what the owner said, and what technicians see', () => {
  expect(instructions).toContain('said_by: owner');
  expect(instructions).toMatch(/Technicians see on their visit .*facts, notes and codes/);
});
