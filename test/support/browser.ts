import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterEach, beforeAll } from 'vitest';
import { findChromium, sizes } from './chromium.ts';
import { hasRoomInMemory } from './temporary.ts';

export { findChromium, sizes } from './chromium.ts';

/**
 * How long a step of a test may take. Nothing of ours takes a second; a machine on which other programs want both processors
 * takes many. Shorter than what a test may take (vitest.config.ts), so that the report says what was waited for.
 */
const patience = 60_000;

export interface Tab {
  page: Page;
  context: BrowserContext;
  /** What the console of the page complained about, refusals of the content security policy included. */
  complaints: string[];
}

export interface TabOptions {
  size?: { width: number; height: number };
  javaScript?: boolean;
  dark?: boolean;
}

/**
 * Tabs for the tests of a file. The files of a worker share one browser, for starting it costs more than most tests do;
 * every tab has a context of its own, with cookies, storage and workers nobody else sees, and is closed after its test.
 */
export function useBrowser(): (options?: TabOptions) => Promise<Tab> {
  let browser: Browser | undefined;
  const open: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterEach(async ({ task }) => {
    const closing = open.splice(0);
    if (task.result?.state === 'fail') await describeTabs(closing);
    await Promise.all(closing.map(context => context.close()));
  });
  return async ({ size = sizes[0], javaScript = true, dark = false } = {}) => {
    if (!browser) throw new Error('the browser opens in beforeAll');
    const context = await browser.newContext({
      viewport: { ...size },
      javaScriptEnabled: javaScript,
      colorScheme: dark ? 'dark' : 'light',
    });
    open.push(context);
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(String(error)));
    return { page, context, complaints };
  };
}

/** Says what every tab of a test that failed shows: what was waited for is only half of it. */
async function describeTabs(contexts: readonly BrowserContext[]): Promise<void> {
  for (const page of contexts.flatMap(context => context.pages())) {
    const shown = page.locator('body').innerText({ timeout: 2000 });
    console.error(`${page.url()}\n${await shown.catch(String)}`);
  }
}

let shared: Promise<Browser> | undefined;

/** The browser of this worker; a new one when the last one is gone. */
async function sharedBrowser(): Promise<Browser> {
  const running = await shared?.catch(() => undefined);
  if (running?.isConnected()) return running;
  shared = launch();
  const browser = await shared;
  // The worker is told to end when it has no more files: its browser goes first, with its folder of temporary files.
  const end = () => void browser.close().finally(() => process.kill(process.pid, 'SIGTERM'));
  process.once('SIGTERM', end);
  browser.once('disconnected', () => process.off('SIGTERM', end));
  return browser;
}

/**
 * What the browser does without. Chromium draws the suggestions under its address bar as two pages of its own, made for
 * each new window though no window is seen: more than half of what a tab cost; it makes a new frame for every page that
 * follows another, and keeps a spare process for pages that never come: a sixth of the rest. The others are what
 * Playwright switches off itself: of two lists only the last one counts.
 */
const disabledFeatures = [
  'RenderDocument',
  'SpareRendererForSitePerProcess',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

function launch(): Promise<Browser> {
  return chromium.launch({
    // Else Playwright would close the browser at that signal, and the worker would go on.
    handleSIGTERM: false,
    executablePath: findChromium(),
    headless: true,
    // Playwright has its processes hand pages over through files on the disk, as small containers need: a tenth more work.
    ignoreDefaultArgs: hasRoomInMemory() ? ['--disable-dev-shm-usage'] : [],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      `--disable-features=${disabledFeatures.join(',')}`,
    ],
  });
}

// Asked of the document itself: for a locator Playwright first brings all it knows of locators into each new page, which takes
// longer than opening the page.

/** How many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Opens every fold of a page, so that what is in them is looked at too. */
export const openFolds = (page: Page): Promise<void> =>
  page.evaluate<void>(
    "for (const fold of document.querySelectorAll('details')) fold.setAttribute('open', '')",
  );
