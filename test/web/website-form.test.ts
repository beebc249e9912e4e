import { beforeAll, describe, expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { formOf, rowsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const snippetIn = (markup: string) =>
  unescaped(/<textarea id="snippet"[^>]*>\n([\s\S]*?)<\/textarea>/.exec(markup)?.[1] ?? '');
const inquiry = { name: 'Vera Visitor', phone: '(256) 555-0501', description: 'Windows, please.' };
const handIn = (key: string, came_from: string | undefined, more: Record<string, string> = {}) =>
  pages().act({ via: 'form', key }, 'lead.submit_form', {
    ...inquiry,
    ...more,
    ...(came_from === undefined ? {} : { came_from }),
  });

let key = '';
beforeAll(async () => {
  const page = await send(await see('/website-form', 'olivia'), /^\/website-form$/, {
    allowed_from: 'https://www.BrightPanes.example/contact, shop.brightpanes.example',
  });
  key = /form_[\w-]{43}/.exec(page.markup)?.[0] ?? '';
});

describe('the form for the website', () => {
  test('is made on one page, which says what to paste: plain HTML that posts to our public address', async () => {
    const page = await follow(await see('/website-form', 'olivia'), 'Website');
    const form = formOf(snippetIn(page.markup), /public\/leads$/);
    expect(form.action).toBe(`${pages().url}/public/leads`);
    expect(form.method).toBe('post');
    expect(form.fields.form_key).toBe(key);
    expect([...form.names]).toEqual(
      expect.arrayContaining(['name', 'email', 'phone', 'description', 'website']),
    );
    expect(snippetIn(page.markup)).not.toMatch(/<script|style=/);
    expect(page.markup).toContain('value="brightpanes.example, shop.brightpanes.example"');
  });

  test('can be tried as a visitor sees it', async () => {
    const page = await follow(await follow(await see('/website-form', 'olivia'), 'Website'), 'Try it');
    expect(formOf(page.markup, /public\/leads$/).fields.form_key).toBe(key);
    expect(page.text).toContain('What can we do for you?');
  });

  test('takes inquiries from the websites it may stand on, and from no other', async () => {
    const refused = await refusal(handIn(key, 'https://copycat.example'));
    expect(refused).toMatchObject({
      code: 'NOT_FOUND',
      message: 'This form takes no inquiries from this website.',
    });
    for (const [index, page] of [
      'https://brightpanes.example',
      'https://www.brightpanes.example/contact?x=1',
      pages().url,
      undefined,
    ].entries())
      expect((await handIn(key, page, { name: `Visitor ${index}` })).status).toBe('done');
    const list = await see('/website-form', 'olivia');
    expect(list.text).toContain('Visitor 3');
    expect(list.text).not.toContain('Vera Visitor');
  });

  test('says beside the field what is no website, and keeps what was typed', async () => {
    const page = await send(await follow(await see('/website-form', 'olivia'), 'Website'), /LF-101$/, {
      name: 'Site <i>',
      allowed_from: 'our website!',
    });
    expect(page.status).toBe(400);
    expect(page.markup).toMatch(/id="allowed_from_problem" role="alert">This is not the name of a website\./);
    expect(page.markup).toContain('value="our website!"');
    expect(page.markup).toContain('value="Site &lt;i&gt;"');
    const open = await send(await follow(await see('/website-form', 'olivia'), 'Website'), /LF-101$/, {
      allowed_from: '',
    });
    expect(open.text).toContain('Saved.');
    expect((await handIn(key, 'https://copycat.example', { name: 'From anywhere' })).status).toBe('done');
  });

  test('is closed, and then takes nothing', async () => {
    const other = await send(await see('/website-form', 'olivia'), /^\/website-form$/, {
      name: 'Spring page',
    });
    const spring = /form_[\w-]{43}/.exec(other.markup)?.[0] ?? '';
    expect((await handIn(spring, undefined, { name: 'Spring visitor' })).status).toBe('done');
    const list = await send(other, /\/close$/);
    expect(list.text).toContain('Spring page is closed.');
    expect(rowsOf(list.markup)).not.toContain('Spring page');
    expect((await refusal(handIn(spring, undefined, { name: 'Too late' }))).code).toBe('UNAUTHENTICATED');
  });
});

test('where a form may stand is not the agent’s to widen: it waits for the owner', async () => {
  const { act, bright } = pages();
  const ask = (data: Record<string, unknown>) =>
    act(bright.agent, 'lead_form.update', { lead_form_id: 'LF-101', ...data });
  expect((await ask({ allowed_from: 'copycat.example' })).status).toBe('pending_authorization');
  expect((await ask({ clear: ['allowed_from'] })).status).toBe('pending_authorization');
  expect((await ask({ name: 'Our website' })).status).toBe('done');
});

test('a technician finds no such page, the office changes nothing there, another business sees none of it', async () => {
  for (const path of ['/website-form', '/website-form/LF-101', '/website-form/LF-101/try'])
    expect((await see(path, 'theo')).status).toBe(404);
  expect((await see('/website-form/LF-101')).markup).not.toContain('action="/website-form');
  const session = await pages().signIn('carla@clearview.example');
  expect((await pages().send('/website-form/LF-101', { session })).status).toBe(404);
  expect(await (await pages().send('/website-form', { session })).text()).not.toContain('Vis');
});
