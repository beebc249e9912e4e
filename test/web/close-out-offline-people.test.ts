import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { as } from '../support/office.ts';
import { exampleNotes } from './close-out-pages.ts';
import {
  comesBack,
  isAllSent,
  isAt,
  keptIn,
  once,
  pass,
  passFrom,
  queueOf,
  usePhone,
} from './close-out-phone.ts';

const { line, pages, openPhone, today, open, signInBy, effects } = usePhone();

/** The addresses of the pages a phone keeps. */
const addressesKept = async (page: Page): Promise<string[]> =>
  z
    .array(z.string())
    .parse(
      await page.evaluate(
        `caches.open('pages').then(cache => cache.keys()).then(keys => keys.map(({ url }) => url))`,
      ),
    )
    .map(address => address.replace(line().url, '').replace(/\?v=.*/, ''))
    .sort();

describe('what waits on a phone', () => {
  test('waits for its own technician to sign in again, and is sent then', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work');
    await pages().database.owner.query('delete from sessions');
    await comesBack(page, line());
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByText('not sent yet is kept').waitFor();
    expect(await effects(reference)).toMatchObject({ steps: {} });
    await signInBy(page, 'theo');
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test('is entered while the session is over, and says so: nothing is lost by it', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await isAt(page, 'work');
    await pages().database.owner.query('delete from sessions');
    await pass(page, 'work');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByText('not sent yet is kept').waitFor();
    expect(await effects(reference)).toMatchObject({ steps: {} });
    await signInBy(page, 'theo');
    await expect.poll(() => effects(reference)).toMatchObject({ steps: { confirm_work: 1 } });
    await open(page, reference);
    await passFrom(page, 'notes');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('is never sent by somebody else, nor shown to them, and their phone forgets the pages of the first', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    await page.goto(line().url);
    await open(page, reference);
    await isAt(page, 'work');
    expect(await addressesKept(page)).toContain(`/close-out/${reference}`);
    line().cut();
    await pass(page, 'work');
    await isAt(page, 'notes');
    line().mend();
    await context.clearCookies();
    await signInBy(page, 'tess');
    await page.goto(`${line().url}/close-out`);
    await page.getByText('You have no open visits today.').waitFor();
    expect(await page.locator('body').innerText()).not.toContain(reference);
    await expect.poll(() => addressesKept(page)).not.toContain(`/close-out/${reference}`);
    expect(await queueOf(page)).toEqual([]);
    expect(await effects(reference)).toMatchObject({ steps: {} });
    // What Theo entered is still there, for Theo.
    await context.clearCookies();
    await signInBy(page, 'theo');
    await expect.poll(() => effects(reference)).toMatchObject({ steps: { confirm_work: 1 } });
  });

  test('outlives signing out; the pages with the customers do not', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await page.goto(line().url);
    await open(page, reference);
    await isAt(page, 'work');
    line().cut();
    await pass(page, 'work');
    await isAt(page, 'notes');
    await pages().done(as(pages().bright, 'Dana'), 'ticket.cancel', {
      ticket_id: reference,
      reason: 'Rain',
    });
    await comesBack(page, line());
    await page.locator('#queue').getByText(`Refused: work of ${reference}`).waitFor();
    await page.goto(line().url);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
    expect(await addressesKept(page)).toEqual([]);
    line().cut();
    await page.goto(`${line().url}/close-out/${reference}`);
    expect(await page.locator('body').innerText()).toBe(
      `No signal for ${reference} yet. This page tries again by itself. Entries are kept.`,
    );
    line().mend();
    await signInBy(page, 'theo');
    const box = page.locator('#queue');
    await box.getByText(`Refused: work of ${reference}`).waitFor();
    expect(await box.locator('pre').innerText()).toContain('Total: $662.00');
  });
});

