import { describe, expect, test } from 'vitest';
import { enrol } from '../passkeys/people.ts';
import { csrfOf, usePages } from '../support/pages.ts';
import { refusal } from '../support/refusal.ts';

// Getting in: a link is good for the browser that asked for it, for one person, once, and for nobody who was tricked.

// Devices make passkeys for names only.
const pages = usePages({}, { host: 'localhost' });
const olivia = 'olivia@brightpanes.example';

/** A browser that keeps its cookies. */
function newBrowser() {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    jar,
    async go(path: string, form?: Record<string, string>) {
      const { send } = pages();
      const response = await send(path, { cookie: cookie(), ...(form ? { form } : {}) });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      return response;
    },
    session: () => jar.get('deskhand_session'),
  };
}

/** Asks for a link in a browser; answers the link of the mail and the code the browser shows. */
async function ask(browser: ReturnType<typeof newBrowser>, email = olivia, next = '') {
  const page = await (await browser.go('/sign-in', { email, ...(next === '' ? {} : { next }) })).text();
  const mail = (await pages().newestMail(email)) ?? '';
  return {
    link: /http:\S+/.exec(mail)?.[0].replace(pages().url, '') ?? '',
    code: /\b(\d{3} \d{3})\b/.exec(page)?.[1] ?? '',
  };
}

const wrongOf = (code: string) => code.replace(/\d/g, digit => String((Number(digit) + 1) % 10));

describe('a link that a stranger asked for', () => {
  test('signs nobody in when its owner clicks it: it wants a code that only the stranger sees', async () => {
    const stranger = newBrowser();
    const victim = newBrowser();
    const { link, code } = await ask(stranger);
    const opened = await (await victim.go(link)).text();
    expect(opened).toContain('name="code"');
    expect(opened).not.toContain(code);
    expect((await victim.go(link, {})).status).toBe(403);
    expect([victim.session(), stranger.session()]).toEqual([undefined, undefined]);
    expect((await stranger.go('/')).status).toBe(303);
  });

  test('is no way to sign somebody in as the stranger: their own link wants the code as well', async () => {
    const stranger = newBrowser();
    const victim = newBrowser();
    const { link, code } = await ask(stranger, 'carla@clearview.example');
    // Neither a code in the address nor one that another site sends does it.
    expect(await (await victim.go(`${link}?code=${code}`)).text()).not.toContain(`value="${code}"`);
    const { send } = pages();
    const foreign = { form: { code }, headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await send(link, foreign)).status).toBe(403);
    expect(victim.session()).toBeUndefined();
    // In the browser that asked it is good.
    expect((await stranger.go(link, {})).status).toBe(303);
    expect((await stranger.go('/')).status).toBe(200);
  });

  test('ends older ones, so that only the newest mail is good', async () => {
    const browser = newBrowser();
    const first = await ask(browser);
    const asker = browser.jar.get('deskhand_asker') ?? '';
    const second = await ask(browser);
    expect((await browser.go(first.link)).status).toBe(410);
    const { send } = pages();
    expect((await send(first.link, { method: 'POST', cookie: `deskhand_asker=${asker}` })).status).toBe(410);
    expect((await browser.go(second.link, {})).status).toBe(303);
  });

  test('ends no link of anybody else', async () => {
    const browser = newBrowser();
    const other = newBrowser();
    const { link } = await ask(browser, 'dana@brightpanes.example');
    await ask(other, 'tess@brightpanes.example');
    expect((await browser.go(link, {})).status).toBe(303);
  });
});

