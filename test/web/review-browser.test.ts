import { request as open } from 'node:http';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFolds, overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { askFor, askToDelete, isThere, owner, requestRow } from './review-story.ts';

const pages = usePages();
const openTab = useBrowser();

const script = '<script>window.hit = 1</script><img src=x onerror="window.hit = 1">';
const attribute = `"' onfocus="window.hit = 1" autofocus x='`;
const turned = 'Hal \u202Ehtims\u202C\u200B';
const flood = `${'<b>wide</b>'.repeat(1800)}${'W'.repeat(200)}`;
const lines = `first\n${'\n'.repeat(300)}last`;

/** Requests whose every word is hostile: a long text, many lines, markup, turned letters, a name without a gap. */
const hostile: string[] = [];

beforeAll(async () => {
  const office = pages();
  await tellStory(office);
  const { bright, done, act } = office;
  const dana = as(bright, 'Dana');
  const why = `${script} ${attribute} ${turned} ${'W'.repeat(400)}\n${'\n'.repeat(300)}end`;
  const contact = await done(dana, 'contact.create', { full_name: 'To be changed', notes: lines });
  await done(dana, 'note.create', { contact_id: contact.id, content: flood });
  hostile.push(
    await askFor(
      office,
      'contact.update',
      {
        contact_id: contact.id,
        full_name: script,
        nickname: attribute,
        notes: flood,
        tags: ['W'.repeat(50)],
      },
      why,
    ),
    await askFor(office, 'note.create', { contact_id: contact.id, content: flood }, why),
  );
  const wide = await done(dana, 'contact.create', { full_name: 'W'.repeat(200) });
  await done(dana, 'address.create', { contact_id: wide.id, line1: `${script}${'W'.repeat(100)}` });
  await done(dana, 'note.create', { contact_id: wide.id, content: 'has history' });
  const asked = await act(bright.agent, 'contact.delete', { contact_id: wide.id }, { reasoning: why });
  hostile.push(String(asked.data.request));
  const turnedOne = await askToDelete(office, 'Hal Turned', why);
  hostile.push(turnedOne.request);
  // Older data and other programs may hold what our input refuses.
  await asTableOwner(
    office,
    `update authorization_requests set preview = jsonb_set(preview, '{targets,0,label}', to_jsonb($1::text)),
      rule_reason = $2 where reference = $3`,
    [turned, `${script} ${turned}`, turnedOne.request],
  );
  await asTableOwner(office, "update contacts set full_name = $1 where full_name = 'Hal Turned'", [turned]);
});

async function openAs(email: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const { signIn, url } = pages();
  await tab.context.addCookies([{ name: 'deskhand_session', value: await signIn(email), url }]);
  return tab;
}

const everyPage = () => [
  '/review',
  ...hostile.map(request => `/review/${request}`),
  `/review/together?requests=${hostile.join('.')}`,
  ...hostile.map(request => `/review/${request}/stored`),
  '/review/history',
  '/review/levels',
  '/review/levels?action=contact.delete',
  '/review/grants',
  '/assistants',
  '/',
];

const ways = sizes.flatMap(size => [
  { ...size, javaScript: true },
  { ...size, javaScript: false },
]);

