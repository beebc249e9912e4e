import { Temporal } from 'temporal-polyfill';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { ago } from '../../web-review/connect/called.ts';
import { hosts, keyWords } from '../../web-review/connect/hosts.ts';
import { openFolds, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
const sessions = new Map<string, string>();

beforeAll(async () => {
  for (const email of ['olivia@brightpanes.example', 'theo@brightpanes.example', 'carla@clearview.example'])
    sessions.set(email, await pages().signIn(email));
});

async function see(path: string, email = 'olivia@brightpanes.example') {
  const response = await pages().send(path, { session: sessions.get(email) ?? '' });
  return { status: response.status, headers: response.headers, markup: await response.text() };
}

const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'");
const call = () => pages().app.noteCall(pages().bright.agent, { request_id: newId() });

describe('the page that connects an assistant', () => {
  test('says that nothing has called, with what to try; then which assistant did, and when', async () => {
    const before = await see('/connect');
    expect(before.markup).toContain('Nothing has called yet.');
    expect(before.markup).toContain('“What is on today?”');
    await call();
    const after = await see('/connect');
    expect(after.markup).toMatch(
      /<bdi>Office Manager<\/bdi><\/a> called <time datetime="[^"]+">(just now|\d+ seconds? ago)<\/time>/,
    );
    expect((await see('/connect/called')).markup).toContain('Office Manager');
    // Carla of the other business is told nothing of it.
    expect((await see('/connect', 'carla@clearview.example')).markup).toContain('Nothing has called yet.');
  });

  test('shows what it has for each program, with its own address and without a secret', async () => {
    const { markup } = await see('/connect');
    const place = { address: `${pages().url}/mcp`, key: keyWords };
    const shown = [...markup.matchAll(/<textarea [^>]*>\n([^<]*)</g)].map(([, text = '']) => unescaped(text));
    const ways = hosts.flatMap(host => [host.byAddress(place), host.byKey?.(place)]);
    expect(shown).toEqual(ways.flatMap(way => way?.block?.text ?? []));
    for (const way of ways) if (way?.link) expect(unescaped(markup)).toContain(`href="${way.link.href}"`);
    expect(markup).not.toMatch(/dh_[\w-]{8}/);
    // Here it is one computer, which Claude and ChatGPT do not reach.
    expect(markup).toContain('Claude and ChatGPT call from outside');
  });

  test('hands out the bundle and the program, to be kept', async () => {
    for (const name of ['deskhand.mcpb', 'deskhand-mcp.mjs']) {
      const { status, headers } = await see(`/connect/${name}`);
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('is for the office: a technician finds nothing there, and whoever is signed out signs in first', async () => {
    for (const path of ['/connect', '/connect/deskhand.mcpb', '/connect/deskhand-mcp.mjs']) {
      expect((await see(path, 'theo@brightpanes.example')).status).toBe(404);
      expect((await see(path, 'nobody')).status).toBe(303);
    }
    // He is told nothing of who called either.
    expect((await see('/connect/called', 'theo@brightpanes.example')).markup).not.toContain('Office Manager');
  });

  test('is led to from where assistants and their keys are, and found by the names of programs', async () => {
    expect((await see('/assistants')).markup).toContain('href="/connect"');
    expect((await see('/search?q=chatgpt')).markup).toContain('Connect an assistant');
  });
});

describe('in a browser', () => {
  const open = async (javaScript: boolean) => {
    const tab = await openTab({ javaScript });
    const { signIn, url } = pages();
    await tab.context.addCookies([
      { name: 'deskhand_session', value: await signIn('olivia@brightpanes.example'), url },
    ]);
    await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    await tab.page.goto(`${url}/connect`);
    return tab;
  };

  test('a press copies what stands there, and a call is told without loading the page again', async () => {
    const { page, complaints } = await open(true);
    await openFolds(page);
    const block = page.getByLabel('For ~/.codex/config.toml');
    await block.locator('xpath=following-sibling::button[1]').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(await block.inputValue());
    await pages().database.owner.query('update agent_keys set last_used_at = null');
    await page.getByText('Nothing has called yet').waitFor();
    await call();
    await page.getByText(/Office Manager called (just now|\d+ seconds? ago)\./).waitFor();
    expect(complaints).toEqual([]);
  });

  test('without JavaScript everything can be selected and looked at again, and no button stands there that does nothing', async () => {
    const { page } = await open(false);
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Look again' }).click();
    expect(await page.locator('#address').inputValue()).toBe(`${pages().url}/mcp`);
  });
});

test('how long ago something was is said as people say it', () => {
  const now = Temporal.Instant.from('2026-11-18T15:00:00Z');
  const said = (at: string) => ago(at, now, 'America/Chicago');
  expect(said('2026-11-18T14:59:59Z')).toBe('just now');
  expect(said('2026-11-18T14:59:48Z')).toBe('12 seconds ago');
  expect(said('2026-11-18T14:58:59Z')).toBe('1 minute ago');
  expect(said('2026-11-18T12:00:00Z')).toBe('3 hours ago');
  expect(said('2026-11-16T15:00:00Z')).toBe('on Mon, Nov 16, 2026, 9:00 AM');
  // A clock that goes a little wrong says nothing strange.
  expect(said('2026-11-18T15:00:04Z')).toBe('just now');
});
