import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { places } from '../../web-review/places.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const session: Record<string, string> = {};

beforeAll(async () => {
  await tellStory(pages());
  const { done, bright, clear } = pages();
  await done(as(bright, 'Dana'), 'lead.create', { full_name: 'Mary Collins', raw_notes: 'Gutters in March' });
  await done(as(bright, 'Dana'), 'attribute.set', { contact_id: 'C-1002', key: 'pet', value: 'parrot' });
  await done(clear.owner, 'contact.create', { full_name: 'Jane Smithers' });
  for (const name of ['olivia', 'dana', 'theo']) {
    session[name] = await pages().signIn(`${name}@brightpanes.example`);
  }
});

async function see(path: string, name = 'dana') {
  const response = await pages().send(path, { session: session[name] ?? '' });
  const markup = await response.text();
  const text = markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  return { status: response.status, markup, text };
}

/** The links of the results, by what they say. */
const linksOf = (markup: string): Map<string, string> =>
  new Map(
    [...markup.matchAll(/<a (?:class="main"|role="option" tabindex="-1") href="([^"]*)"><bdi>([^<]*)/g)].map(
      ([, href = '', title = '']) => [title, href],
    ),
  );

describe('the search page', () => {
  test('finds records of every kind with a link to the page that shows them', async () => {
    const { text, markup } = await see('/search?q=jane');
    expect(text).toMatch(/Customers Jane Smith C-1001/);
    expect(linksOf(markup).get('Jane Smith')).toBe('/contacts/C-1001');
    expect((await see('/search?q=gutters')).markup).toContain('href="/leads/L-1001"');
    expect(text).not.toContain('Smithers');
    expect(linksOf((await see('/search?q=256+555+0142')).markup).get('Jane Smith')).toBe('/contacts/C-1001');
  });

  test('leads from a note or a fact to the customer it is about', async () => {
    const { markup } = await see('/search?q=parrot');
    const href = linksOf(markup).get('pet: parrot') ?? '';
    expect(href).toMatch(/^\/open\/attribute\/AT-\d+$/);
    const opened = await pages().send(href, { session: session.dana ?? '' });
    expect(opened.status).toBe(303);
    expect((await see(opened.headers.get('location') ?? '')).text).toContain('Mrs Hart');
    for (const path of ['/open/attribute/AT-9999', '/open/member/Theo', '/open/nonsense/N-1001']) {
      expect((await see(path)).status, path).toBe(404);
    }
  });

  test('opens every kind of record the office may read, each on a page that is there', async () => {
    const { done, bright } = pages();
    const dana = as(bright, 'Dana');
    const about = { contact_id: 'C-1002' };
    await done(dana, 'company.create', { name: 'Zanzibar Holdings' });
    await done(dana, 'service.create', { name: 'Zanzibar polish', pricing: 'flexible' });
    await done(dana, 'address.create', { ...about, line1: '1 Zanzibar Road' });
    await done(dana, 'note.create', { ...about, content: 'Zanzibar is the name of the boat.' });
    await done(dana, 'attribute.set', { ...about, key: 'boat', value: 'Zanzibar' });
    await done(dana, 'interaction.create', { ...about, type: 'note', body: 'Zanzibar trip' });
    await done(dana, 'contact.create', { full_name: 'Otto Zanzibar' });
    await done(dana, 'lead.create', { full_name: 'Zoe Zanzibar' });
    await done(bright.owner, 'lead_form.create', { name: 'Zanzibar landing page' });
    await done(bright.owner, 'agent.create', { name: 'Zanzibar night shift' });
    await done(bright.owner, 'member.create', {
      name: 'Zanzibar Zed',
      email: 'z@example.com',
      role: 'member',
    });
    const message = { ...about, subject: 'Zanzibar', body: 'Zanzibar', send_at: '2026-12-01T09:00' };
    await done(dana, 'message.schedule', message);
    const links = linksOf((await see('/search?q=zanzibar', 'olivia')).markup);
    const opened = [...links.values()].filter(
      href => !/^\/(capabilities|search)|^\/[a-z-]+$|\/new$/.test(href),
    );
    expect(new Set(opened.map(href => href.split('/').slice(1, -1).join('/')))).toEqual(
      new Set([
        ...['contacts', 'leads', 'open/address', 'open/note', 'open/attribute', 'open/interaction'],
        ...['assistants', 'people', 'prices', 'website-form'],
        ...['companies', 'scheduled_messages'].map(plural => `records/${plural}`),
      ]),
    );
    for (const href of opened) {
      const answer = await pages().send(href, { session: session.olivia ?? '' });
      const page = answer.status === 303 ? (answer.headers.get('location') ?? '') : href;
      const { status, text } = await see(page, 'olivia');
      expect(status, href).toBe(200);
      expect(text, href).toMatch(/Zanzibar/);
    }
  });

  test('finds what can be done, with what it does, its level for agents, and where it is done', async () => {
    const { text, markup } = await see('/search?q=cancel+visit');
    expect(text).toMatch(
      /What can be done Cancel ticket Cancel an open visit; this is final\. Its customer can be told by mail\. On the page Calendar\. Agents: soft limit/,
    );
    expect(linksOf(markup).get('Cancel ticket')).toBe('/tickets?for=cancel');
    expect((await see('/capabilities/ticket')).markup).toContain('<li id="ticket.cancel">');
    expect(linksOf((await see('/search?q=new+inquiry')).markup).get('New inquiry')).toBe('/leads/new');
  });

  test('says what to try when nothing is found, and what can be found when nothing is asked', async () => {
    const { text, markup } = await see('/search?q=zzqqxx');
    expect(text).toContain('Nothing found for “ zzqqxx ”');
    expect(text).toContain('Try fewer words');
    expect(markup).toContain('href="/contacts?search=zzqqxx"');
    const empty = await see('/search?q=+');
    expect(empty.status).toBe(200);
    expect(empty.text).toContain('Names, telephone numbers, addresses');
    for (const long of ['a'.repeat(5000), `a${'😀'.repeat(200)}`]) {
      expect((await see(`/search?q=${encodeURIComponent(long)}`)).status).toBe(200);
    }
  });

  test('shows a technician their own visits, and nothing they may not open', async () => {
    const own = await see('/search?q=exterior', 'theo');
    expect(linksOf(own.markup).get('Jane Smith, Wed, Nov 18, 2026, 2:00 PM')).toBe('/tickets/T-2001');
    expect(own.text).not.toContain('T-2002');
    for (const q of ['jane', 'parrot', 'gutters', 'allow']) {
      const { text } = await see(`/search?q=${q}`, 'theo');
      expect(text, q).not.toMatch(/C-1001|AT-\d|L-1001|Allow once/);
    }
    expect((await see('/search?q=approve', 'dana')).markup).not.toContain('href="/review"');
    expect((await see('/search?q=approve', 'olivia')).markup).toContain('href="/review"');
  });
});