describe('a form of another web site', () => {
  test.each(['', 'member', 'token', '__proto__'])(
    'is not taken for one of ours, whatever token it makes up (“%s”)',
    async token => {
      const reference = await today();
      const { page } = await openPhone();
      const action = `${line().url}/close-out/${reference}/notes`;
      const other = createServer((_request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(
          `<form method="post" action="${action}"><input name="csrf_token" value="${token}"><input name="notes" value="Evil"><button>Win</button></form>`,
        );
      });
      await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
      const address: AddressInfo | string | null = other.address();
      if (typeof address !== 'object' || address === null) throw new Error('the other site has no port');
      await page.goto(`http://localhost:${address.port}/`);
      await page.getByRole('button', { name: 'Win' }).click();
      await page.getByRole('heading', { name: /Not allowed|Not signed in/ }).waitFor();
      await page.goto(`${line().url}/close-out`);
      expect(await queueOf(page)).toEqual([]);
      expect(await effects(reference)).toMatchObject({ steps: {} });
      other.close();
    },
  );

  test('is told apart by the token: with ours, what is entered by any page of ours is sent', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await isAt(page, 'work');
    expect(await page.locator('[name=csrf_token]').first().inputValue()).toMatch(/^[\w-]{40,}$/);
    await pass(page, 'work');
    await isAt(page, 'notes');
    expect(await queueOf(page)).toEqual([[`/close-out/${reference}/work`, 'sent']]);
  });
});

describe('card numbers', () => {
  test('typed without signal are nowhere on the phone, and everything else is', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await pass(page, 'work');
    await isAt(page, 'notes');
    const notes = page.getByRole('textbox', { name: 'Notes' });
    await notes.fill('Card 4242 4242 4242 4242, phone (256) 555-0142');
    await notes.blur();
    await page.getByText('A card or social security number was removed.').waitFor();
    expect(await notes.inputValue()).toBe('Card [REDACTED CARD ..4242], phone (256) 555-0142');
    // Also when the form is sent from inside the field.
    await notes.fill('ssn 123-45-6789 and 4242-4242-4242-4242. Gate 7.');
    await page.locator('form', { has: notes }).evaluate(form => form.requestSubmit());
    await pass(page, 'next');
    await isAt(page, 'review');
    const more = page.getByLabel('More facts, one a line');
    await more.fill('card: 4242424242424242');
    await page.locator('form', { has: more }).evaluate(form => form.requestSubmit());
    await isAt(page, 'payment');
    await page.getByLabel('Another reason').check();
    const reason = page.getByLabel('In a few words');
    await reason.fill('paid by 4242 4242 4242 4242');
    await page.locator('form', { has: reason }).evaluate(form => form.requestSubmit());
    await page.getByRole('heading', { name: 'Kept on this phone' }).waitFor();
    const kept = (await keptIn(page))
      .replaceAll('+', ' ')
      .replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    expect(kept).not.toMatch(/4242.?4242|123-45-6789/);
    expect(kept).toContain('[REDACTED SSN] and [REDACTED CARD ..4242]. Gate 7.');
    expect(kept).toContain('card: [REDACTED CARD ..4242]');
    expect(kept).toContain('paid by [REDACTED CARD ..4242]');
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toMatchObject({
      status: 'closed',
      notes: ['ssn [REDACTED SSN] and [REDACTED CARD ..4242]. Gate 7.'],
    });
  });
});

describe('the phone of somebody of the office', () => {
  test('keeps the pages of visits, and nothing else', async () => {
    const reference = await today();
    const { page } = await openPhone('olivia');
    for (const path of [
      '/',
      `/tickets/${reference}`,
      '/contacts',
      '/contacts/C-1001',
      '/review',
      '/outbox',
    ]) {
      await page.goto(line().url + path);
    }
    expect(await addressesKept(page)).toEqual([
      '/',
      '/close-out/offline',
      '/static/close-out.js',
      '/static/find.js',
      '/static/icon.svg',
      '/static/office.css',
      '/static/redact.js',
      '/static/service-worker.js',
      '/static/style.css',
      `/tickets/${reference}`,
    ]);
    expect(await keptIn(page)).not.toContain(exampleNotes);
  });
});
