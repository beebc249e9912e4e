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
  passInTheEnd,
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
 * Lets the browser look for a newer worker, and waits until that one is at work. Asks the browser, not the page: a page
 * that learns that all is sent loads itself anew, at any moment.
 */
async function updateWorker(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const atWork = new Set<string>();
  const [first, second] = [1, 2].map(
    count =>
      new Promise<void>(resolve => {
        session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
          for (const { versionId, status } of versions) if (status === 'activated') atWork.add(versionId);
          if (atWork.size >= count) resolve();
        });
      }),
  );
  await session.send('ServiceWorker.enable');
  await first;
  await session.send('ServiceWorker.updateRegistration', { scopeURL: `${line().url}/` });
  await second;
  await session.detach();
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

  // When a worker is replaced is up to Chromium, which leaves a page without an answer when that goes on under a form that
  // is sent: two more tries, which the report names.
  test('is followed by a newer one, which sends what the older one took', {
    retry: 2,
    timeout: 60_000,
  }, async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work', 'review');
    await isAt(page, 'review');
    const current = await (await pages().send('/service-worker.js')).text();
    line().mend();
    line().replace('/service-worker.js', `${current}\n// newer`);
    // Until the end: every page that is loaded lets the browser look once more, and would find another one at a bad moment.
    onTestFinished(() => line().replace('/service-worker.js', undefined));
    await updateWorker(page);
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toMatchObject({
      steps: { confirm_work: 1, set_notes: 1, set_next_service: 1 },
    });
    // The page that was made without signal gives way to the real one by itself.
    await page.locator('body:not([data-kept])').waitFor();
    await passInTheEnd(page);
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
    await expect.poll(() => agesOf(page)).toEqual([60, 0]);
    await comesBack(page, line());
    await isAllSent(page);
    const { rows } = await pages().database.owner.query(
      `select round(extract(epoch from t.scheduled_at - e.clocked_in_at) / 60)::integer as minutes_before
      from time_entries e
      join tickets t on t.id = e.ticket_id
      where t.reference = $1`,
      [reference],
    );
    // It is eight, the visit is at nine, and the button was pressed at seven.
    expect(rows, JSON.stringify(line().passed)).toEqual([{ minutes_before: 120 }]);
  });
});
