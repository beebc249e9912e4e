import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { as } from '../support/office.ts';
import {
  agesOf,
  comesBack,
  isAllSent,
  isAt,
  letAnHourPass,
  once,
  pass,
  passFrom,
  queueOf,
  steps,
  usePhone,
} from './close-out-phone.ts';

const { line, pages, openPhone, openBare, today, open, effects } = usePhone();

/** Ends the worker as a browser does when it wants its memory. */
async function endWorker(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

/**
 * Lets the browser look for a newer worker, and waits until that one is at work. The browser replaces a worker as soon as it
 * rests; one that is asked for something at this very moment it starts again, and the newer one waits for minutes. So the
 * older one is ended until it stays ended.
 */
async function updateWorker(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const versions = new Map<string, string>();
  session.on('ServiceWorker.workerVersionUpdated', event => {
    for (const { versionId, status } of event.versions) versions.set(versionId, status);
  });
  const named = (status: string) => [...versions].flatMap(([id, its]) => (its === status ? [id] : []));
  await session.send('ServiceWorker.enable');
  await expect.poll(() => named('activated')).toHaveLength(1);
  const [older = ''] = named('activated');
  await session.send('ServiceWorker.updateRegistration', { scopeURL: `${line().url}/` });
  await expect.poll(() => versions.size).toBe(2);
  await expect
    .poll(
      async () => {
        if (named('installed').length > 0)
          await session.send('ServiceWorker.stopWorker', { versionId: older });
        return named('activated').filter(id => id !== older);
      },
      { interval: 500 },
    )
    .toHaveLength(1);
  await session.detach();
}

/**
 * A newer worker, and the script it takes, can be had. Until the end of the test: every page that is loaded lets the browser
 * look once more, and would find another one at a bad moment.
 */
async function replaceScripts(): Promise<void> {
  const textOf = async (path: string) => (await pages().send(path)).text();
  const worker = await textOf('/service-worker.js');
  const [, taken = ''] = /importScripts\("([^"]+)"\)/.exec(worker) ?? [];
  const scripts = { '/service-worker.js': `${worker}\n// newer`, [taken]: await textOf(taken) };
  for (const [path, script] of Object.entries(scripts)) line().replace(path, script);
  onTestFinished(() => {
    for (const path of Object.keys(scripts)) line().replace(path, undefined);
  });
}

/** What the browser calls the worker of a phone. */
async function registrationOf(session: CDPSession): Promise<string> {
  const registered = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  return registered;
}