describe('the list for the command bar', () => {
  test('holds the same as the page, as options, without a frame', async () => {
    const { markup } = await see('/search/results?q=jane');
    expect(markup).toMatch(/^<div role="group" aria-labelledby="group-0"><h2 id="group-0"/);
    expect(linksOf(markup).get('Jane Smith')).toBe('/contacts/C-1001');
    expect(markup).not.toContain('<html');
    expect((await see('/search/results?q=')).markup).toBe('');
  });

  test('leaves what was said about the last action for the next page', async () => {
    const cookie = `deskhand_flash=${Buffer.from(JSON.stringify({ done: 'Saved.', warnings: [] })).toString('base64url')}`;
    const list = await pages().send('/search/results?q=jane', { session: session.dana ?? '', cookie });
    expect(list.headers.getSetCookie()).toEqual([]);
    const page = await pages().send('/contacts', { session: session.dana ?? '', cookie });
    expect(await page.text()).toContain('Saved.');
  });

  test('is not for whoever is signed out', async () => {
    const response = await pages().send('/search/results?q=jane');
    expect([response.status, response.headers.get('location')?.split('?')[0]]).toEqual([303, '/sign-in']);
  });
});

describe('every page carries', () => {
  test('the search form, with the words that were asked for', async () => {
    for (const path of ['/', '/contacts', '/leads', '/capabilities', '/nope']) {
      expect((await see(path)).markup, path).toMatch(
        /<form method="get" action="\/search" role="search"[^>]*>\s*<label for="q"/,
      );
    }
    const { markup } = await see(`/search?q=${encodeURIComponent('"><script>')}`);
    expect(markup).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(await (await pages().send('/sign-in')).text()).not.toContain('role="search"');
  });

  test('the words of what can be done on each place of its navigation, from the registrations, bounded', async () => {
    const { markup } = await see('/', 'olivia');
    const carried = [
      ...markup.matchAll(
        /<li data-keywords="([^"]+)"><a href="([^"]+)"[^>]*>(?:<svg.*?<\/svg>)?<span>([^<]+)<\/span>/g,
      ),
    ].map(([, keywords = '', path = '', label = '']) => ({ keywords, path, label }));
    const top = ['add', 'tab'].flatMap(group => places.filter(place => place.group === group));
    expect(carried.map(({ path, label }) => ({ path, label }))).toEqual(
      top.map(({ path, label }) => ({ path, label })),
    );
    for (const { keywords, path } of carried) {
      expect(keywords.length, path).toBeLessThanOrEqual(240);
      const own = places.find(place => place.path === path)?.keywords ?? [];
      expect(keywords.split(' '), path).toEqual(expect.arrayContaining(own.flatMap(each => each.split(' '))));
    }
    const of = (path: string) => carried.find(place => place.path === path)?.keywords.split(' ');
    expect(of('/calendar')).toContain('reschedule');
    expect(of('/contacts')).toContain('merge');
    expect(of('/contacts')).not.toContain('reschedule');
  });

  // The first of the two brings the news of the day, too.
  test('scripts for it of less than 3.5 KB', async () => {
    const { markup } = await see('/');
    const loader = /src="(\/static\/find\.js\?v=\w+)"/.exec(markup)?.[1] ?? '';
    const first = await (await pages().send(loader)).text();
    const bar = /import\("(\/static\/command-bar\.js\?v=\w+)"\)/.exec(first)?.[1] ?? '';
    const second = await (await pages().send(bar)).text();
    expect(second).toContain('showModal');
    expect(gzipSync(first).length + gzipSync(second).length).toBeLessThan(3.5 * 1024);
  });
});

