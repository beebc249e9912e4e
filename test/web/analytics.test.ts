import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../core/app.ts';
import { budgets } from '../../core/kernel/words/budgets.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { monthStrip } from '../../web-review/analytics/analytics.ts';
import type { PageRequest, Site } from '../../web-review/site.ts';
import { axeViolations } from '../support/axe.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { giveMuchWork } from '../support/much-work.ts';
import { usePages } from '../support/pages.ts';
import { tooFaint } from './too-faint.ts';
import { foundOn } from './words-of-ours.ts';

// The figures of a business with two years behind it, as its owner looks at them.

const pages = usePages({}, { host: 'localhost' });
const openTab = useBrowser();
const parts = [
  '',
  '/billed',
  '/received',
  '/trends',
  '/services',
  '/places',
  '/team',
  '/customers',
  '/open',
  '/assistant',
  '/count',
];
let olivia: string;

beforeAll(async () => {
  await giveMuchWork(pages());
  olivia = await pages().signIn('olivia@brightpanes.example');
});

const textOf = async (path: string, session = olivia) => {
  const response = await pages().send(path, { session });
  return { status: response.status, text: await response.text() };
};
const read = async (type: string, params: Record<string, unknown> = {}) =>
  pages().read(pages().bright.owner, type, { params, limit: 100 });
const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the pages of figures', () => {
  test('show what the lists of the same names answer', async () => {
    const [now] = await read('analytics_yoy');
    const { text } = await textOf('/analytics');
    const whole = `$${Math.round(Number(now?.amount_cents) / 100).toLocaleString('en-US')}`;
    expect(plain(text)).toContain(`Nov 2026, so far ${whole}`);
    expect(plain(text)).toMatch(
      /Nov 1–18, 2026: \$[\d,.]+ of work, \d+ visits, (up|down) \d+ % on the same days of 2025/,
    );
    const services = await read('analytics_service_types');
    const { text: ofServices } = await textOf('/analytics/services');
    for (const { service } of services) expect(ofServices).toContain(String(service));
    expect((await textOf('/analytics/customers?standing=lost')).text).toContain('lost');
  });

  test('lead from a line to the very visits and bills it counts', async () => {
    const { text } = await textOf('/analytics/services?from=2026-11-01&to=2026-11-18');
    const [, href = ''] = /href="(\/records\/tickets[^"]*)"/.exec(text) ?? [];
    const [first] = await read('analytics_service_types', { from: '2026-11-01', to: '2026-11-18' });
    let path: string | undefined = href.replaceAll('&amp;', '&');
    let count = 0;
    while (path !== undefined) {
      const { text: list, status } = await textOf(path);
      expect(status).toBe(200);
      count += list.match(/<li[^>]*>\s*<p><a class="main"/g)?.length ?? 0;
      path =
        /href="([^"]*)"[^>]*>More/.exec(list)?.[1]?.replaceAll('&amp;', '&') ??
        /rel="next" href="([^"]*)"/.exec(list)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(count).toBe(first?.visits);
    expect(count).toBeGreaterThan(5);
    const { text: open } = await textOf('/analytics/open');
    expect(open).toMatch(/href="\/records\/invoices\?filter=open&amp;by_due_from=2026-11-18"/);
  });

  test('are small: at most 8 KB a page, and as much for its style', async () => {
    for (const part of parts) {
      const { text } = await textOf(`/analytics${part}`);
      expect(gzipSync(text).length, part).toBeLessThanOrEqual(8192);
      const sheets = [...text.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(
        ([, href = '']) => href,
      );
      expect(sheets).toHaveLength(3);
      const sizes = await Promise.all(sheets.map(async href => gzipSync((await textOf(href)).text).length));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8192);
    }
  });

  test('are a file for a spreadsheet, all of it', async () => {
    const response = await pages().send('/analytics/customers/file', { session: olivia });
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).trim().split('\r\n');
    expect(lines[0]).toContain('customer,currency,standing,visits,amount_cents');
    const { totals } = await pages().app.read(
      pages().bright.owner,
      'analytics_customers',
      {},
      { request_id: 'file' },
    );
    const { USD } = Object(totals?.counts);
    expect(lines.length - 1).toBe(USD.new + USD.repeat);
    expect(lines.length).toBeGreaterThan(150);
  });

  test('say what is wrong with the days that were asked for, and keep them', async () => {
    const { status, text } = await textOf('/analytics?from=2026-11-10&to=2026-11-01');
    expect(status).toBe(400);
    expect(text).toContain('The period ends before it begins.');
    expect(text).toContain('value="2026-11-10"');
  });

  test('are not there for technicians, and the office sees them', async () => {
    const theo = await pages().signIn('theo@brightpanes.example');
    const dana = await pages().signIn('dana@brightpanes.example');
    for (const part of parts) {
      expect((await textOf(`/analytics${part}`, theo)).status).toBeGreaterThanOrEqual(403);
      expect((await textOf(`/analytics${part}`, dana)).status).toBe(200);
    }
    expect((await textOf('/', theo)).text).not.toContain('/analytics');
  });

  test('fit a phone and a laptop, by day and at night, and each picture says its amounts in words', async () => {
    for (const size of sizes) {
      const { page, context, complaints } = await openTab({ size, dark: size === sizes[1] });
      await context.addCookies([{ name: 'deskhand_session', value: olivia, url: pages().url }]);
      for (const part of parts) {
        await page.goto(`${pages().url}/analytics${part}`);
        expect(await overflow(page), part).toBe(0);
        expect(await axeViolations(page), part).toEqual([]);
        expect(await tooFaint(page), part).toEqual([]);
        expect(foundOn(await page.content(), `/analytics${part}`), part).toEqual([]);
        const amounts = await page.locator('svg.chart text').allTextContents();
        if (!['/customers', '/assistant', '/count'].includes(part))
          expect(amounts.filter(text => text.startsWith('$')).length).toBeGreaterThan(2);
      }
      expect(complaints).toEqual([]);
    }
  });
});