describe('with hostile content', () => {
  test.each(ways)(
    'at $width × $height, scripts $javaScript: nothing runs, nothing scrolls sideways, the buttons are there',
    async ({ javaScript, ...size }) => {
      const { page, complaints } = await openAs(owner, { size, javaScript });
      for (const path of everyPage()) {
        await page.goto(pages().url + path);
        expect(await overflow(page), path).toBe(0);
        if (javaScript) expect(await page.evaluate('window.hit'), path).toBeUndefined();
        await openFolds(page);
        expect(await overflow(page), `${path} with open folds`).toBe(0);
        expect(await page.locator('h1').count(), path).toBe(1);
        expect(await tooSmall(page), path).toEqual([]);
      }
      for (const request of hostile) {
        await page.goto(`${pages().url}/review/${request}`);
        await page.getByRole('link', { name: 'Go to the decision' }).click();
        expect(await isInSight(page, 'Allow Once', size.height)).toBe(true);
        for (const name of ['Allow Always', 'Deny']) {
          expect(await page.getByRole('button', { name, exact: true }).isVisible(), name).toBe(true);
        }
      }
      expect(complaints).toEqual([]);
    },
  );

  test('every word is there as text, turned ones spelt out, long ones one tap away', async () => {
    const { page } = await openAs(owner, { javaScript: false });
    await page.goto(`${pages().url}/review/${hostile[0]}`);
    const text = await page.locator('main').innerText();
    expect(text).toContain(script);
    expect(text).toContain(attribute);
    const whole = page.locator('.changes .prose', { hasText: flood });
    expect(await whole.isVisible()).toBe(false);
    await page.getByText('show all 20,000 characters').click();
    expect(await whole.isVisible()).toBe(true);
    await page.locator('.agent .more').click();
    expect(await page.locator('.agent .prose').innerText()).toContain('Hal [U+202E]htims[U+202C][U+200B]');
    expect(await page.locator('.agent .prose').innerText()).toMatch(/end$/);
    expect(await page.locator('.agent .prose mark').first().innerText()).toBe('[U+202E]');
    await page.goto(`${pages().url}/review/${hostile[3]}`);
    expect(await page.locator('h1').innerText()).toContain('Hal [U+202E]htims[U+202C][U+200B]');
    expect(await page.title()).toContain('Hal [U+202E]htims');
  });

  test.each([true, false])('the buttons work, scripts %s', async javaScript => {
    const { page, complaints } = await openAs(owner, { javaScript });
    const why = `${script} ${lines}`;
    const denied = await askToDelete(pages(), `Ann Denied ${javaScript}`, why);
    await page.goto(`${pages().url}/review/${denied.request}`);
    await page.getByLabel('Note to the agent').fill('Ask her first.');
    await page.getByRole('button', { name: 'Deny', exact: true }).click();
    await page.getByText('Denied. The agent reads it').waitFor();
    const { read, bright } = pages();
    const [row] = await read(bright.agent, 'authorization_requests', { id: denied.request });
    expect(row).toMatchObject({ status: 'denied', decision_note: 'Ask her first.' });

    const allowed = await askToDelete(pages(), `Ann Allowed ${javaScript}`, why);
    await page.goto(`${pages().url}/review/${allowed.request}`);
    await page.getByRole('button', { name: 'Allow Once', exact: true }).click();
    await page.getByText('Done, exactly as shown.').waitFor();
    expect(await isThere(pages(), allowed.contact)).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('a card number in the note to the agent is gone before it leaves the browser', async () => {
    const { page } = await openAs(owner);
    const { request } = await askToDelete(pages(), 'Carl Card');
    await page.goto(`${pages().url}/review/${request}`);
    const note = page.getByLabel('Note to the agent');
    await note.fill('Use 4242 4242 4242 4242 instead');
    await note.blur();
    await expect.poll(() => note.inputValue()).toBe('Use [REDACTED CARD ..4242] instead');
    await page.getByRole('button', { name: 'Deny', exact: true }).click();
    await page.getByText('Denied. The agent reads it').waitFor();
    expect((await requestRow(pages(), request)).decision_note).toBe('Use [REDACTED CARD ..4242] instead');
  });
});

/** The references within what a selector finds that stand on two lines. */
const brokenIn = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].flatMap(place => {
    const found = [];
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const { index, 0: text } of node.data.matchAll(/[A-Z]{1,6}(?:-\\d{4})?-\\d+/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + text.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        found.push({ text, isBroken: lines.size > 1 });
      }
    if (found.length === 0) throw new Error('nothing here has a reference');
    return found.filter(({ isBroken }) => isBroken).map(({ text }) => text);
  })`);

test('a reference in a heading stays on one line, however wide the screen is', async () => {
  const { page } = await openAs(owner);
  const { request } = await askToDelete(pages(), 'Anna Reference');
  const broken: string[] = [];
  for (const [path, selector] of [
    [`/review/${request}`, 'h1'],
    ['/review', `#${request} .wish`],
  ] as const) {
    await page.goto(pages().url + path);
    for (let width = 240; width < 420; width += 6) {
      await page.setViewportSize({ width, height: 600 });
      broken.push(...(await brokenIn(page, selector)).map(reference => `${path} ${width}: ${reference}`));
    }
  }
  expect(broken).toEqual([]);
});

