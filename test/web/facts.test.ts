import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { csrfOf, fieldOf, tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
let session = '';

beforeAll(async () => {
  await tellStory(pages());
  session = await pages().signIn('dana@brightpanes.example');
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'note.create', {
    contact_id: 'C-1002',
    extract: 'now',
    content: 'Elderly woman, very nice. House has 20+ screens. Dog named Biscuit, keep gate closed.',
  });
});

const plain = (markup: string): string =>
  markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const see = async (path: string): Promise<string> => (await pages().send(path, { session })).text();

async function post(path: string, form: Record<string, string> = {}) {
  const fields = { csrf_token: await csrfOf(pages(), session), ...form };
  const response = await pages().send(path, { session, form: fields });
  return {
    status: response.status,
    location: response.headers.get('location'),
    text: plain(await response.text()),
  };
}

const factsOf = (contact_id: string) =>
  pages().read(pages().bright.owner, 'attributes', { params: { contact_id }, limit: 100 });

async function factNamed(contact_id: string, key: string) {
  const fact = (await factsOf(contact_id)).find(row => row.key === key);
  if (!fact) throw new Error(`${contact_id} has no fact ${key}`);
  return fact;
}

describe('the facts of a customer', () => {
  test('stand on their page, those nobody has confirmed marked so, with where they are from', async () => {
    const text = plain(await see('/contacts/C-1002'));
    expect(text).toMatch(/pet: dog \(name: Biscuit\) not confirmed from a note Confirm Drop/);
    expect(text).toMatch(/customer demographic: elderly not confirmed/);
    expect(text).toContain('Facts are understood from it and wait above until you confirm them.');
    expect(plain(await see('/contacts/C-1001'))).toContain('Nothing is known yet.');
  });

  test('are confirmed one by one, and dropped when they are wrong', async () => {
    const pet = await factNamed('C-1002', 'pet');
    const confirmed = await post(`/facts/${String(pet.reference)}/confirm`, { back: '/contacts/C-1002' });
    expect([confirmed.status, confirmed.location]).toEqual([303, '/contacts/C-1002']);
    expect(plain(await see('/contacts/C-1002'))).toMatch(/pet: dog \(name: Biscuit\) confirmed from a note/);
    expect(await factNamed('C-1002', 'pet')).toMatchObject({
      is_confirmed: true,
      confirmed_by: pages().bright.people.Dana?.id,
    });
    const screens = await factNamed('C-1002', 'property_screen_count');
    expect((await post(`/facts/${String(screens.reference)}/drop`)).location).toBe('/facts');
    expect(plain(await see('/contacts/C-1002'))).not.toContain('property screen count: 20+');
  });

  test('leads back to pages of ours only', async () => {
    const fact = await factNamed('C-1002', 'property_note');
    const form = { back: 'https://evil.example/' };
    expect((await post(`/facts/${String(fact.reference)}/confirm`, form)).location).toBe('/facts');
  });

  test('are written down by hand, once however often the button is pressed, and then are confirmed', async () => {
    const form = {
      fact: 'Pet: cat (name: Tiger, age: 4)',
      idempotency_key: fieldOf(await see('/contacts/C-1001'), 'idempotency_key'),
    };
    for (const _press of [1, 2]) {
      expect((await post('/contacts/C-1001/facts', form)).status).toBe(303);
    }
    expect(await factsOf('C-1001')).toMatchObject([
      {
        key: 'pet',
        value: 'cat',
        details: { name: 'Tiger', age: '4' },
        is_confirmed: true,
        source: 'manual',
      },
    ]);
    expect((await post('/contacts/C-1001/facts', { fact: ' ' })).text).toContain('Write something first.');
    const long = await post('/contacts/C-1001/facts', { fact: `pet: ${'x'.repeat(400)}` });
    expect(long.status).toBe(400);
    expect(await factsOf('C-1001')).toHaveLength(1);
  });

  test('nobody has confirmed are one list over all customers, and counted on the start page', async () => {
    const { done, bright } = pages();
    await done(bright.agent, 'attribute.set', { contact_id: 'C-1001', key: 'ladder', value: '24 feet' });
    const list = plain(await see('/facts'));
    expect(list).toMatch(/Jane Smith ladder: 24 feet from the assistant/);
    expect(list).toMatch(/Mrs Hart customer demographic: elderly/);
    expect(list).not.toContain('Tiger');
    expect(plain(await see('/'))).toMatch(/2 good to know, to confirm/);
    const nothing = await post('/facts', { step: 'keep', shown: 'AT-1 AT-2' });
    expect([nothing.status, nothing.text]).toEqual([400, expect.stringContaining('Tick what you mean')]);
    expect((await post('/contacts/C-1001/facts/confirm')).location).toBe('/contacts/C-1001');
    expect(plain(await see('/'))).toMatch(/1 good to know, to confirm/);
  });

  test('are kept and dropped in one pass, each beside the sentence it comes from', async () => {
    const { done, bright } = pages();
    const content = 'The gate sticks. She has a cat named Tom and 12 windows. Call before noon.';
    await done(as(bright, 'Dana'), 'note.create', { contact_id: 'C-1002', extract: 'now', content });
    const markup = await see('/facts');
    expect(plain(markup)).toContain('She has a cat named Tom and 12 windows.');
    const all = fieldOf(markup, 'shown').split(' ');
    const [first = '', second = ''] = all;
    expect(all.length).toBeGreaterThan(2);
    const kept = await post('/facts', { shown: all.join(' '), [`fact-${first}`]: 'yes', step: 'keep' });
    expect(kept.location).toBe('/facts');
    await post('/facts', { shown: all.join(' '), [`fact-${second}`]: 'yes', step: 'drop' });
    const left = fieldOf(await see('/facts'), 'shown').split(' ');
    expect(left).toEqual(all.filter(one => one !== first && one !== second));
    await post('/facts', {
      shown: left.join(' '),
      step: 'keep',
      ...Object.fromEntries(left.map(one => [`fact-${one}`, 'yes'])),
    });
    expect(plain(await see('/facts'))).toContain('Everything is confirmed.');
    await done(bright.agent, 'attribute.set', { contact_id: 'C-1002', key: 'ladder', value: '30 feet' });
  });

  test('of another business are not there, and without the token of this session nothing happens', async () => {
    const { done, clear } = pages();
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Theirs' });
    const fact = await done(clear.owner, 'attribute.set', {
      contact_id: String(theirs.id),
      key: 'pet',
      value: 'fish',
    });
    const id = String(fact.id);
    expect((await post(`/facts/${id}/drop`)).status).toBe(404);
    expect((await post(`/contacts/${String(theirs.id)}/facts`, { fact: 'pet: dog' })).status).toBe(404);
    const own = await factNamed('C-1001', 'pet');
    expect((await post(`/facts/${String(own.reference)}/drop`, { csrf_token: '' })).status).toBe(403);
    expect(await factNamed('C-1001', 'pet')).toMatchObject({ value: 'cat' });
    expect(await pages().read(clear.owner, 'attributes', { id })).toHaveLength(1);
  });
});

test('the timeline of a customer tells calls, notes, visits and mails on one line', async () => {
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'interaction.create', {
    type: 'phone_call',
    direction: 'inbound',
    contact_id: 'C-1001',
    body: 'Asks whether we do gutters.',
  });
  const text = plain(await see('/contacts/C-1001/timeline'));
  expect(text).toMatch(/Timeline of Jane Smith/);
  expect(text).toMatch(/phone call inbound IN-\d+ Asks whether we do gutters\./);
  expect(text).toMatch(/note N-\d+ Two dogs in the yard\./);
  expect(text).toMatch(/visit scheduled T-2001 Exterior windows, Screens/);
  const notes = plain(await see('/contacts/C-1001/timeline?kind=note'));
  expect(notes).toContain('Two dogs');
  expect(notes).not.toContain('gutters');
  expect((await pages().send('/contacts/C-9999/timeline', { session })).status).toBe(404);
});