describe('the first page of the owner', () => {
  test('says how the month goes against the same days of last year', async () => {
    const { text } = await textOf('/');
    expect(plain(text)).toMatch(/This month : \$[\d,]+ of work, [+−]\d+ % on the same days last year/);
    const dana = await pages().signIn('dana@brightpanes.example');
    expect((await textOf('/', dana)).text).not.toContain('This month');
  });

  test('comes whole when that takes too long: then nothing is said of the month', async () => {
    const { app, db, url, bright, now } = pages();
    const identity = await app.whoIs(bright.owner, { request_id: 'strip' });
    const stripOf = (read: App['read']) =>
      monthStrip(
        testVisit({ app: { ...app, read }, db, baseUrl: url, clock: now, identity, caller: bright.owner }),
      );
    expect(await stripOf(app.read)).toMatchObject({ text: expect.stringContaining('This month') });
    const tooLong = async () => {
      throw new DeskhandError('TIMEOUT', 'This took too long to work out and was stopped.');
    };
    expect(await stripOf(tooLong)).toBe(false);
    // An outage is none of its business, and is told as everywhere.
    const outage = async () => {
      throw new DeskhandError('UNAVAILABLE', 'The database is away.');
    };
    await expect(stripOf(outage)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

test('figures that take too long are an error of their own page, never zeros, and stop no other', async () => {
  const usual = budgets.analysis_ms;
  const locker = new pg.Client({ ...pages().database.admin, ssl: false });
  await locker.connect();
  try {
    Object.assign(budgets, { analysis_ms: 100 });
    await locker.query('begin; lock table refunds in access exclusive mode');
    const { status, text } = await textOf('/analytics/received');
    expect(status).toBe(503);
    expect(text).toContain('This took too long to work out');
    expect(text).not.toContain('$0');
    Object.assign(budgets, { analysis_ms: usual });
    for (const path of ['/', '/analytics', '/analytics/open']) expect((await textOf(path)).status).toBe(200);
  } finally {
    await locker.query('rollback');
    Object.assign(budgets, { analysis_ms: usual });
    await locker.end();
  }
  expect((await textOf('/analytics/received')).status).toBe(200);
});

function testVisit({
  identity,
  caller,
  ...site
}: Pick<Site, 'app' | 'db' | 'baseUrl' | 'clock'> & Pick<PageRequest, 'identity' | 'caller'>): PageRequest {
  return Object.assign(Object.create(null), { site, identity, caller, facts: { request_id: 'strip' } });
}
