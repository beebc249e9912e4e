import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { as, storyTime, useOffice } from '../support/office.ts';
import { asSuperuser, useFolder } from './archives.ts';
import { fetchFile, unzipped, writeFiles } from './files.ts';
import { tellWholeStory } from './whole-story.ts';

// A customer asks what is known of them: the owner takes it along in one file, whole, and of nobody else.

const office = useOffice();
const folder = useFolder();
let customer: string;
let files: Map<string, string>;
let whole: string;
const olivia = () => office().bright.owner;
const ask = (who: Caller, contact_id: string = customer, extra = {}) =>
  office().act(who, 'contact.export', { contact_id }, extra);
const json = (name: string) => JSON.parse(files.get(`data/${name}.json`) ?? 'null');
/** Somebody who works at the same company, lives at the same address and was told of by name nowhere. */
const other = { full_name: 'Zebulon Otherwise', email: 'zebulon@customers.example', phone: '(256) 555-0188' };

beforeAll(async () => {
  const { bright, clear, done, read } = office();
  await tellWholeStory(office(), bright, 'Brightly');
  await tellWholeStory(office(), clear, 'Quorl');
  const [row] = await read(olivia(), 'contacts', {
    search: 'Brightly Customer',
    fields: ['id', 'company_id'],
  });
  customer = String(row?.id);
  const [place] = await read(olivia(), 'addresses', { params: { contact_id: customer } });
  const { id } = await done(olivia(), 'contact.create', { ...other, company_id: row?.company_id });
  await done(olivia(), 'note.create', { contact_id: id, content: 'Zebulon has a crocodile' });
  await done(olivia(), 'task.create', { contact_id: id, title: 'Ring Zebulon', due_at: '2026-12-01T09:00' });
  await done(olivia(), 'ticket.create', {
    contact_id: id,
    scheduled_at: '2026-12-28T09:00',
    duration_minutes: 30,
    notes: 'Zebulon at the back door',
  });
  // At the address of the other one: no action books that, an import of years ago may have.
  await asSuperuser(office().database.admin, [
    [`update tickets set address_id = $1 where notes = 'Zebulon at the back door'`, [place?.id]],
  ]);
  const gone = await done(olivia(), 'note.create', { contact_id: customer, content: 'Meant for Zebulon' });
  await done(olivia(), 'note.delete', { note_id: gone.id });
  const { reference } = await done(olivia(), 'contact.export', { contact_id: customer });
  await writeFiles(office(), olivia());
  files = await unzipped(office(), olivia(), { export_id: String(reference), folder: folder() });
  whole = [...files].map(([name, text]) => `${name}\n${text}`).join('\n');
});
beforeEach(() => office().setClock(storyTime));

describe('the file of one customer', () => {
  test('has a page to read, a file of each kind for programs, and their bills', () => {
    expect([...files.keys()]).toEqual(expect.arrayContaining(['index.html', 'data/about.json']));
    expect([...files.keys()].filter(name => name.endsWith('.pdf')).length).toBeGreaterThan(0);
    expect(json('contacts')).toEqual([
      expect.objectContaining({ full_name: 'Brightly Customer', email: 'brightly@customers.example' }),
    ]);
    expect(json('addresses')).toEqual([expect.objectContaining({ line1: '12 Brightly Lane' })]);
    expect(files.get('index.html')).toContain('12 Brightly Lane');
  });

  test('has every living row of every kind that names them, as the lists of the business count them', async () => {
    const kinds = office().app.registry.relations.get('contact') ?? [];
    const counted: [string, number, number][] = [];
    for (const { child, column } of kinds) {
      if (['export', 'contact_merge'].includes(child.name)) continue;
      const { rows } = await office().database.owner.query(
        `select count(*)::int as count from ${child.table}
         where ${column} = $1 ${child.soft_deletes ? 'and deleted_at is null' : ''}`,
        [customer],
      );
      counted.push([child.plural, (json(child.plural) ?? []).length, rows[0].count]);
    }
    expect(counted.filter(([, , there]) => there > 0).length).toBeGreaterThan(10);
    // What belongs to them by a visit or a bill comes besides, so there may be more.
    expect(counted.filter(([, told, there]) => told < there)).toEqual([]);
  });

  test('tells what was done on each visit and what each bill is made of', () => {
    const [visit] = json('tickets');
    expect(visit.lines[0]).toMatchObject({ description: 'Brightly windows', unit_price_cents: 1500 });
    expect(visit.technicians).toEqual([{ name: 'Brightly Walker' }]);
    expect(json('invoices')[0].lines[0]).toMatchObject({ description: 'Brightly windows' });
  });

  test('says nothing of other customers, not even of one at the same address and company', () => {
    expect(whole).not.toMatch(/Zebulon|crocodile|555-?0188/);
    expect(whole).not.toContain('Quorl');
    expect(whole).toContain('Brightly Holdings');
  });

  test('holds nothing that opens a door, and no id of ours', async () => {
    const { rows } = await office().database.owner.query<{ secret: string }>(
      `select encode(token_hash, 'hex') as secret from customer_links
       union all select encode(token_hash, 'base64') from customer_links
       union all select key_hash::text from agent_keys`,
    );
    expect(rows.length).toBeGreaterThan(2);
    for (const { secret } of rows) expect(whole).not.toContain(secret);
    expect(whole).not.toMatch(/stripe_|token|sealed|digest/);
    expect(whole).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/);
  });

  test('tells the changes of what is in it, and nothing of what was removed', () => {
    expect(json('history').length).toBeGreaterThan(5);
    expect(json('history')[0]).toMatchObject({ what: 'customer', reference: 'C-1001', action: 'create' });
    const moments = json('history').map(({ at }: { at: string }) => Date.parse(at));
    expect(moments).toEqual(moments.toSorted((a: number, b: number) => a - b));
    const known = new Set(whole.match(/\b[A-Z]{1,4}-[\d-]+\b/g));
    for (const { reference } of json('history'))
      if (/-\d/.test(reference)) expect(known).toContain(reference);
  });

  test('its page runs nothing, and what somebody wrote stays text', () => {
    const page = files.get('index.html') ?? '';
    expect(page).not.toMatch(/<script|<b>|onerror=|src=/);
    expect(page).toContain('&lt;b&gt;');
  });
});

