import { beforeAll, describe, expect, test } from 'vitest';
import { csrfOf, fieldOf, tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const dana = 'dana@brightpanes.example';

beforeAll(() => tellStory(pages()));

/** Sends the note form of Jane Smith as a browser without JavaScript does. */
async function writeNote(session: string, content: string, changes: Record<string, string> = {}) {
  const { send } = pages();
  const page = await (await send('/contacts/C-1001', { session })).text();
  const form = {
    csrf_token: fieldOf(page, 'csrf_token'),
    idempotency_key: fieldOf(page, 'idempotency_key'),
    content: content.replace(/\n/g, '\r\n'),
    ...changes,
  };
  return { form, response: await send('/contacts/C-1001/notes', { session, form }) };
}

async function follow(session: string, response: Response): Promise<string> {
  const flash = /deskhand_flash=[^;]+/.exec(response.headers.getSetCookie().join())?.[0] ?? '';
  const next = await pages().send(response.headers.get('location') ?? '', { session, cookie: flash });
  expect(next.headers.getSetCookie().join()).toContain('deskhand_flash=;');
  return next.text();
}

const notesOf = async () =>
  (await pages().read(pages().bright.owner, 'notes', { sort: '-created_at' })).map(note => note.content);

describe('a note on a contact', () => {
  test('is saved with its line breaks, shown on the page, and in the history under the writer’s name', async () => {
    const session = await pages().signIn(dana);
    const { response } = await writeNote(session, 'Gate code is on the fridge.\nCome after nine.');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/contacts/C-1001']);
    const page = await follow(session, response);
    expect(page).toContain('The note is saved.');
    expect(page).toContain(
      '<div class="prose" dir="auto">Gate code is on the fridge.\nCome after nine.</div>',
    );
    expect((await notesOf())[0]).toBe('Gate code is on the fridge.\nCome after nine.');
    expect(page.slice(page.indexOf('id="history"'))).toMatch(/<bdi>Dana<\/bdi><\/b> created note/);
  });

  test('loses a card number also without JavaScript, and the writer is told on the next page', async () => {
    const session = await pages().signIn(dana);
    const { response } = await writeNote(session, 'Card 4242 4242 4242 4242, call first.');
    const page = await follow(session, response);
    expect(page).toContain('A card number was removed');
    expect(page).toContain('Card [REDACTED CARD ..4242], call first.');
    expect(page).not.toContain('4242 4242');
    expect((await notesOf())[0]).toBe('Card [REDACTED CARD ..4242], call first.');
    const harmless = await follow(session, (await writeNote(session, 'Call (256) 555-0142 first.')).response);
    expect(harmless).not.toContain('was removed');
    expect(harmless).toContain('Call (256) 555-0142 first.');
  });

  test('sent twice by an impatient finger is one note', async () => {
    const { send } = pages();
    const session = await pages().signIn(dana);
    const { form } = await writeNote(session, 'Ladder needed.');
    expect((await send('/contacts/C-1001/notes', { session, form })).status).toBe(303);
    expect((await notesOf()).filter(content => content === 'Ladder needed.')).toHaveLength(1);
  });

  test('without words is asked for again, and one that is too long comes back whole', async () => {
    const session = await pages().signIn(dana);
    const before = (await notesOf()).length;
    const empty = await writeNote(session, '  \n ');
    expect(empty.response.status).toBe(400);
    expect(await empty.response.text()).toContain('Write something first.');
    const long = await writeNote(session, 'ä'.repeat(20_001));
    expect(long.response.status).toBe(400);
    const page = await long.response.text();
    expect(page).toContain('ä'.repeat(20_001));
    expect(page).toContain('class="problem"');
    expect(await notesOf()).toHaveLength(before);
    expect((await writeNote(session, 'ä'.repeat(20_000))).response.status).toBe(303);
  });

  test('larger than any note is refused before it is read', async () => {
    const session = await pages().signIn(dana);
    const { response } = await writeNote(session, 'x'.repeat(300_000));
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('more text than fits');
  });
});

describe('a form that is not ours', () => {
  test.each([
    ['no token', { csrf_token: '' }],
    ['a wrong token', { csrf_token: 'x'.repeat(43) }],
  ])('with %s saves nothing and gives back what was written', async (_what, changes) => {
    const session = await pages().signIn(dana);
    const { response } = await writeNote(session, 'Do not keep 4242 4242 4242 4242.', changes);
    expect(response.status).toBe(403);
    const page = await response.text();
    expect(page).toContain('nothing was saved');
    expect(page).toContain('Do not keep [REDACTED CARD ..4242].');
    expect(await notesOf()).not.toContain('Do not keep [REDACTED CARD ..4242].');
  });

  test('with a good token but from another site saves nothing; the same from our page does', async () => {
    const { send, signIn, url } = pages();
    const session = await signIn(dana);
    const form = { csrf_token: await csrfOf(pages(), session), content: 'From where?' };
    const from = (headers: Record<string, string>) =>
      send('/contacts/C-1001/notes', { session, form, headers });
    expect((await from({ 'sec-fetch-site': 'cross-site', origin: url })).status).toBe(403);
    expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
    expect(await notesOf()).not.toContain('From where?');
    expect((await from({ 'sec-fetch-site': 'same-origin', origin: url })).status).toBe(303);
    expect(await notesOf()).toContain('From where?');
  });

  test('of somebody who is signed out saves nothing and loses nothing', async () => {
    const response = await pages().send('/contacts/C-1001/notes', { form: { content: 'A long story.' } });
    expect(response.status).toBe(401);
    const page = await response.text();
    expect(page).toContain('You are signed out');
    expect(page).toContain('A long story.');
    expect(await notesOf()).not.toContain('A long story.');
  });
});
