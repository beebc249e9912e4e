import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { exampleNotes, nextDay, useCloseOutPages } from './close-out-pages.ts';

const { pages, session, book } = useCloseOutPages();
const openTab = useBrowser();

/** What one step took: requests, and bytes on the wire with their headers. */
interface Taken {
  step: string;
  requests: number;
  bytes: number;
}

/** A phone that has nothing of us yet, at the visit; `take` does something and says what it took. */
async function openCold(javaScript: boolean) {
  const { page, context } = await openTab({ javaScript });
  await context.addCookies([{ name: 'deskhand_session', value: session('theo'), url: pages().url }]);
  const taken: Taken[] = [];
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  const open = new Set<string>();
  let [requests, bytes] = [0, 0];
  wire.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!request.url.startsWith(pages().url)) return;
    open.add(requestId);
    requests += 1;
  });
  wire.on('Network.requestServedFromCache', ({ requestId }) => {
    if (open.delete(requestId)) requests -= 1;
  });
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (open.delete(requestId)) bytes += encodedDataLength;
  });
  return {
    page,
    taken,
    async take(step: string, act: () => Promise<unknown>) {
      await act();
      await page.waitForLoadState('networkidle');
      await expect.poll(() => open.size).toBe(0);
      taken.push({ step, requests, bytes });
      [requests, bytes] = [0, 0];
    },
  };
}

/** The whole example, from the visit to the calendar. */
async function closeOut(
  page: Page,
  reference: string,
  take: (step: string, act: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name }).click();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
  await take('page', () => page.goto(`${pages().url}/close-out/${reference}/work`));
  await page.getByLabel('Final price', { exact: true }).fill('562');
  await page.getByLabel('These are the final prices').check();
  await take('work', async () => {
    await press('Go on');
    await heading('What did you notice?');
  });
  await page.getByLabel('Notes about the customer').fill(exampleNotes);
  await take('notes', async () => {
    await press('Go on');
    await heading('What comes next?');
  });
  await page.getByLabel('Write to the customer').check();
  await take('next', async () => {
    await press('Go on');
    await heading('Check before it is final');
  });
  await take('review', async () => {
    await press('Complete visit');
    await heading('How is it paid?');
  });
  await take('payment', async () => {
    await press('Send invoice');
    await page.getByText('is on its way to').waitFor();
  });
}

describe('on one bar of signal (CLO-15, NFR-01)', () => {
  test('a whole close-out without JavaScript takes few requests and few bytes', async () => {
    const reference = await book({}, nextDay());
    const { page, taken, take } = await openCold(false);
    await closeOut(page, reference, take);
    const steps = taken.map(({ step }) => step);
    expect(steps).toEqual(['page', 'work', 'notes', 'next', 'review', 'payment']);
    const [first, ...rest] = taken;
    // The page and its style; no icon, no script.
    expect(first?.requests).toBe(2);
    expect(first?.bytes).toBeLessThanOrEqual(13 * 1024);
    for (const { step, bytes, requests } of rest) {
      expect(bytes, step).toBeLessThanOrEqual(4 * 1024);
      // The calendar at the end has an icon.
      expect(requests, step).toBeLessThanOrEqual(step === 'payment' ? 2 : 1);
    }
    const sum = (of: (each: Taken) => number) => taken.reduce((total, each) => total + of(each), 0);
    expect(sum(({ requests }) => requests)).toBeLessThanOrEqual(8);
    expect(sum(({ bytes }) => bytes)).toBeLessThanOrEqual(45 * 1024);
    // What was counted is no less than what the pages weigh.
    expect(first?.bytes).toBeGreaterThan(3000);
  });

  test('with many services and long notes a step is still a few kilobytes', async () => {
    const lines = Array.from({ length: 20 }, () => ({ service_id: 'S-3', quantity: 2 }));
    const reference = await book({ lines }, nextDay());
    const { page, taken, take } = await openCold(false);
    await take('page', () => page.goto(`${pages().url}/close-out/${reference}/work`));
    expect(taken[0]?.bytes).toBeLessThanOrEqual(13 * 1024);
    await take('work', () => page.getByRole('button', { name: 'Go on' }).click());
    await page.getByLabel('Notes about the customer').fill(`${exampleNotes} `.repeat(20));
    await take('notes', () => page.getByRole('button', { name: 'Go on' }).click());
    await page.getByLabel('No follow-up needed').check();
    await take('next', () => page.getByRole('button', { name: 'Go on' }).click());
    await page.getByRole('heading', { name: 'Check before it is final' }).waitFor();
    for (const { step, bytes } of taken.slice(1)) expect(bytes, step).toBeLessThanOrEqual(4 * 1024);
  });
});
