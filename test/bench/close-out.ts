import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/browser.ts';
import { type BadLine, layBadLine, type Quality, type Trouble } from './bad-line.ts';
import { type Office, openOffice } from './close-out-office.ts';
import { median, round } from './measure.ts';
import type { Bench } from './part.ts';

/** One bar of signal, worse and worse. */
const qualities: Readonly<Record<string, Quality>> = {
  unthrottled: { round_trip_ms: 0, kilobits_per_second: 1e9, broken_percent: 0 },
  '300 ms, 400 kbps': { round_trip_ms: 300, kilobits_per_second: 400, broken_percent: 0 },
  '600 ms, 50 kbps': { round_trip_ms: 600, kilobits_per_second: 50, broken_percent: 0 },
  '600 ms, 50 kbps, 5 % broken': { round_trip_ms: 600, kilobits_per_second: 50, broken_percent: 5 },
  'comes and goes': { round_trip_ms: 100, kilobits_per_second: 400, broken_percent: 0, flickers_ms: 3000 },
  'black hole': withTrouble({ kind: 'silent', step: 0 }),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].flatMap(step => [
      [`black hole for 30 s at step ${step}`, withTrouble({ kind: 'silent', step, lasts_ms: 30_000 })],
      [`offline for 30 s at step ${step}`, withTrouble({ kind: 'cut', step, lasts_ms: 30_000 })],
    ]),
  ),
};

function withTrouble(trouble: Trouble): Quality {
  return { round_trip_ms: 300, kilobits_per_second: 400, broken_percent: 0, trouble };
}

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
  const { lines, phones } = bench;
  const rounds = lines === undefined ? Math.min(bench.rounds, mostRounds) : bench.rounds;
  const chosen = Object.entries(qualities).filter(([name]) => name.includes(lines ?? ''));
  try {
    const results: Record<string, unknown> = {};
    const base: number[] = [];
    for (const [name, quality] of chosen) {
      const figures = empty();
      let next = 0;
      const hand = async (seed: number) => {
        const line = await layBadLine(office.port, quality, seed);
        const on = { office, browser, line, quality, name, rounds };
        while (next < rounds) {
          next += 1;
          await measureOne(bench, on, next, figures);
        }
        await line.close();
      };
      await Promise.all(Array.from({ length: phones }, (_, phone) => hand(phone + 1)));
      if (name === 'unthrottled') base.push(...figures.waits);
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

const empty = (): Figures => ({ waits: [], cold: [], wires: [], unfinished: [], arrivals: [] });

async function measureOne(bench: Bench, on: Line, turn: number, figures: Figures): Promise<void> {
  bench.say(`close-out, ${on.name}, ${turn} of ${on.rounds}`);
  const context = await signedIn(on.browser, on.office, on.line.url);
  try {
    await measureRound(context, on, figures);
  } catch (error) {
    // A line this bad may break anything: that is a figure of its own, and the other rounds go on.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    bench.say(`not finished: ${reason}\n${await shownBy(context)}\n${on.line.last().join('\n')}`);
    figures.unfinished.push(reason);
  } finally {
    on.line.live();
    await context.close();
  }
}

/** Where a phone has stopped: the address and the words of its page, and what waits on it. */
async function shownBy(context: BrowserContext): Promise<string> {
  const [page] = context.pages();
  if (!page) return 'no page';
  const words = page.locator('body').innerText({ timeout: 5000 }).catch(String);
  const waits = page
    .evaluate(`Promise.race([
    (async () => JSON.stringify({
      queue: await (await caches.match('/queue'))?.json(),
      kept: document.body.dataset.kept,
      locks: await navigator.locks.query(),
      worker: navigator.serviceWorker.controller?.state,
    }, undefined, 1))(),
    new Promise(done => setTimeout(done, 5000, 'no answer')),
  ])`)
    .catch(String);
  return `${page.url()}\n${await words}\n${await waits}`;
}

async function measureRound(
  context: BrowserContext,
  { office, line, quality }: Line,
  figures: Figures,
): Promise<void> {
  const page = await context.newPage();
  const { trouble } = quality;
  const isWhole = quality.broken_percent === 0 && !trouble && quality.flickers_ms === undefined;
  // Without the worker a broken request is a broken page, so only whole lines are compared.
  if (isWhole) figures.cold.push(await closeOut(page, { url: line.url, reference: await office.book() }));
  // A visit that the phone has heard of: without that there is nothing to go on with on a dead line.
  const known = trouble ? await office.book() : undefined;
  await prepare(page, line.url);
  line.count();
  line.comeAndGo();
  const reference = known ?? (await office.book());
  let lives = Promise.resolve();
  const before = (step: number) => {
    if (step !== trouble?.step) return;
    if (trouble.kind === 'cut') line.cut();
    else line.fallSilent();
    if (trouble.lasts_ms !== undefined) lives = delay(trouble.lasts_ms).then(line.live);
  };
  const waited = await closeOut(page, { url: line.url, reference, before });
  await lives;
  line.live();
  const began = performance.now();
  // What is kept on the phone arrives by itself, on a line that breaks as on one that was gone.
  await page.getByRole('heading', { name: new RegExp(`^Today|^${reference} is done`), level: 1 }).waitFor();
  if (!isWhole) figures.arrivals.push(performance.now() - began);
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
    longest_seconds: round(Math.max(...waits) / 1000, 2),
    ...(base.length > 0 ? { ratio: round(median(waits) / median(base), 2) } : {}),
    ...(cold.length > 0 ? { first_time_seconds: round(median(cold) / 1000, 2) } : {}),
    ...(arrivals.length > 0 ? { arrived_after_seconds: round(median(arrivals) / 1000, 2) } : {}),
    requests: median(wires.map(({ requests }) => requests)),
    broken: wires.reduce((sum, { broken }) => sum + broken, 0),
    bytes: median(wires.map(({ bytes }) => bytes)),
  };
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
      await page.waitForTimeout(500);
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
  ['Check before it is final', 'Complete visit', () => Promise.resolve()],
  ['How is it paid?', 'Later: skip the invoice', page => page.getByLabel('Paid already').check()],
];

interface Way {
  url: string;
  reference: string;
  /** Told before the first page is asked for (0), and before each step is sent. */
  before?: (step: number) => void;
}

/** Closes a visit out; answers the milliseconds from each press to the next page, and until all of it has arrived or is kept. */
async function closeOut(page: Page, { url, reference, before = () => {} }: Way): Promise<number> {
  before(0);
  let started = performance.now();
  let waited = 0;
  await page.goto(`${url}/close-out/${reference}/work`, { waitUntil: 'commit' });
  for (const [index, [heading, button, fill]] of steps.entries()) {
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    waited += performance.now() - started;
    await fill(page);
    before(index + 1);
    started = performance.now();
    await page.getByRole('button', { name: button, exact: true }).click({ noWaitAfter: true });
  }
  const end = new RegExp(`^Today|^Kept on this phone|^${reference} is done`);
  await page.getByRole('heading', { name: end, level: 1 }).waitFor();
  return waited + performance.now() - started;
}
