import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { createPages } from '../../web-review/router.ts';
import { sent } from '../invoices/billing.ts';
import { axeViolations } from '../support/axe.ts';
import { openFolds, overflow, sizes, type TabOptions, useBrowser } from '../support/browser.ts';
import { useOnline } from './online.ts';

// What the office does on the page of a bill that was paid at Stripe, and what it reads there.

let address = 'http://localhost';
const online = useOnline({
  baseUrl: () => address,
  pagesOf: ({ app, db }, baseUrl) => createPages({ app, db, baseUrl, dataDir: '/srv/deskhand', demo: false }),
});
const openTab = useBrowser();
beforeAll(() => {
  address = online().front.url;
});

/** A bill that was paid by card, and its payment at Stripe. */
async function paid() {
  const { panes, account, work, tell } = online();
  const reference = await sent(panes);
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === reference);
  await tell(account.payByCard(String(page?.id)));
  await work();
  return { reference, intent: String(page?.payment_intent) };
}

/** The page of a bill as Dana of the office opens it. */
async function openBill(reference: string, options: TabOptions = {}) {
  const { db } = online().panes;
  const token = await createSignInToken(db, 'dana@brightpanes.example');
  const value = (token && (await redeemSignInToken(db, token))) ?? '';
  const tab = await openTab(options);
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: address }]);
  await tab.page.goto(`${address}/invoices/${reference}`);
  return tab;
}
const payments = (page: Page) => page.locator('section[aria-labelledby=payments]').innerText();

test('money is given back through Stripe with a press; it is on its way, then given back, without JavaScript', async () => {
  const { work, account, bill } = online();
  const { reference, intent } = await paid();
  const { page, complaints } = await openBill(reference, { javaScript: false });
  await page.getByText('Give back through Stripe').click();
  // It goes the way it came, and nobody is asked how.
  expect(await page.getByLabel('How', { exact: true }).count()).toBe(0);
  await page.getByLabel(/How much/).fill('7000');
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByText('is left to give back').first().waitFor();
  expect(await page.getByLabel(/How much/).inputValue()).toBe('7000');
  await page.getByLabel(/How much/).fill('62');
  await page.getByRole('region', { name: 'Payments' }).getByLabel('Why').selectOption('goodwill');
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByText('It is on its way back through Stripe.').waitFor();
  expect(await payments(page)).toContain('$62.00 is on its way back');
  expect(account.list('refund').filter(each => each.payment_intent === intent)).toEqual([]);
  await page.getByText('Give back through Stripe').click();
  await page.getByRole('option', { name: /\$600\.00$/ }).waitFor({ state: 'attached' });
  await work();
  await page.reload();
  expect(await payments(page)).toContain('$62.00 given back');
  expect(await payments(page)).not.toContain('on its way');
  expect(await bill(reference)).toMatchObject({ paid_cents: 60_000, refunded_cents: 6_200 });
  // The form that asked for too much.
  expect(complaints).toEqual([expect.stringContaining('400')]);
});

test('what did not get there is said on the bill in plain words, and reads well on a phone and at night', async () => {
  const { work, account, tell, panes } = online();
  const { reference, intent } = await paid();
  const [payment] = await online().list('payments', { invoice_id: reference });
  const payment_id = payment?.reference;
  for (const amount_cents of [5_000, 1_000])
    await panes.done(panes.dana, 'payment.refund', { payment_id, amount_cents, reason: 'goodwill' });
  await work();
  const refund = account.list('refund').find(each => each.payment_intent === intent);
  await tell(account.refundFails(String(refund?.id)));
  await work();
  // Its job waits.
  await panes.done(panes.dana, 'payment.refund', { payment_id, amount_cents: 300, reason: 'goodwill' });
  for (const dark of [false, true]) {
    for (const size of sizes) {
      const { page, complaints } = await openBill(reference, { dark, size });
      const shown = await payments(page);
      expect(shown).toContain('was not given back: The card of the customer is not valid any more');
      expect(shown).toContain('$3.00 is on its way back');
      await openFolds(page);
      expect(await overflow(page)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      const folder = process.env.PICTURES;
      if (folder !== undefined)
        await page.screenshot({ path: `${folder}/refund-${size.width}-${dark}.png`, fullPage: true });
      expect(complaints).toEqual([]);
    }
  }
});

test('a payment that is disputed says so, and cannot be given back from there', async () => {
  const { work, account, tell } = online();
  const { reference, intent } = await paid();
  const { id } = account.dispute(intent);
  await tell(account.events.findLast(({ type }) => type === 'charge.dispute.created'));
  await work();
  const { page } = await openBill(reference);
  expect(await payments(page)).toContain('The customer disputes this with their bank. Answer at Stripe.');
  expect(await page.getByText('Give back through Stripe').count()).toBe(0);
  await tell(account.closeDispute(id, 'lost'));
  await work();
  await page.reload();
  expect(await payments(page)).toContain('the bank has given it back');
  expect(await page.getByText('Give back through Stripe').count()).toBe(0);
  await tell(account.closeDispute(id, 'won'));
  await work();
  await page.reload();
  expect(await payments(page)).toContain('you have won');
  expect(await page.getByText('Give back through Stripe').count()).toBe(1);
});