describe('the worker', () => {
  test('may be ended at any moment: what was entered lasts', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    for (const step of steps) {
      await pass(page, step);
      await page.locator('#queue').getByText(`Not sent yet: ${step} of ${reference}`).waitFor();
      await endWorker(page);
    }
    expect((await queueOf(page)).length).toBe(5);
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toEqual(once);
  });

  test('may be ended between two steps with signal', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    for (const step of steps) {
      await pass(page, step);
      await endWorker(page);
    }
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('is followed by a newer one, which sends what the older one took', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work', 'review');
    await isAt(page, 'review');
    // It comes while nothing else does, so that all that was entered is left to it.
    await replaceScripts();
    await updateWorker(page);
    expect((await queueOf(page)).map(([, state]) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toMatchObject({
      steps: { confirm_work: 1, set_notes: 1, set_next_service: 1 },
    });
    // The page that was made without signal gives way to the real one by itself.
    await page.locator('body:not([data-kept])').waitFor();
    await passFrom(page, 'review');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('sends without any page of ours, when the browser says that there is signal', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    const session = await context.newCDPSession(page);
    const registrationId = await registrationOf(session);
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: 'Kept on this phone' }).waitFor();
    await page.goto('about:blank');
    line().mend();
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: line().url,
      registrationId,
      tag: 'send',
      lastChance: false,
    });
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test('that is told of signal while an attempt from before is still failing tries once more', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    const session = await context.newCDPSession(page);
    const registrationId = await registrationOf(session);
    const [worker] = context.serviceWorkers();
    if (!worker) throw new Error('a prepared phone has a worker');
    // The browser says it this once, and we know when.
    await worker.evaluate(`{
      registration.sync.register = async () => {};
      self.isTold = false;
      addEventListener('sync', () => void (isTold = true));
      const { fetch } = self;
      self.fetch = (address, options) => {
        if (options?.method !== 'POST') return fetch(address, options);
        self.fetch = fetch;
        return new Promise((_, reject) => (self.fail = reject));
      };
    }`);
    await open(page, reference);
    await pass(page, 'work');
    await isAt(page, 'notes');
    await page.goto('about:blank');
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: line().url,
      registrationId,
      tag: 'send',
      lastChance: false,
    });
    await expect.poll(() => worker.evaluate('isTold')).toBe(true);
    expect((await effects(reference)).steps).not.toHaveProperty('confirm_work');
    await worker.evaluate(`fail(new TypeError('Failed to fetch'))`);
    await expect.poll(() => effects(reference)).toMatchObject({ steps: { confirm_work: 1 } });
  });

  test('that is told of signal where there is none does not ask to be told again at once', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    const session = await context.newCDPSession(page);
    const registrationId = await registrationOf(session);
    line().cut();
    await open(page, reference);
    const [worker] = context.serviceWorkers();
    if (!worker) throw new Error('a prepared phone has a worker');
    await worker.evaluate(`{
      const { fetch } = self;
      self.tries = self.asked = 0;
      self.fetch = (...request) => ((tries += 1), fetch(...request));
      registration.sync.register = async () => void (asked += 1);
    }`);
    const count = (what: 'tries' | 'asked') => worker.evaluate(what).then(Number);
    const isIdle = () => worker.evaluate(`navigator.locks.request('send', () => {})`);
    await pass(page, 'work');
    await isAt(page, 'notes');
    // Whoever enters something without signal asks for it.
    await expect.poll(() => count('asked')).toBeGreaterThan(0);
    await page.goto('about:blank');
    await isIdle();
    const [tries, asked] = [await count('tries'), await count('asked')];
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: line().url,
      registrationId,
      tag: 'send',
      lastChance: false,
    });
    await expect.poll(() => count('tries')).toBeGreaterThan(tries);
    await isIdle();
    expect(await count('asked')).toBe(asked);
  });

  test('is not installed while a step is open, and is from the calendar on', async () => {
    const reference = await today();
    const { page } = await openBare();
    const registrations = `navigator.serviceWorker.getRegistrations().then(all => all.length)`;
    await open(page, reference);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(line().passed.map(({ path }) => path)).not.toContain('/service-worker.js');
    await page.goto(line().url);
    await expect.poll(() => page.evaluate(registrations)).toBe(1);
    expect(await effects(reference)).toEqual(once);
  });

  test('is asked for anew each time, and kept by its content', async () => {
    const answer = await pages().send('/service-worker.js');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const script = await answer.text();
    expect(script).toMatch(/importScripts\("\/static\/close-out\.js\?v=[0-9a-f]{12}"\)/);
    const again = await pages().send('/service-worker.js', {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});

describe('without signal', () => {
  test('the calendar and the visits that were read can be read, and say how old they are', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await page.goto(line().url);
    await page.goto(`${line().url}/tickets/${reference}`);
    line().cut();
    await page.reload();
    await page.getByRole('heading', { name: `Visit ${reference}` }).waitFor();
    await expect.poll(() => page.locator('#queue').innerText()).toMatch(/^No signal: as of \d\d:\d\d$/);
    await page.goto(line().url);
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    await page.getByText('123 Main Street').waitFor();
    // With signal nobody sees an old page.
    await pages().done(as(pages().bright, 'Dana'), 'ticket.cancel', { ticket_id: reference, reason: 'Rain' });
    line().mend();
    await page.goto(`${line().url}/tickets/${reference}`);
    await page.getByText('Rain').first().waitFor();
    expect(await page.locator('#queue').innerText()).toBe('');
  });

  test('the clock can be pressed, and tells later when that was', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await page.goto(`${line().url}/tickets/${reference}`);
    line().cut();
    await page.getByRole('button', { name: 'Clock in' }).click();
    const box = page.locator('#queue');
    await box.getByText(`Not sent yet: clock-in of ${reference}`).waitFor();
    await letAnHourPass(page);
    // Another press of the same button is the same press.
    await page.getByRole('button', { name: 'Clock in' }).click();
    await expect.poll(() => agesOf(page)).toEqual([1, 0]);
    await comesBack(page, line());
    await isAllSent(page);
    const { rows } = await pages().database.owner.query(
      `select round(extract(epoch from t.scheduled_at - e.clocked_in_at) / 3600)::integer as hours_before
      from time_entries e
      join tickets t on t.id = e.ticket_id
      where t.reference = $1`,
      [reference],
    );
    // It is eight, the visit is at nine, and the button was pressed at seven.
    expect(rows, JSON.stringify(line().passed)).toEqual([{ hours_before: 2 }]);
  });
});
