import { createServer } from 'node:http';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { createDeskhand } from '../../api/compose.ts';
import { createHttpApp } from '../../api/http/server.ts';
import { createLogger } from '../../api/logger.ts';
import { readVersion } from '../../api/version.ts';
import type { App } from '../../core/app.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { createPages } from '../../web-review/router.ts';
import { findChromium } from '../support/browser.ts';
import { type BadLine, layBadLine, type Quality } from './bad-line.ts';
import { median, round } from './measure.ts';
import type { Bench } from './part.ts';

/** One bar of signal, worse and worse. */
const qualities: Readonly<Record<string, Quality>> = {
  unthrottled: { round_trip_ms: 0, kilobits_per_second: 1e9, broken_percent: 0 },
  '300 ms, 400 kbps': { round_trip_ms: 300, kilobits_per_second: 400, broken_percent: 0 },
  '600 ms, 50 kbps': { round_trip_ms: 600, kilobits_per_second: 50, broken_percent: 0 },
  '600 ms, 50 kbps, 5 % broken': { round_trip_ms: 600, kilobits_per_second: 50, broken_percent: 5 },
  'black hole': { round_trip_ms: 300, kilobits_per_second: 400, broken_percent: 0, is_black_hole: true },
};

const theo = 'theo@close-out.example';
const mostRounds = 5;

/**
 * A whole close-out in a real browser, from the first page to the calendar, on a phone that was here before (its worker
 * is installed) and on one that was not: the seconds that somebody waits, without what they type.
 */
export async function measureCloseOut(bench: Bench) {
  const office = await openOffice(bench);
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const rounds = Math.min(bench.rounds, mostRounds);
  try {
    const results: Record<string, unknown> = {};
    const base: number[] = [];
    for (const [name, quality] of Object.entries(qualities)) {
      const line = await layBadLine(office.port, quality);
      const figures = await measureLine(bench, { office, browser, line, quality, name, rounds });
      await line.close();
      if (base.length === 0) base.push(...figures.waits);
      results[name] = report(figures, base);
    }
    return results;
  } finally {
    await browser.close();
    await office.close();
  }
}

/** Milliseconds, requests and bytes of the rounds that came to their end, and why the others did not. */
interface Figures {
  waits: number[];
  cold: number[];
  wires: { requests: number; broken: number; bytes: number }[];
  unfinished: string[];
  /** From the moment the line lives again until the server has all of it. */
  arrivals: number[];
}

interface Line {
  office: Office;
  browser: Browser;
  line: BadLine;
  quality: Quality;
  name: string;
  rounds: number;
}

async function measureLine(bench: Bench, on: Line): Promise<Figures> {
  const figures: Figures = { waits: [], cold: [], wires: [], unfinished: [], arrivals: [] };
  for (let turn = 0; turn < on.rounds; turn += 1) {
    bench.say(`close-out, ${on.name}, ${turn + 1} of ${on.rounds}`);
    const context = await signedIn(on.browser, on.office, on.line.url);
    try {
      await measureRound(context, on, figures);
    } catch (error) {
      // A line this bad may break anything: that is a figure of its own, and the other rounds go on.
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      bench.say(`not finished: ${reason}`);
      figures.unfinished.push(reason);
    } finally {
      await context.close();
    }
  }
  return figures;
}

async function measureRound(
  context: BrowserContext,
  { office, line, quality }: Line,
  figures: Figures,
): Promise<void> {
  const page = await context.newPage();
  // Without the worker a broken request is a broken page, so only whole lines are compared.
  if (quality.broken_percent === 0 && !quality.is_black_hole)
    figures.cold.push(await closeOut(page, line.url, await office.book()));
  // A visit that the phone has heard of: without that there is nothing to go on with on a dead line.
  const known = quality.is_black_hole ? await office.book() : undefined;
  await prepare(page, line.url);
  line.count();
  const reference = known ?? (await office.book());
  if (quality.is_black_hole) line.fallSilent();
  const waited = await closeOut(page, line.url, reference, quality.is_black_hole);
  if (quality.is_black_hole) {
    line.live();
    const began = performance.now();
    await page.getByRole('heading', { name: `${reference} is done`, level: 1 }).waitFor({ timeout: 120_000 });
    figures.arrivals.push(performance.now() - began);
  }
  const wire = line.count();
  await office.requireClosed(reference);
  figures.waits.push(waited);
  figures.wires.push(wire);
}

/** What the rounds say together; without a single one that came to its end there is no time to tell. */
function report({ waits, cold, wires, unfinished, arrivals }: Figures, base: readonly number[]) {
  const failed =
    unfinished.length > 0 ? { unfinished: unfinished.length, why: [...new Set(unfinished)] } : {};
  if (waits.length === 0) return { rounds: 0, ...failed };
  return {
    rounds: waits.length,
    ...failed,
    seconds: round(median(waits) / 1000, 2),
    ...(base.length > 0 ? { ratio: round(median(waits) / median(base), 2) } : {}),
    ...(cold.length > 0 ? { first_time_seconds: round(median(cold) / 1000, 2) } : {}),
    ...(arrivals.length > 0 ? { arrived_after_seconds: round(median(arrivals) / 1000, 2) } : {}),
    requests: median(wires.map(({ requests }) => requests)),
    broken: wires.reduce((sum, { broken }) => sum + broken, 0),
    bytes: median(wires.map(({ bytes }) => bytes)),
  };
}