describe('what search promises', () => {
  test('a command leads to its form, and a visit is called by its customer and day', async () => {
    const cancel = linksOf((await see('/search?q=cancel+visit')).markup).get('Cancel ticket') ?? '';
    const choose = await see(cancel);
    expect(choose.text).toContain('Which visit is cancelled?');
    expect(choose.markup).toContain('href="/tickets/T-2001/cancel"');
    expect([...linksOf((await see('/search?q=book')).markup).values()]).toContain('/book');
    expect([...linksOf((await see('/search?q=add+customer')).markup).values()]).toContain('/contacts/new');
    const visits = await see('/search?q=exterior');
    expect(linksOf(visits.markup).get('Jane Smith, Wed, Nov 18, 2026, 2:00 PM')).toBe('/tickets/T-2001');
  });

  test('jane finds the Jane who has visits first, and whoever is called so before who is not', async () => {
    const { done, bright } = pages();
    for (const full_name of ['Jane Aaron', 'Jane Abbott', 'Jane Adams', 'Mary Jane Ito', 'Jane Zorn'])
      await done(bright.owner, 'contact.create', { full_name, notes: 'Jane Jane Jane' });
    const titles = [...linksOf((await see('/search?q=jane')).markup).keys()];
    expect(titles[0]).toBe('Jane Smith');
    const names = [...linksOf((await see('/contacts?search=jane')).markup).keys()];
    expect(names[0]).toBe('Jane Smith');
    expect(names.indexOf('Mary Jane Ito')).toBe(names.length - 1);
  });
});