describe('a link opened on another device', () => {
  test('signs in whoever sits at the browser that asked: the code is shown there', async () => {
    const desk = newBrowser();
    const phone = newBrowser();
    const { link, code } = await ask(desk);
    expect(code).toMatch(/^\d{3} \d{3}$/);
    expect((await phone.go(link, { code })).status).toBe(303);
    expect((await phone.go('/')).status).toBe(200);
    expect(desk.session()).toBeUndefined();
  });

  test('is gone after five wrong codes, also for the right one; after four it is not', async () => {
    const phone = newBrowser();
    for (const [tries, end] of [
      [4, 303],
      [5, 410],
    ] as const) {
      const { link, code } = await ask(newBrowser());
      for (let n = 0; n < tries; n++)
        expect((await phone.go(link, { code: wrongOf(code) })).status).toBe(403);
      // Nor does the page go on asking for a code that is good for nothing any more.
      expect((await phone.go(link)).status).toBe(end === 303 ? 200 : end);
      expect((await phone.go(link, { code })).status).toBe(end);
    }
  });

  test('is guessed by no forty tries at once', async () => {
    const { link, code } = await ask(newBrowser());
    const { send } = pages();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        send(link, {
          form: { code: String((Number(code.replace(' ', '')) + n + 1) % 1_000_000).padStart(6, '0') },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(35);
  });

  test('with the cookie of another request wants the code', async () => {
    const { link } = await ask(newBrowser());
    const { send } = pages();
    const other = newBrowser();
    await ask(other, 'nobody@elsewhere.example');
    const cookie = `deskhand_asker=${other.jar.get('deskhand_asker')}`;
    expect((await send(link, { method: 'POST', cookie })).status).toBe(403);
  });
});

describe('somebody who works for two businesses', () => {
  const theo = 'theo@brightpanes.example';
  const join = async (email: string, role = 'member') => {
    const { done, clear } = pages();
    const name = email.split('@')[0] ?? '';
    return done(clear.owner, 'member.create', { email, name, role });
  };
  const open = async (browser: ReturnType<typeof newBrowser>, name: string) => {
    const page = await (await browser.go('/sign-in/business')).text();
    const id = /name="business" value="([^"]+)">.*?<bdi>([^<]*)/gs;
    const business = [...page.matchAll(id)].find(([, , called]) => called === name)?.[1] ?? '';
    return browser.go('/sign-in/business', { business });
  };

  test('chooses one after signing in, and changes to the other one later', async () => {
    await join(theo);
    const browser = newBrowser();
    const { link } = await ask(browser, theo, '/calendar');
    const entered = await browser.go(link, {});
    expect(entered.headers.get('location')).toBe('/sign-in/business');
    // Nothing is open before.
    expect((await browser.go('/')).status).toBe(303);
    expect((await open(browser, 'Clear View Co')).status).toBe(303);
    expect(await (await browser.go('/')).text()).toContain('Clear View Co');
    const before = browser.session();
    await open(browser, 'Bright Panes Window Cleaning');
    const home = await (await browser.go('/')).text();
    expect(home).toContain('Bright Panes');
    expect(home).not.toContain('Clear View');
    // The secret of before is good for nothing, and so are the forms made with it.
    expect((await pages().send('/', { session: before ?? '' })).status).toBe(303);
  });

  test('opens no business they do not belong to, nor with a form of another site', async () => {
    const { signIn, send, clear, bright } = pages();
    const session = await signIn(olivia);
    const form = { business: clear.id };
    expect((await send('/sign-in/business', { session, form })).headers.get('location')).toBe(
      '/sign-in/business',
    );
    expect(await (await send('/', { session })).text()).toContain('Bright Panes');
    const headers = { 'sec-fetch-site': 'cross-site' };
    const foreign = await send('/sign-in/business', { session, form: { business: bright.id }, headers });
    expect(foreign.status).toBe(403);
  });

  test('is shut out of one by its owner and goes on working for the other', async () => {
    const { done, clear, send } = pages();
    const tess = 'tess@brightpanes.example';
    const { id } = await join(tess);
    const [there, here] = [newBrowser(), newBrowser()];
    for (const [browser, name] of [
      [there, 'Clear View Co'],
      [here, 'Bright Panes Window Cleaning'],
    ] as const) {
      const { link } = await ask(browser, tess);
      await browser.go(link, {});
      await open(browser, name);
      expect((await browser.go('/')).status).toBe(200);
    }
    await done(clear.owner, 'member.delete', { member_id: tess });
    expect((await there.go('/')).status).toBe(303);
    expect((await here.go('/')).status).toBe(200);
    // A new link works too, and there is nothing to choose any more.
    const again = newBrowser();
    const { link } = await ask(again, tess);
    expect((await again.go(link, {})).headers.get('location')).toBe('/');
    expect(await (await again.go('/')).text()).toContain('Bright Panes');
    // Being taken back brings no old session back.
    await done(clear.owner, 'member.restore', { member_id: id });
    expect((await send('/', { session: there.session() ?? '' })).status).toBe(303);
  });
});

