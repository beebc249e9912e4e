import type { BrowserContext, Page } from 'playwright-core';
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { z } from 'zod';
import { type Tab, useBrowser } from '../support/browser.ts';
import { type Line, useLine } from '../support/line.ts';
import type { Office } from '../support/office.ts';
import { type CloseOutPages, exampleNotes, nextDay, useCloseOutPages } from './close-out-pages.ts';

/** A technician's phone at the end of a line that comes and goes. */
export interface Phone extends CloseOutPages {
  line(): Line;
  /** A phone with the worker installed and today's visits on it. */
  openPhone(name?: string): Promise<Tab>;
  /** A phone that has never been here. */
  openBare(name?: string): Promise<Tab>;
  /** Another visit of Theo's on a day of its own, which becomes today. */
  today(more?: Record<string, unknown>): Promise<string>;
  /** One more on the same day. */
  another(more?: Record<string, unknown>): Promise<string>;
  /** Opens a visit's close-out at the step that is due. */
  open(page: Page, reference: string): Promise<void>;
  /** Somebody signs in on a phone as people do: with the link of a mail. */
  signInBy(page: Page, name: string): Promise<void>;
  effects(reference: string): Promise<Effects>;
}

export function usePhone(): Phone {
  const office = useCloseOutPages();
  const line = useLine(() => office.pages().url);
  const openTab = useBrowser();
  let at = '';
  const openBare: Phone['openBare'] = async (name = 'theo') => {
    const tab = await openTab();
    line().mend();
    line().passed.length = 0;
    const session = await office.pages().signIn(`${name}@brightpanes.example`);
    await tab.context.addCookies([{ name: 'deskhand_session', value: session, url: line().url }]);
    return tab;
  };
  return {
    ...office,
    line,
    openBare,
    async openPhone(name) {
      const tab = await openBare(name);
      await tab.page.goto(`${line().url}/close-out`);
      await isPrepared(tab.page);
      return tab;
    },
    async today(more = {}) {
      at = nextDay();
      const eight = Temporal.PlainDateTime.from(at).with({ hour: 8 });
      office.setClock(eight.toZonedDateTime('America/Chicago').toInstant().toString());
      return office.book(more, at);
    },
    another: (more = {}) => office.book(more, at.replace('T09', 'T14')),
    async open(page, reference) {
      await page.goto(`${line().url}/close-out/${reference}`);
    },
    async signInBy(page, name) {
      await page.goto(line().url + (await office.pages().linkFor(`${name}@brightpanes.example`)));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: /^Today/ }).waitFor();
    },
    effects: reference => effectsOf(office.pages(), reference),
  };
}

/** Waits until the worker is in charge and has what it needs without signal. */
export async function isPrepared(page: Page): Promise<void> {
  const isThere = `(async () =>
    navigator.serviceWorker.controller !== null && !!(await caches.match('/close-out/offline')))()`;
  await expect.poll(() => page.evaluate(isThere)).toBe(true);
}

/** Waits until the worker keeps a page with all the files it takes. */
export async function isKept(page: Page, path: string): Promise<void> {
  const isThere = `(async () => {
    const kept = await caches.match('${path}');
    const files = kept ? (await kept.text()).match(/\\/static\\/[\\w.?=-]+/g) : [''];
    return (await Promise.all(files.map(file => caches.match(file)))).every(Boolean);
  })()`;
  await expect.poll(() => page.evaluate(isThere)).toBe(true);
}

/**
 * The worker goes on by itself where the line takes longer than 2.5 s, as it should: where others want the processors, that says
 * nothing of the line. Here it waits for a minute and more.
 */
export async function letWait(context: BrowserContext): Promise<void> {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('a prepared phone has a worker');
  await worker.evaluate(`{
    self.setTimeout = (later => (work, ms) => later(work, ms > 0 ? Math.max(ms, 100_000) : 0))(self.setTimeout);
    AbortSignal.timeout = (wait => () => wait.call(AbortSignal, 100_000))(AbortSignal.timeout);
  }`);
}

/** What a close-out left in the database: every effect with how often it happened. */
export interface Effects {
  status: string;
  minutes: number | null;
  total: string;
  /** Requests that changed the close-out, by what they did. */
  steps: Record<string, number>;
  notes: string[];
  messages: number;
}

const effectsRow = z.object({
  status: z.string(),
  minutes: z.number().nullable(),
  total: z.string(),
  steps: z.record(z.string(), z.number()).nullable(),
  notes: z.array(z.string()).nullable(),
  messages: z.number(),
});

/** Reads the effects as the owner of the database. */
export async function effectsOf(office: Pick<Office, 'database'>, reference: string): Promise<Effects> {
  const { rows } = await office.database.owner.query(
    `select t.status, t.actual_minutes as minutes, t.total_cents::text as total,
      (
        select jsonb_object_agg(done.action, done.times)
        from (
          select replace(a.domain_action, 'closeout.', '') as action, count(distinct a.request_id) as times
          from audit_log a
          join closeout_sessions s on s.id = a.entity_id
          where s.ticket_id = t.id
          group by a.domain_action
        ) as done
      ) as steps,
      (select array_agg(n.content order by n.id) from notes n where n.ticket_id = t.id) as notes,
      (select count(*)::integer from scheduled_messages m where m.ticket_id = t.id) as messages
    from tickets t
    where t.reference = $1`,
    [reference],
  );
  const { steps, notes, ...rest } = effectsRow.parse(rows[0]);
  return { ...rest, steps: steps ?? {}, notes: notes ?? [] };
}

/** What the example leaves behind when every step of it acted once. */
export const once: Effects = {
  status: 'closed',
  minutes: 202,
  total: '66200',
  steps: { confirm_work: 1, set_notes: 1, set_next_service: 1, complete: 1, payment_choice: 1 },
  notes: [exampleNotes],
  messages: 1,
};

