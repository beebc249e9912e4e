import { describe, expect, test } from 'vitest';
import { csrfOf, fieldOf, usePages } from '../support/pages.ts';

const pages = usePages();
const olivia = 'olivia@brightpanes.example';

const sessionOf = (response: Response): string | undefined =>
  /deskhand_session=([\w-]+)/.exec(response.headers.getSetCookie().join('\n'))?.[1];

describe('a link by e-mail', () => {
  test('somebody asks for a link, finds it in the mail, presses the button and is in', async () => {
    const { send, newestMail, url } = pages();
    const form = await send('/sign-in');
    expect(form.status).toBe(200);
    const asked = await send('/sign-in', { form: { email: ' Olivia@BrightPanes.example ' } });
    expect(asked.status).toBe(200);
    // The browser that asked; any other one wants the code (test/security/sign-in.test.ts).
    const cookie = asked.headers
      .getSetCookie()
      .map(set => set.split(';')[0])
      .join('; ');

    const mail = (await newestMail(olivia)) ?? '';
    const link = /http:\S+/.exec(mail)?.[0].replace(url, '') ?? '';
    expect(link).toMatch(/^\/sign-in\/[\w-]{43}$/);

    const button = await send(link, { cookie });
    expect(button.status).toBe(200);
    expect(await button.text()).toContain(`<form method="post" action="${link}"`);

    const entered = await send(link, { method: 'POST', cookie });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
    const home = await send('/', { session: sessionOf(entered) ?? '' });
    expect(home.status).toBe(200);
    expect(await home.text()).toContain('Olivia Bright');
  });

  test('opening a link, as mail scanners do, uses nothing up; only the button does', async () => {
    const { send, linkFor } = pages();
    const link = await linkFor(olivia);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await send(link, { method });
      expect(response.status).toBe(200);
      expect(sessionOf(response)).toBeUndefined();
    }
    expect(sessionOf(await send(link, { method: 'POST' }))).toBeDefined();
  });

  test('a link works once; the second time the page says what to do', async () => {
    const { send, linkFor } = pages();
    const link = await linkFor(olivia);
    expect((await send(link, { method: 'POST' })).status).toBe(303);
    const again = await send(link, { method: 'POST' });
    expect(again.status).toBe(410);
    expect(sessionOf(again)).toBeUndefined();
    expect(await again.text()).toContain('Send me a new link');
    expect((await send(link)).status).toBe(410);
  });

  test('two presses at once sign in once', async () => {
    const { send, linkFor } = pages();
    const link = await linkFor(olivia);
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(link, { method: 'POST' })));
    expect(answers.map(answer => answer.status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
  });

  test('a link that is too old is refused, one a moment younger is not', async () => {
    const { send, linkFor, database } = pages();
    const link = await linkFor(olivia);
    await database.owner.query(
      "update sign_in_tokens set expires_at = now() - interval '1 second' where used_at is null",
    );
    expect((await send(link)).status).toBe(410);
    expect(sessionOf(await send(link, { method: 'POST' }))).toBeUndefined();

    const younger = await linkFor(olivia);
    expect(sessionOf(await send(younger, { method: 'POST' }))).toBeDefined();
  });

  test('a made-up link is refused like an old one', async () => {
    const { send } = pages();
    for (const link of [`/sign-in/${'x'.repeat(43)}`, '/sign-in/short', '/sign-in/%00']) {
      expect((await send(link)).status).toBe(410);
      expect((await send(link, { method: 'POST' })).status).toBe(410);
    }
  });

  test('nobody can tell from the answer whether an address is known', async () => {
    const { send, newestMail } = pages();
    const stranger = 'nobody@elsewhere.example';
    const known = await send('/sign-in', { form: { email: 'dana@brightpanes.example' } });
    const unknown = await send('/sign-in', { form: { email: stranger } });
    const shape = async (response: Response, email: string) => ({
      status: response.status,
      headers: [...response.headers.keys()],
      // The code for other browsers is another one for everybody who asks, known or not.
      text: (await response.text()).replaceAll(email, 'EMAIL').replace(/\d{3} \d{3}/, 'CODE'),
    });
    expect(await shape(unknown, stranger)).toEqual(await shape(known, 'dana@brightpanes.example'));
    expect(await newestMail(stranger)).toBeUndefined();
    expect(await newestMail('dana@brightpanes.example')).toContain('/sign-in/');
  });

  test('something that is no address is asked for again, with what was typed', async () => {
    const response = await pages().send('/sign-in', { form: { email: 'olivia"at' } });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('value="olivia&quot;at"');
    expect(text).toContain('Write your e-mail address');
  });

  test('the page says in which folder the mail is', async () => {
    const response = await pages().send('/sign-in', { form: { email: olivia } });
    expect(await response.text()).toContain('/srv/deskhand/outbox');
  });
});