describe('asking for the file of a customer', () => {
  test('is for the owner', async () => {
    for (const who of ['Dana', 'Theo'])
      await expect(ask(as(office().bright, who))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask(olivia())).toMatchObject({ status: 'done' });
    await writeFiles(office(), olivia());
  });

  test('by an agent waits for the owner, each time', async () => {
    const reasoning = 'They wrote and asked for their data';
    const first = await ask(office().bright.agent, customer, { reasoning });
    expect(first).toMatchObject({ status: 'pending_authorization' });
    const before = await office().read(olivia(), 'exports', { limit: 100 });
    expect(before.filter(({ status }) => status === 'waiting')).toEqual([]);
  });

  test('finds nobody of another business', async () => {
    await expect(ask(office().clear.owner)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask(olivia(), 'C-9999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('twice at once writes one file', async () => {
    const answers = await Promise.allSettled([ask(olivia()), ask(olivia())]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(ask(olivia())).rejects.toMatchObject({ code: 'CONFLICT' });
    await writeFiles(office(), olivia());
  });

  test('stands in the history of the customer', async () => {
    const [row] = await office().read(olivia(), 'contacts', { id: customer, include: ['audit_trail'] });
    expect(JSON.stringify(row?.audit_trail)).toContain('exported');
  });
});

test('the file is fetched by the owner alone, for seven days, and is gone from the database then', async () => {
  const { bright, clear, done, database } = office();
  const { reference } = await done(olivia(), 'contact.export', { contact_id: customer });
  await writeFiles(office(), olivia());
  const export_id = String(reference);
  expect((await fetchFile(office(), olivia(), export_id)).subarray(0, 2).toString()).toBe('PK');
  const query = { params: { export_id } };
  await expect(office().read(as(bright, 'Dana'), 'export_file', query)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(office().read(bright.agent, 'export_file', query)).rejects.toMatchObject({
    code: 'HUMAN_ONLY',
  });
  const [row] = await office().read(olivia(), 'exports', { id: export_id });
  expect(await office().read(clear.owner, 'export_file', { params: { export_id: String(row?.id) } })).toEqual(
    [],
  );

  office().setClock('2026-11-25T07:59:00-06:00');
  expect(await office().read(olivia(), 'export_file', query)).toHaveLength(1);
  office().setClock('2026-11-25T08:01:00-06:00');
  expect(await office().read(olivia(), 'export_file', query)).toEqual([]);
  const parts = async () =>
    (await database.owner.query('select from export_parts where export_id = $1', [row?.id])).rowCount;
  expect(await parts()).toBe(1);
  await done({ via: 'system', organization_id: bright.id, name: 'worker' }, 'export.expire');
  expect(await parts()).toBe(0);
  expect(await office().read(olivia(), 'exports', { id: export_id })).toEqual([
    expect.objectContaining({ status: 'gone' }),
  ]);
});