test('with the keyboard alone somebody finds a request, binds it to a limit, and allows it always', async () => {
  const { page, complaints } = await openAs(owner);
  const request = await askFor(pages(), 'contact.set_preferences', {
    contact_id: 'C-1001',
    note: 'Ring twice',
  });
  await page.goto(`${pages().url}/review`);
  await tabTo(page, `a[href="/review/${request}"]`);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/review/${request}`);
  await tabTo(page, 'form summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '#per_day');
  await page.keyboard.type('3');
  // Enter in a field presses the button of its own form, never Allow Once above it.
  await page.keyboard.press('Enter');
  await page.getByText('Done, and allowed from now on.').waitFor();
  await page.goto(`${pages().url}/review/grants`);
  expect(await page.locator('main').innerText()).toContain('at most 3 a day');
  expect(complaints).toEqual([]);
});

test('two presses on the same button, one after the other without waiting, decide once', async () => {
  const { page } = await openAs(owner);
  const { request, contact } = await askToDelete(pages(), 'Dot Double');
  await page.goto(`${pages().url}/review/${request}`);
  await page.getByRole('button', { name: 'Allow Once', exact: true }).dblclick();
  await page.getByText('Done, exactly as shown.').waitFor();
  expect(await isThere(pages(), contact)).toBe(false);
  const { read, bright } = pages();
  const { input } = await requestRow(pages(), request);
  const history = await read(bright.owner, 'audit_log', {
    params: { subject_type: 'contact' },
    fields: ['action', 'entity_type', 'entity_id'],
    limit: 100,
  });
  const id = JSON.stringify(input);
  const deletes = history.filter(
    entry =>
      entry.action === 'delete' && entry.entity_type === 'contact' && id.includes(String(entry.entity_id)),
  );
  expect(deletes).toHaveLength(1);
});

describe('the first response', () => {
  test.each(['gzip, deflate, br', 'gzip'])('with its style sheet is at most 13 KB (%s)', async encoding => {
    const { request } = await askToDelete(pages(), 'Small Page');
    const booking = await askFor(pages(), 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: encoding === 'gzip' ? '2026-12-01T13:00' : '2026-12-02T13:00',
      lines: [{ service_id: 'S-1' }, { service_id: 'S-2', quantity: 12 }],
      technician_ids: ['Theo'],
      notify_customer: true,
    });
    const session = await pages().signIn(owner);
    for (const path of [`/review/${request}`, `/review/${booking}`, '/review/levels', '/assistants']) {
      const sizes = [await wire(path, encoding, session)];
      const files = await filesOf(path, session);
      expect(files).toHaveLength(3);
      for (const file of files) sizes.push(await wire(file, encoding, ''));
      expect(
        sizes.reduce((sum, size) => sum + size, 0),
        `${path} ${sizes}`,
      ).toBeLessThanOrEqual(13 * 1024);
    }
  });
});

/** What a finger misses. */
const tooSmall = (page: Page): Promise<string[]> =>
  page
    .locator(
      'button, .button, input:not([type=hidden]), select, textarea, summary, .links a, .main, header a, .tabs a',
    )
    .evaluateAll(elements =>
      elements
        .filter(element => {
          const { height } = element.getBoundingClientRect();
          return height > 0 && Math.round(height) < 44;
        })
        .map(element => element.outerHTML.slice(0, 120)),
    );

async function isInSight(page: Page, name: string, height: number): Promise<boolean> {
  const box = await page.getByRole('button', { name, exact: true }).boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= height;
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** What the first picture waits for: the style sheet and the icon. Scripts come after it. */
async function filesOf(path: string, session: string): Promise<string[]> {
  const markup = await (await pages().send(path, { session })).text();
  return [...markup.matchAll(/<link[^>]+href="(\/static\/[^"]+)"/g)].map(match => match[1] ?? '');
}

/** How many bytes a response is on the wire: compressed, with its headers. */
function wire(path: string, encoding: string, session: string): Promise<number> {
  const headers = { 'accept-encoding': encoding, cookie: `deskhand_session=${session}` };
  return new Promise((resolve, reject) => {
    open(pages().url + path, { headers }, response => {
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-encoding']).toBe(encoding.includes('br') ? 'br' : 'gzip');
      let bytes = response.rawHeaders.join(': ').length + 4;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    })
      .on('error', reject)
      .end();
  });
}

test('with the keyboard alone somebody allows one thing on its card and denies the next', async () => {
  const { page, complaints } = await openAs(owner);
  const quiet = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname: 'Hattie' });
  const loud = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname: 'Loud' });
  await page.goto(`${pages().url}/review`);
  await tabTo(page, `#${quiet} form[action$="/allow-once"] button`);
  await page.keyboard.press('Enter');
  await page.getByText('Done.', { exact: true }).waitFor();
  expect(page.url()).toBe(`${pages().url}/review`);
  await tabTo(page, `#${loud} form[action$="/deny"] button`);
  await page.keyboard.press('Enter');
  await page.getByText('Denied. The agent reads it').waitFor();
  const [hart] = await pages().read(pages().bright.owner, 'contacts', { id: 'C-1002', fields: ['nickname'] });
  expect(hart).toMatchObject({ nickname: 'Hattie' });
  expect((await requestRow(pages(), loud)).status).toBe('denied');
  expect(complaints).toEqual([]);
});

test('what cannot be taken back, what sends mail and what is too long to read there has no Allow on its card', async () => {
  const { page } = await openAs(owner);
  const { bright, done } = pages();
  const open = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname: 'Short' });
  const final = await askFor(pages(), 'ticket.cancel', { ticket_id: 'T-2002' });
  const long = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname: 'x'.repeat(200) });
  await done(bright.owner, 'contact.confirm_email', {
    contact_id: 'C-1001',
    email: 'jane.smith@example.com',
  });
  const mail = await askFor(pages(), 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Spring',
    body: 'Shall we come again?',
    send_at: '2026-12-01T09:00',
  });
  await page.goto(`${pages().url}/review`);
  const allow = (request: string) => page.locator(`#${request} form[action$="/allow-once"]`).count();
  expect(await allow(open)).toBe(1);
  for (const request of [final, long, mail]) {
    expect(await allow(request), request).toBe(0);
    const look = page.locator(`#${request}`).getByRole('link', { name: 'Look and decide' });
    expect(await look.getAttribute('href')).toBe(`/review/${request}`);
  }
});
