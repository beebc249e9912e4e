import { describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { deviceWords } from '../../core/sign-in/device.ts';
import { as } from '../support/office.ts';
import { csrfOf, usePages } from '../support/pages.ts';
import { refusal } from '../support/refusal.ts';

// A session ends by itself, and can be seen and ended by whose it is and by the owner.

const pages = usePages();
const olivia = 'olivia@brightpanes.example';
const theo = 'theo@brightpanes.example';

const days = (column: string, session: string, count: number) =>
  pages().database.owner.query(
    `update sessions set ${column} = now() - interval '${count} days' where token_hash = sha256($1::bytea)`,
    [session],
  );
const statusOf = async (session: string) => (await pages().send('/', { session })).status;
const through = (token: string): Caller => ({ via: 'session', token });

const phone = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36';

describe('a session', () => {
  test('ends thirty days after the sign-in although it is used every day', async () => {
    const session = await pages().signIn(olivia);
    await days('created_at', session, 29);
    expect(await statusOf(session)).toBe(200);
    // Using it lengthened it, but not beyond its end.
    const { rows } = await pages().database.owner.query<{ too_long: boolean }>(
      `select expires_at > created_at + interval '30 days' as too_long from sessions where token_hash = sha256($1::bytea)`,
      [session],
    );
    expect(rows).toEqual([{ too_long: false }]);
    await days('created_at', session, 31);
    expect(await statusOf(session)).toBe(303);
  });

  test('keeps its end when another business is opened in it', async () => {
    const { done, clear, signIn, send, bright } = pages();
    await done(clear.owner, 'member.create', {
      email: 'dana@brightpanes.example',
      name: 'Dana',
      role: 'member',
    });
    const session = await signIn('dana@brightpanes.example');
    await days('created_at', session, 29);
    const opened = await send('/sign-in/business', { session, form: { business: bright.id } });
    const next = /deskhand_session=([\w-]+)/.exec(opened.headers.getSetCookie().join())?.[1] ?? '';
    expect(await statusOf(next)).toBe(200);
    await days('created_at', next, 31);
    expect(await statusOf(next)).toBe(303);
  });
});

describe('the page about sessions', () => {
  test('shows one’s own with device and time, this one marked, and nobody else’s', async () => {
    const { send, signIn, linkFor } = pages();
    const session = await signIn(theo);
    await send(await linkFor(theo), { method: 'POST', headers: { 'user-agent': phone } });
    await signIn(olivia);
    const page = await (await send('/sessions', { session })).text();
    expect(page.match(/\(this one\)/g)).toHaveLength(1);
    expect(page).toContain('Chrome on Android');
    expect(page).not.toContain('Olivia Bright, ');
    expect(page).not.toContain('Other people');
  });

  test('shows the owner those of everybody in the business, and of no other business', async () => {
    const { send, signIn } = pages();
    await signIn(theo);
    await signIn('carla@clearview.example');
    const page = await (await send('/sessions', { session: await signIn(olivia) })).text();
    expect(page).toContain('Other people of the business');
    expect(page).toContain('<bdi>Theo</bdi>');
    expect(page).not.toContain('Carla');
  });

  test('shows no owner what their people have open in another business, nor ends it there', async () => {
    const { send, signIn, read, done, clear } = pages();
    const both = 'tess@brightpanes.example';
    await done(clear.owner, 'member.create', { email: both, name: 'Tess', role: 'member' });
    const session = await signIn(both);
    const opened = await send('/sign-in/business', { session, form: { business: clear.id } });
    const elsewhere = /deskhand_session=([\w-]+)/.exec(opened.headers.getSetCookie().join())?.[1] ?? '';
    const [theirs] = (await read(through(elsewhere), 'sessions')).filter(({ is_this }) => is_this);
    const ids = async (email: string) =>
      (await read(through(await signIn(email)), 'sessions', { limit: 100 })).map(({ id }) => id);
    expect(await ids('carla@clearview.example')).toContain(theirs?.id);
    expect(await ids(olivia)).not.toContain(theirs?.id);
    const ended = done(through(await signIn(olivia)), 'session.end', { id: theirs?.id });
    expect((await refusal(ended)).code).toBe('NOT_FOUND');
    expect(await statusOf(elsewhere)).toBe(200);
  });

  test('shows no session that has come to its end', async () => {
    const { read, signIn } = pages();
    const [old, session] = [await signIn(theo), await signIn(theo)];
    const [row] = (await read(through(old), 'sessions')).filter(({ is_this }) => is_this);
    const ids = async () => (await read(through(session), 'sessions', { limit: 100 })).map(({ id }) => id);
    expect(await ids()).toContain(row?.id);
    await days('created_at', old, 31);
    expect(await ids()).not.toContain(row?.id);
  });

  test('ends one of one’s own: it is signed out at once, the others are not, and the history says so', async () => {
    const { send, signIn, read, bright } = pages();
    const [lost, kept] = [await signIn(theo), await signIn(theo)];
    const [row] = (await read(through(lost), 'sessions')).filter(({ is_this }) => is_this);
    const form = { csrf_token: await csrfOf(pages(), kept), id: String(row?.id) };
    expect((await send('/sessions/end', { session: kept, form })).status).toBe(303);
    expect([await statusOf(lost), await statusOf(kept)]).toEqual([303, 200]);
    const history = await read(bright.owner, 'audit_log', { params: { entity_type: 'member' } });
    expect(history.map(({ action }) => action)).toContain('session_ended');
  });

  test('ends all others of one’s own, and nobody else’s', async () => {
    const { send, signIn } = pages();
    const [kept, one, two, owners] = [
      await signIn(theo),
      await signIn(theo),
      await signIn(theo),
      await signIn(olivia),
    ];
    const form = { csrf_token: await csrfOf(pages(), kept) };
    expect((await send('/sessions/end-others', { session: kept, form })).status).toBe(303);
    expect(await Promise.all([kept, one, two, owners].map(statusOf))).toEqual([200, 303, 303, 200]);
    // Nor does the owner, who could end each of them, end other people's with their own.
    const another = await signIn(olivia);
    const all = { csrf_token: await csrfOf(pages(), owners) };
    expect((await send('/sessions/end-others', { session: owners, form: all })).status).toBe(303);
    expect(await Promise.all([owners, another, kept].map(statusOf))).toEqual([200, 303, 200]);
  });

  test('lets the owner end anybody’s in the business; a colleague, an admin and another business cannot', async () => {
    const { done, signIn, read, bright } = pages();
    await done(bright.owner, 'member.create', {
      email: 'ada@brightpanes.example',
      name: 'Ada',
      role: 'admin',
    });
    const theirs = await signIn(theo);
    const [row] = (await read(through(theirs), 'sessions')).filter(({ is_this }) => is_this);
    await done(bright.owner, 'member.create', {
      email: 'ben@brightpanes.example',
      name: 'Ben',
      role: 'member',
    });
    for (const email of ['ben@brightpanes.example', 'ada@brightpanes.example', 'carla@clearview.example']) {
      const caller = through(await signIn(email));
      const refused = await refusal(done(caller, 'session.end', { id: row?.id }));
      expect({ email, code: refused.code }).toEqual({ email, code: 'NOT_FOUND' });
    }
    expect(await statusOf(theirs)).toBe(200);
    await done(through(await signIn(olivia)), 'session.end', { id: row?.id });
    expect(await statusOf(theirs)).toBe(303);
  });

  test('is for people: an agent sees no session and ends none', async () => {
    const { read, act, bright, signIn } = pages();
    await signIn(theo);
    expect(await read(bright.agent, 'sessions')).toEqual([]);
    expect((await read(as(bright, 'Theo'), 'sessions')).length).toBeGreaterThan(0);
    const refused = await refusal(act(bright.agent, 'session.end_others'));
    expect(refused.code).toBe('HUMAN_ONLY');
  });

  test('says nothing of a session’s secrets', async () => {
    const { read, signIn } = pages();
    const session = await signIn(olivia);
    const shown = JSON.stringify(await read(through(session), 'sessions', { limit: 100 }));
    expect(shown).not.toContain(session);
    expect(shown).not.toContain(await csrfOf(pages(), session));
  });
});

test.each([
  [phone, 'Chrome on Android'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on an iPhone',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox on Windows'],
  ['curl/8.5.0', 'Another program'],
  ['<script>alert(1)</script>', 'Another program'],
  [null, 'Another program'],
])('a device is named in words of ours: %s', (agent, words) => {
  expect(deviceWords(agent)).toBe(words);
});