describe('what cannot be taken back', () => {
  const grow = (hours: number) =>
    pages().database.owner.query(`update sessions set created_at = now() - interval '${hours} hours'`);

  /** A request of the agent: a note that is deleted can come back, a mail that is out cannot. */
  const waiting = async (action: string, data: Record<string, unknown>) => {
    const { bright, act, done, read } = pages();
    await done(bright.owner, 'authorization.set_level', { action, level: 'requires_authorization' });
    const { data: stored } = await act(bright.agent, action, data, {
      reasoning: 'The customer asked for it',
    });
    const [request] = await read(bright.owner, 'authorization_requests', { id: String(stored.request) });
    return { reference: String(request?.reference), digest: String(request?.digest) };
  };

  test('is not allowed with a sign-in of yesterday; with a fresh one the page is there again, to decide', async () => {
    const { bright, done, send, read } = pages();
    const contact = await done(bright.owner, 'contact.create', { full_name: 'Ida Once' });
    const { reference, digest } = await waiting('contact.delete', { contact_id: contact.id });
    const browser = newBrowser();
    await browser.go((await ask(browser)).link, {});
    await grow(13);
    const session = browser.session() ?? '';
    const csrf_token = await csrfOf(pages(), session);

    const page = await (await browser.go(`/review/${reference}`)).text();
    expect(page).not.toContain('/allow-once"');
    expect(page).toContain(`/sign-in/again?next=%2Freview%2F${reference}`);
    for (const verb of ['allow-once', 'allow-always']) {
      const refused = await send(`/review/${reference}/${verb}`, { session, form: { csrf_token, digest } });
      expect(refused.status).toBe(403);
    }
    const status = async () =>
      (await read(bright.owner, 'authorization_requests', { id: reference })).map(row => row.status);
    expect(await status()).toEqual(['pending']);

    const again = await (await browser.go(`/sign-in/again?next=/review/${reference}`)).text();
    expect(again).toContain(olivia);
    const { link } = await ask(browser, olivia, `/review/${reference}`);
    expect((await browser.go(link, {})).headers.get('location')).toBe(`/review/${reference}`);
    expect(await status()).toEqual(['pending']);
    // The old sign-in is over.
    expect((await send('/', { session })).status).toBe(303);
    const fresh = { csrf_token: await csrfOf(pages(), browser.session() ?? ''), digest };
    expect((await browser.go(`/review/${reference}/allow-once`, fresh)).status).toBe(303);
    expect(await status()).toEqual(['succeeded']);
  });

  test('is denied with any sign-in, and what can be taken back is allowed with one of yesterday', async () => {
    const { bright, done, send, signIn, read } = pages();
    const contact = await done(bright.owner, 'contact.create', { full_name: 'Ida Twice' });
    const ends = await waiting('contact.delete', { contact_id: contact.id });
    const begins = await waiting('contact.create', { full_name: 'Ida Thrice' });
    const session = await signIn(olivia);
    await grow(13);
    const csrf_token = await csrfOf(pages(), session);
    const decide = ({ reference, digest }: typeof ends, verb: string) =>
      send(`/review/${reference}/${verb}`, { session, form: { csrf_token, digest } });
    expect((await decide(ends, 'deny')).status).toBe(303);
    expect((await decide(begins, 'allow-once')).status).toBe(303);
    const [row] = await read(bright.owner, 'authorization_requests', { id: begins.reference });
    expect(row?.status).toBe('succeeded');
  });

  test('a stolen browser of yesterday brings no passkey of its own', async () => {
    const { send, signIn } = pages();
    const session = await signIn(olivia);
    await grow(13);
    expect(await (await send('/passkeys', { session })).text()).toContain('/sign-in/again?next=%2Fpasskeys');
    const stale = await refusal(enrol(pages(), { via: 'session', token: session }));
    expect(stale).toMatchObject({ code: 'FORBIDDEN', field: 'sign_in' });
    const fresh = await signIn(olivia);
    expect(await (await send('/passkeys', { session: fresh })).text()).not.toContain('/sign-in/again');
    // Now the device is listened to; this one signs for another address.
    const listened = await refusal(enrol(pages(), { via: 'session', token: fresh }));
    expect(listened).toMatchObject({ field: 'response' });
  });
});