describe('a session', () => {
  test('its cookie is out of reach of scripts and other sites, and lasts two weeks', async () => {
    const { send, linkFor } = pages();
    const cookie = (await send(await linkFor(olivia), { method: 'POST' })).headers.getSetCookie()[0];
    expect(cookie).toMatch(
      /^deskhand_session=[\w-]{43}; Max-Age=1209600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('every sign-in makes a new secret and ends the session the browser had', async () => {
    const { send, linkFor, signIn } = pages();
    const before = await signIn(olivia);
    expect((await send('/', { session: before })).status).toBe(200);
    const after = sessionOf(await send(await linkFor(olivia), { method: 'POST', session: before }));
    expect(after).not.toBe(before);
    expect((await send('/', { session: before })).status).toBe(303);
    expect((await send('/', { session: after ?? '' })).status).toBe(200);
  });

  test('signing out ends it for good, also for somebody who copied the cookie', async () => {
    const { send, signIn } = pages();
    const session = await signIn(olivia);
    const home = await (await send('/', { session })).text();
    const out = await send('/sign-out', { session, form: { csrf_token: fieldOf(home, 'csrf_token') } });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/sign-in']);
    expect(out.headers.getSetCookie().join()).toContain('deskhand_session=;');
    expect((await send('/', { session })).headers.get('location')).toBe('/sign-in');
  });

  test('signing out everywhere ends the sessions of this person on every device, and nobody else’s', async () => {
    const { send, signIn } = pages();
    const [here, phone, dana] = [
      await signIn(olivia),
      await signIn(olivia),
      await signIn('dana@brightpanes.example'),
    ];
    const csrf_token = fieldOf(await (await send('/', { session: here })).text(), 'csrf_token');
    await send('/sign-out', { session: here, form: { csrf_token, everywhere: '1' } });
    const statuses = await Promise.all(
      [here, phone, dana].map(async session => (await send('/', { session })).status),
    );
    expect(statuses).toEqual([303, 303, 200]);
  });

  test('signing out needs the token of the form', async () => {
    const { send, signIn } = pages();
    const session = await signIn(olivia);
    expect((await send('/sign-out', { session, form: {} })).status).toBe(403);
    expect((await send('/', { session })).status).toBe(200);
  });

  test('without one, every page leads to the sign-in and back', async () => {
    const { send, linkFor } = pages();
    for (const path of [
      '/',
      '/contacts',
      '/contacts/C-1001',
      '/tickets/T-2001',
      '/capabilities',
      '/outbox',
    ]) {
      const response = await send(path);
      const next = path === '/' ? '' : `?next=${encodeURIComponent(path)}`;
      expect([response.status, response.headers.get('location')]).toEqual([303, `/sign-in${next}`]);
    }
    const form = await (await send('/sign-in?next=%2Fcontacts%3Fsearch%3Dhart')).text();
    const asked = await send('/sign-in', { form: { email: olivia, next: fieldOf(form, 'next') } });
    const cookie = asked.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const entered = await send(await linkFor(olivia), { method: 'POST', cookie });
    expect(entered.headers.get('location')).toBe('/contacts?search=hart');
  });

  test('one that is over leads to the sign-in, one that is not does not', async () => {
    const { send, signIn, database } = pages();
    const session = await signIn(olivia);
    expect((await send('/', { session })).status).toBe(200);
    await database.owner.query("update sessions set expires_at = now() - interval '1 second'");
    expect((await send('/', { session })).headers.get('location')).toBe('/sign-in');
  });

  test('using it lengthens it, at most once an hour', async () => {
    const { send, signIn, database } = pages();
    const session = await signIn(olivia);
    const shortened = "update sessions set expires_at = now() + interval '1 hour' where expires_at > now()";
    const longest = async () => {
      const { rows } = await database.owner.query<{ days: number }>(
        'select (extract(epoch from max(expires_at) - now()) / 86400)::float8 as days from sessions',
      );
      return Math.round(rows[0]?.days ?? 0);
    };
    await database.owner.query(shortened);
    const first = await send('/', { session });
    expect(await longest()).toBe(14);
    expect(first.headers.getSetCookie().join()).toContain('Max-Age=1209600');
    await database.owner.query(shortened);
    await send('/', { session });
    expect(await longest()).toBe(0);
  });

  test('a person who was removed is out at once', async () => {
    const { send, signIn, done, bright } = pages();
    await done(bright.owner, 'member.create', {
      name: 'Temp',
      email: 'temp@brightpanes.example',
      role: 'member',
    });
    const session = await signIn('temp@brightpanes.example');
    expect((await send('/', { session })).status).toBe(200);
    await done(bright.owner, 'member.delete', { member_id: 'temp@brightpanes.example' });
    expect((await send('/', { session })).status).toBe(303);
  });
});

describe('other web sites', () => {
  test.each([
    '//evil.example/',
    'https://evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    '/sign-in/abc',
    '/sign-out',
    '/%2e%2e//evil.example',
    '/..//evil.example',
  ])('nobody is sent to %j after signing in', async next => {
    const { send, linkFor, signIn } = pages();
    const form = await (await send(`/sign-in?${new URLSearchParams({ next })}`)).text();
    expect(fieldOf(form, 'next')).not.toContain('evil');
    const signedIn = await send(`/sign-in?${new URLSearchParams({ next })}`, {
      session: await signIn(olivia),
    });
    const asked = await send('/sign-in', { form: { email: olivia, next } });
    const planted = `deskhand_next=${encodeURIComponent(next)}`;
    const entered = await send(await linkFor(olivia), { method: 'POST', cookie: planted });
    expect(asked.headers.getSetCookie().join()).not.toContain('evil');
    for (const location of [signedIn.headers.get('location'), entered.headers.get('location')]) {
      expect(new URL(location ?? '', 'http://here.invalid/').origin).toBe('http://here.invalid');
      expect(location).toMatch(/^\/(?![/\\])/);
    }
  });

  test('a form of another site signs nobody in and asks for no link; ours does', async () => {
    const { send, linkFor, newestMail, url } = pages();
    const link = await linkFor(olivia);
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect((await send(link, { method: 'POST', headers })).status).toBe(403);
      expect((await send('/sign-in', { form: { email: 'tess@brightpanes.example' }, headers })).status).toBe(
        403,
      );
    }
    expect(await newestMail('tess@brightpanes.example')).toBeUndefined();
    expect((await send(link, { method: 'POST', headers: { origin: url } })).status).toBe(303);
    const own = { 'sec-fetch-site': 'same-origin', origin: 'null' };
    expect((await send(await linkFor(olivia), { method: 'POST', headers: own })).status).toBe(303);
  });

  test('a session of one business shows nothing of another', async () => {
    const { send, signIn, done, bright } = pages();
    await done(bright.agent, 'contact.create', { full_name: 'Jane Smith' });
    const carla = await signIn('carla@clearview.example');
    const olivias = await signIn(olivia);
    expect((await send('/contacts/C-1001', { session: olivias })).status).toBe(200);
    expect((await send('/contacts/C-1001', { session: carla })).status).toBe(404);
    expect(await (await send('/contacts', { session: carla })).text()).not.toContain('Jane');
  });

  test('the token of one session opens no form of another', async () => {
    const { send, signIn } = pages();
    const [own, other] = [await signIn(olivia), await signIn('dana@brightpanes.example')];
    const theirs = await csrfOf(pages(), other);
    expect((await send('/sign-out', { session: own, form: { csrf_token: theirs } })).status).toBe(403);
    expect((await send('/sign-out', { session: other, form: { csrf_token: theirs } })).status).toBe(303);
  });
});