interface Office {
  port: number;
  /** The secret of a session of Theo's. */
  signIn(): Promise<string>;
  /** A visit of Theo's; its reference. */
  book(): Promise<string>;
  /** Throws unless the visit was closed with what was entered. */
  requireClosed(reference: string): Promise<void>;
  close(): Promise<void>;
}

async function openOffice({ cluster }: Bench): Promise<Office> {
  const { address, caller } = cluster.small;
  const db = openDatabase({ address, connections: 10 });
  const app = createDeskhand(db);
  const run = async (action: string, data: Record<string, unknown>) =>
    (await app.execute(caller, { action, data }, { request_id: newId() })).data;
  const technician = await run('member.create', { name: 'Theo', email: theo, role: 'technician' });
  const contact = await run('contact.create', { full_name: 'Jane Smith', email: 'jane@close-out.example' });
  const windows = await run('service.create', {
    name: 'Window Cleaning',
    pricing: 'flexible',
    duration_minutes: 60,
  });
  const server = createServer(
    createHttpApp({
      app,
      logger: createLogger('silent'),
      baseUrl: 'http://127.0.0.1:3000',
      version: readVersion(),
      ready: async () => true,
      pages: createPages({
        app,
        db,
        baseUrl: 'http://127.0.0.1:3000',
        dataDir: cluster.dataDir,
        demo: false,
      }),
    }),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  let at = Date.now();
  return {
    port: typeof listening === 'object' ? (listening?.port ?? 0) : 0,
    signIn: () => signInTo(db),
    async book() {
      at += 360_000;
      const { reference } = await run('ticket.create', {
        contact_id: contact.id,
        scheduled_at: new Date(at).toISOString(),
        duration_minutes: 5,
        technician_ids: [technician.id],
        lines: [{ service_id: windows.id }],
      });
      return String(reference);
    },
    requireClosed: reference => requireClosed(app, caller, reference),
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await db.close();
    },
  };
}

async function signInTo(db: Database): Promise<string> {
  const token = await createSignInToken(db, theo);
  const session = token === undefined ? undefined : await redeemSignInToken(db, token);
  if (session === undefined) throw new Error('Theo cannot sign in');
  return session;
}

async function requireClosed(app: App, caller: Caller, reference: string): Promise<void> {
  const { rows } = await app.read(
    caller,
    'tickets',
    { id: reference, fields: ['status', 'actual_minutes', 'total_cents'] },
    { request_id: newId() },
  );
  const [row] = rows;
  if (row?.status === 'closed' && row.actual_minutes === 75 && row.total_cents === 56_200) return;
  throw new Error(`${reference} is not closed as it was entered: ${JSON.stringify(row)}`);
}

async function signedIn(browser: Browser, office: Office, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  context.setDefaultTimeout(120_000);
  await context.addCookies([{ name: 'deskhand_session', value: await office.signIn(), url }]);
  return context;
}

const mostTries = 20;

/** Opens the list of visits until the worker is installed and has what it needs. Throws when it never is. */
async function prepare(page: Page, url: string): Promise<void> {
  const isReady = `caches.match('/close-out/offline').then(kept => !!kept && !!navigator.serviceWorker.controller)`;
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      await page.goto(`${url}/close-out`);
      for (let looks = 0; looks < 20; looks += 1) {
        if ((await page.evaluate(isReady)) === true) return;
        await page.waitForTimeout(500);
      }
    } catch {
      // A broken request: once more.
    }
  }
  throw new Error(`The worker of the page was not installed after ${mostTries} tries.`);
}

const steps: readonly [heading: string, button: string, fill: (page: Page) => Promise<void>][] = [
  [
    'What was done?',
    'Go on',
    async page => {
      await page.getByLabel('Hours').fill('1');
      await page.getByLabel('Minutes').fill('15');
      await page.getByRole('textbox', { name: 'Final price' }).fill('562');
      await page.getByLabel('These are the final prices').check();
      // After midnight it is the visit of another day.
      const early = page.getByLabel('Yes, it is done');
      if (await early.isVisible()) await early.check();
    },
  ],
  [
    'What did you notice?',
    'Go on',
    page => page.getByRole('textbox', { name: 'Notes' }).fill('Dog named Biscuit.'),
  ],
  ['What comes next?', 'Go on', page => page.getByLabel('No follow-up needed').check()],
  ['Check before it is final', 'Complete ticket', () => Promise.resolve()],
  ['How is it paid?', 'Later: skip the invoice', page => page.getByLabel('Paid already').check()],
];

/** Closes a visit out; answers the milliseconds from each press to the next page, and until all of it has arrived. */
async function closeOut(page: Page, url: string, reference: string, isKept = false): Promise<number> {
  let started = performance.now();
  let waited = 0;
  await page.goto(`${url}/close-out/${reference}/work`, { waitUntil: 'commit' });
  for (const [heading, button, fill] of steps) {
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    waited += performance.now() - started;
    await fill(page);
    started = performance.now();
    await page.getByRole('button', { name: button, exact: true }).click({ noWaitAfter: true });
  }
  const end = isKept ? /^Kept on this phone/ : new RegExp(`^Today|^${reference} is done`);
  await page.getByRole('heading', { name: end, level: 1 }).waitFor();
  return waited + performance.now() - started;
}