/** Everything a browser keeps of us that a page of ours can read, as one text: each cache, database and storage there is. */
export async function keptIn(page: Page): Promise<string> {
  const text = await page.evaluate(`(async () => {
    const texts = [JSON.stringify({ ...localStorage, ...sessionStorage }), document.cookie, name];
    const done = request => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        texts.push(JSON.stringify(await done(database.transaction(store).objectStore(store).getAll())));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        texts.push(request.url, await (await cache.match(request)).text());
      }
    }
    return texts.join('\\n');
  })()`);
  return z.string().parse(text);
}

const entry = z.object({
  id: z.string(),
  path: z.string(),
  form: z.string(),
  sent: z.boolean().optional(),
  why: z.union([z.string(), z.number()]).optional(),
});

/**
 * An hour goes by on a phone: what waits was entered that much earlier. In turn with its pages and its worker, as they take
 * turns among themselves: not while the worker sends, which has read already what it sends.
 */
export async function letAnHourPass(page: Page): Promise<void> {
  await page.evaluate(`navigator.locks.request('send', () => navigator.locks.request('queue', async () => {
    const state = await (await caches.match('/queue')).json();
    for (const entry of state[state.member]) entry.id = String(entry.id - 3_600_000);
    await (await caches.open('queue')).put('/queue', new Response(JSON.stringify(state)));
  }))`);
}

/** How many hours ago each thing on a phone was entered. */
export async function agesOf(page: Page): Promise<number[]> {
  const entries = (await readQueue(page)).map(({ id }) => Number(id));
  return entries.map(at => Math.floor((Date.now() - at) / 3_600_000));
}

/** What was entered, in the order of the queue: the step, and what became of it. */
export async function queueOf(page: Page): Promise<[path: string, state: string][]> {
  const entries = await readQueue(page);
  return entries.map(({ path, sent, why }) => [path, why ? 'refused' : sent ? 'sent' : 'waiting']);
}

async function readQueue(page: Page): Promise<z.infer<typeof entry>[]> {
  const text = await inPage(page, `caches.match('/queue').then(async kept => (kept ? kept.text() : '{}'))`);
  const { member, ...rest } = z
    .looseObject({ member: z.string().optional() })
    .parse(JSON.parse(z.string().parse(text)));
  return z.array(entry).parse(rest[member ?? ''] ?? []);
}

/** What a script answers in a page; one that loads itself anew at this very moment is asked again. */
async function inPage(page: Page, script: string): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await page.evaluate(script);
    } catch (error) {
      if (tries === 10 || !String(error).includes('because of a navigation')) throw error;
      await page.waitForLoadState();
    }
  }
}

/** Opens an address; a page that loads itself anew at this very moment breaks that off, and it is opened again. */
export async function goTo(page: Page, url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await page.goto(url);
      return;
    } catch (error) {
      if (tries === 10 || !/ERR_ABORTED|interrupted by another navigation/.test(String(error))) throw error;
      await page.waitForLoadState();
    }
  }
}

/** Waits until nothing is left to be sent. */
export const isAllSent = (page: Page): Promise<void> =>
  expect.poll(async () => (await queueOf(page)).filter(([, state]) => state !== 'sent')).toEqual([]);

/** The line is back, and the phone notices. */
export async function comesBack(page: Page, line: Line): Promise<void> {
  line.mend();
  // A page that loads itself anew at this very moment has noticed already.
  await page.evaluate(`dispatchEvent(new Event('online'))`).catch(error => {
    if (!String(error).includes('because of a navigation')) throw error;
  });
}

/** The pages of a close-out by their headings. */
export const headings = {
  work: 'What was done?',
  notes: 'What did you notice?',
  next: 'What comes next?',
  review: 'Check before it is final',
  payment: 'How is it paid?',
} as const;
export type StepName = keyof typeof headings;

export const steps: readonly StepName[] = ['work', 'notes', 'next', 'review', 'payment'];

export const isAt = (page: Page, step: StepName): Promise<void> =>
  page.getByRole('heading', { name: headings[step], level: 1 }).waitFor();

/** Fills in the step that is shown as in the example. */
export const fill: Readonly<Record<StepName, (page: Page) => Promise<void>>> = {
  async work(page) {
    await page.getByLabel('Hours').fill('3');
    await page.getByLabel('Minutes').fill('22');
    await page.getByRole('textbox', { name: 'Final price' }).fill('562');
    await page.getByLabel('These are the final prices').check();
  },
  notes: page => page.getByRole('textbox', { name: 'Notes' }).fill(exampleNotes),
  async next(page) {
    // A page that gives way to the real one at this very moment takes the press with it: people press again.
    const choice = page.getByLabel('Write to the customer in some months');
    await expect
      .poll(() =>
        choice.check().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await page.getByLabel('In how many months?').selectOption('6');
  },
  review: () => Promise.resolve(),
  payment: page => page.getByLabel('Paid already').check(),
};

/** The words on the button of each step. */
export const button: Readonly<Record<StepName, string>> = {
  work: 'Go on',
  notes: 'Go on',
  next: 'Go on',
  review: 'Complete visit',
  payment: 'Skip the invoice',
};

/** Passes a step that is shown. */
export async function pass(page: Page, step: StepName): Promise<void> {
  await isAt(page, step);
  await fill[step](page);
  await page.getByRole('button', { name: button[step] }).click();
}

/** Passes the steps from one to another, the first one included. */
export async function passFrom(page: Page, from: StepName, to?: StepName): Promise<void> {
  const end = to === undefined ? steps.length : steps.indexOf(to);
  for (const step of steps.slice(steps.indexOf(from), end)) await pass(page, step);
}
