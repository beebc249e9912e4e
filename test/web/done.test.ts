import { beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { fieldOf, usePages } from '../support/pages.ts';
import { useReview } from './review-people.ts';
import { askFor, dana, owner, theo } from './review-story.ts';

const pages = usePages();
const openTab = useBrowser();
const { session, see, press } = useReview(pages);

const because = 'Gutters take twice as long <b>now</b> \u202Eyrros';

beforeAll(async () => {
  const { bright, clear, done, act } = pages();
  await done(bright.owner, 'service.create', {
    name: 'Gutter Cleaning',
    pricing: 'fixed',
    price_cents: 15_000,
  });
  await act(
    bright.agent,
    'service.update',
    { service_id: 'Gutter Cleaning', price_cents: 17_500 },
    { reasoning: because },
  );
  await done(clear.owner, 'contact.create', { full_name: 'Cara Elsewhere' });
});

const priceOf = async () => {
  const { bright, read } = pages();
  const [row] = await read(bright.owner, 'services', { search: 'Gutter Cleaning', fields: ['price_cents'] });
  return row?.price_cents;
};

describe('what the assistant did alone', () => {
  test('is told in sentences with the reason, by day, and nothing of another business', async () => {
    const { text, markup } = await see('/done');
    expect(text).toMatch(
      /Office Manager raised the price of the service Gutter Cleaning S-\d+ from \$150\.00 to \$175\.00/,
    );
    expect(text).toContain('because “Gutters take twice as long &lt;b&gt;now&lt;/b&gt; [U+202E]yrros”');
    expect(markup).not.toContain('<b>now</b>');
    expect(text).toMatch(/rescheduled the visit T-2001 for Jane Smith C-1001 from .* 1:00 PM to .* 2:00 PM/);
    expect(text).not.toContain('Cara Elsewhere');
    // What people did is told when somebody asks for it.
    expect(text).not.toMatch(/Dana (added|changed|set)/);
    expect((await see('/done?who=everybody')).text).toMatch(/Dana changed the line of visit T-2001/);
  });

  test('is one line a call for agents and programs as well', async () => {
    const { bright, read, done } = pages();
    await done(as(bright, 'Dana'), 'contact.create', { full_name: 'Line Counted', phone: '(256) 555-0150' });
    const rows = await read(bright.agent, 'done', { params: { actor_name: 'Dana' }, limit: 1 });
    expect(rows).toEqual([
      expect.objectContaining({
        actor_name: 'Dana',
        did: expect.stringMatching(/^added a customer C-\d+ «Line Counted»: phone \(256\) 555-0150/),
        undo: expect.stringMatching(/^u-/),
        undone_by: null,
      }),
    ]);
  });

  test('is found by person, by day and by customer', async () => {
    expect((await see('/done?who=Dana')).text).not.toContain('Office Manager raised');
    expect((await see('/done?day=2001-01-01')).text).toContain('Nothing was done on this day.');
    const { text } = await see('/done?who=everybody&customer=C-1002');
    expect(text).toContain('Mrs Hart');
    expect(text).not.toContain('Gutter Cleaning');
    expect(text).not.toContain('Line Counted');
  });

  test('says who allowed what had waited', async () => {
    const { bright, done, read } = pages();
    const request = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname: 'Hattie' });
    const [row] = await read(bright.owner, 'authorization_requests', { id: request });
    await done(bright.owner, 'authorization.allow_once', { request, digest: row?.digest });
    const [told] = await read(bright.owner, 'done', { params: { actor_kind: 'agent' }, limit: 1 });
    expect(told).toMatchObject({ actor_name: 'Office Manager', allowed_by: 'Olivia Bright' });
    expect((await see('/done')).text).toMatch(
      /nickname of the customer Mrs Hart C-1002 .*allowed by Olivia Bright/,
    );
  });

  test('is for the office: a technician is told that it is not for them', async () => {
    expect((await see('/done', dana)).status).toBe(200);
    expect((await see('/done', theo)).status).toBe(403);
  });
});

describe('undo from the feed', () => {
  test('takes back one call with the keyboard, says so, and is used up', async () => {
    const tab = await openTab();
    const { signIn, url } = pages();
    await tab.context.addCookies([{ name: 'deskhand_session', value: await signIn(owner), url }]);
    const { page, complaints } = tab;
    await page.goto(`${url}/done`);
    const line = page.locator('li', { hasText: 'raised the price of the service' });
    await line.getByRole('button', { name: /^Undo/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Undone: /).waitFor();
    expect(await priceOf()).toBe(15_000);
    expect(await line.innerText()).toContain('undone by Olivia Bright');
    expect(await line.getByRole('button').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('of what something depends on by now says what stands in the way, and nothing is taken back', async () => {
    const { bright, done, act } = pages();
    const made = await act(
      bright.agent,
      'contact.create',
      { full_name: 'Ned Needed' },
      { reasoning: 'He called' },
    );
    await done(as(bright, 'Dana'), 'contact.update', { contact_id: made.data.id, nickname: 'Neddy' });
    const { markup } = await see('/done');
    const form = /Ned Needed[\s\S]*?name="of" value="([^"]+)"/.exec(markup)?.[1] ?? '';
    const refused = await press('/done/undo', { of: form });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Nothing was taken back, for something depends on it by now');
    expect(refused.text).toContain('Undo the rest of it');
    expect((await see('/contacts?q=Ned')).text).toContain('Ned Needed');
  });

  test('is not for who may not, and not without the page’s own form', async () => {
    const { markup } = await see('/done');
    const of = fieldOf(markup, 'of');
    expect((await press('/done/undo', { of }, theo)).status).toBe(403);
    const bare = await pages().send('/done/undo', { session: session[owner] ?? '', form: { of } });
    expect(bare.status).toBe(403);
    expect((await see('/done')).markup).toContain(`value="${of}"`);
  });
});

test.each(sizes)('at $width × $height nothing scrolls sideways and axe finds nothing', async size => {
  const tab = await openTab({ size });
  const { signIn, url } = pages();
  await tab.context.addCookies([{ name: 'deskhand_session', value: await signIn(owner), url }]);
  for (const path of ['/done?who=everybody', '/review', '/review/levels', '/review/grants']) {
    await tab.page.goto(url + path);
    expect(await overflow(tab.page), path).toBe(0);
    expect(await axeViolations(tab.page), path).toEqual([]);
  }
});
