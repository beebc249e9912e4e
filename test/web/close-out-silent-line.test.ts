import type { Page } from 'playwright-core';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  comesBack,
  goTo,
  isAllSent,
  isAt,
  isKept,
  once,
  pass,
  passFrom,
  queueOf,
  steps,
  usePhone,
} from './close-out-phone.ts';

const { line, pages, openPhone, today, another, book, open, effects } = usePhone();

/**
 * A phone whose worker tells patience (2.5 s) faster and counts how often it was asked for, and that never gives a request up:
 * whoever waited for that would wait for ever.
 */
async function openPatientPhone() {
  const current = await (await pages().send('/service-worker.js')).text();
  const fast = `self.waits = 0;
    AbortSignal.timeout = (wait => () => wait.call(AbortSignal, 3600000))(AbortSignal.timeout);
    self.setTimeout = (later => (work, ms) => later(work, ms > 0 ? (self.waits++, 300) : 0))(self.setTimeout);`;
  line().replace('/service-worker.js', `${fast}\n${current}`);
  // Until the end: a browser that finds another worker waits with it until this one has nothing to do any more.
  onTestFinished(() => line().replace('/service-worker.js', undefined));
  const tab = await openPhone();
  const [worker] = tab.context.serviceWorkers();
  if (!worker) throw new Error('a prepared phone has a worker');
  await worker.evaluate('self.waits = 0');
  return { ...tab, waits: () => worker.evaluate('self.waits').then(Number) };
}

/** Keeps back every request for an address until the test is over; says how many came. */
function holdEach(path: string) {
  const held: { letGo(): void }[] = [];
  let isOver = false;
  const next = () => {
    const one = line().hold(path);
    held.push(one);
    void one.came.then(() => isOver || next());
  };
  onTestFinished(() => {
    isOver = true;
    for (const { letGo } of held) letGo();
  });
  next();
  return { count: () => held.length - 1 };
}

const banner = (page: Page) => page.locator('#queue');

const notesOf = async (reference: string): Promise<string[]> => (await effects(reference)).notes;

describe('a line that accepts and never answers', () => {
  test('costs a whole close-out little waiting, and everything arrives when the line lives', async () => {
    const reference = await today();
    const { page, waits } = await openPatientPhone();
    line().mute();
    await open(page, reference);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: 'Kept on this phone' }).waitFor();
    // Opening the page and the first step wait for 2.5 s each; who comes after them knows better.
    expect(await waits()).toBeLessThanOrEqual(7);
    expect((await queueOf(page)).map(([, state]) => state)).toEqual(Array(5).fill('waiting'));
    await comesBack(page, line());
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test.each(steps)('at “%s” is not waited for to go on, and nothing is done twice', async lost => {
    const reference = await today();
    const { page } = await openPatientPhone();
    await open(page, reference);
    await passFrom(page, 'work', lost);
    await isAt(page, lost);
    line().mute();
    await pass(page, lost);
    await banner(page).getByText(`: ${lost} of ${reference}`).waitFor();
    await comesBack(page, line());
    const next = steps[steps.indexOf(lost) + 1];
    if (next) await passFrom(page, next);
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test('for one file of a page alone holds back neither the page nor the steps after it', async () => {
    const reference = await today();
    const { page } = await openPatientPhone();
    await open(page, reference);
    const file = await page.locator('link[rel="stylesheet"]').first().getAttribute('href');
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.clearBrowserCache');
    const held = holdEach(file ?? '');
    await passFrom(page, 'work');
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
    expect(held.count()).toBeGreaterThan(0);
  });

  test('shows the kept page, and the real one by itself when it has come', async () => {
    const reference = await today();
    const { page } = await openPatientPhone();
    await page.goto(`${line().url}/tickets/${reference}`);
    await page.getByRole('heading', { name: `Visit ${reference}` }).waitFor();
    await isKept(page, `/tickets/${reference}`);
    line().mute();
    await goTo(page, `${line().url}/tickets/${reference}`);
    await banner(page).getByText('No signal: as of').waitFor();
    await page.getByRole('heading', { name: `Visit ${reference}` }).waitFor();
    line().mend();
    await page.locator('body:not([data-kept])').waitFor();
    await expect.poll(() => banner(page).innerText()).toBe('');
  });
});

describe('“No signal” is no dead end', () => {
  test('a visit the phone does not have is named, and opens by itself when the server answers', async () => {
    await today();
    const { page } = await openPhone();
    const reference = await another();
    line().cut();
    await open(page, reference);
    await page.getByRole('heading', { name: `No signal for ${reference}` }).waitFor();
    line().mend();
    await isAt(page, 'work');
    await expect.poll(() => banner(page).innerText()).toBe('');
    await passFrom(page, 'work');
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test('a phone that has nothing at all says so, and tries again by itself', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await page.evaluate(`caches.delete('pages')`);
    line().cut();
    await open(page, reference);
    await page.getByText(`No signal for ${reference} yet.`).waitFor();
    line().mend();
    await isAt(page, 'work');
  });

  test('who writes on a page made without signal keeps it, and the banner goes', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await page.goto(`${line().url}/tickets/${reference}`);
    line().cut();
    await page.goto(`${line().url}/tickets/${reference}`);
    await banner(page).getByText('No signal: as of').waitFor();
    const note = page.getByLabel('New note');
    await note.fill('Half a sen');
    line().mend();
    await expect.poll(() => banner(page).innerText()).toBe('');
    expect(await note.inputValue()).toBe('Half a sen');
  });
});

describe('the next seven days are on the phone', () => {
  test('with phone, address and what is good to know; clock and notes are taken without signal, too', async () => {
    const first = await today();
    const { rows } = await pages().database.owner.query<{ at: string }>(
      `select to_char(scheduled_at at time zone 'America/Chicago', 'YYYY-MM-DD') as at from tickets where reference = $1`,
      [first],
    );
    const day = Temporal.PlainDate.from(rows[0]?.at ?? '')
      .add({ days: 3 })
      .toString();
    const later = await book({}, `${day}T15:00`);
    await pages().done(pages().bright.owner, 'attribute.set', {
      contact_id: 'C-1001',
      key: 'gate_code',
      value: '4411',
    });
    const { page } = await openPhone();
    line().cut();
    await page.goto(`${line().url}/?date=${day}`);
    await page.getByRole('link', { name: later }).waitFor();
    // That day, and no other.
    expect(await page.getByRole('link', { name: first }).count()).toBe(0);
    await page.getByRole('link', { name: later }).click();
    await page.getByRole('heading', { name: `Visit ${later}` }).waitFor();
    for (const text of ['gate code: 4411', '(256) 555-0142', '123 Main Street']) {
      await page.getByText(text).first().waitFor();
    }
    await page.getByLabel('New note').fill('She wants the screens, too.');
    await page.getByRole('button', { name: 'Save note' }).click();
    await banner(page).getByText(`Not sent yet: notes of ${later}`).waitFor();
    expect(await notesOf(later)).toEqual([]);
    await page.goto(`${line().url}/tickets/${first}`);
    await page.getByRole('button', { name: 'Clock in' }).click();
    await banner(page).getByText(`Not sent yet: clock-in of ${first}`).waitFor();
    await comesBack(page, line());
    await isAllSent(page);
    expect(await notesOf(later)).toEqual(['She wants the screens, too.']);
    const { rows: clocks } = await pages().database.owner.query(
      `select 1 from time_entries e join tickets t on t.id = e.ticket_id where t.reference = $1`,
      [first],
    );
    expect(clocks).toHaveLength(1);
  });
});
