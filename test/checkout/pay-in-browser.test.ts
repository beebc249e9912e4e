import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { sent } from '../invoices/billing.ts';
import { payPage } from '../invoices/pay-pages.ts';
import { png } from '../organizations/logos.ts';
import { axeViolations } from '../support/axe.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { useOnline } from './online.ts';

// What the payer of a bill does, in a browser without scripts: from the page of the bill to Stripe, and back.

let address = 'http://localhost';
const online = useOnline({ baseUrl: () => address });
const openTab = useBrowser();

beforeAll(async () => {
  const { front, panes } = online();
  address = front.url;
  await panes.done(panes.olivia, 'organization.update_settings', {
    settings: {
      business_phone: '(256) 555-0100',
      how_to_pay: 'Checks to Bright Panes LLC, 1 Clinton Ave, Huntsville.\nOr by bank: Madison Savings.',
    },
  });
  await panes.done(panes.olivia, 'organization.set_logo', { file: png().toString('base64') });
});

/** A bill that was sent, its page open on a phone. */
async function openBill({ dark = false, size = sizes[0] } = {}) {
  const { panes, work } = online();
  const reference = await sent(panes);
  await work();
  const { page, complaints } = await openTab({ javaScript: false, dark, size });
  const bill = await payPage(panes, address, reference);
  await page.goto(bill);
  return { reference, bill, page, complaints };
}
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 }).waitFor();
const session = (reference: string) =>
  online()
    .account.list('checkout.session')
    .find(each => each.client_reference_id === reference);

const outage = { status: 500, error: { type: 'api_error', message: 'An error occurred.' } } as const;

describe('who pays a bill on a phone', () => {
  test('is led to Stripe by one press, and is thanked when the bank has confirmed it, not before', async () => {
    const { page, reference, complaints } = await openBill();
    const { stripe, bill, tell, work, account } = online();
    await press(page, 'Pay $662.00 online');
    await page.waitForURL(`${stripe.url}/**`);
    expect(page.url()).toBe(session(reference)?.url);
    await press(page, 'Pay by card');
    await heading(page, 'Thank you');
    await page.getByText('We are waiting for the bank to confirm your payment.').waitFor();
    expect(await page.getByText(/with thanks|We received/).count()).toBe(0);
    expect(await bill(reference)).toMatchObject({ status: 'sent', paid_cents: 0 });
    const event = account.events.find(({ type }) => type === 'checkout.session.completed');
    expect((await tell(event)).status).toBe(200);
    await work();
    await page.getByRole('link', { name: 'Look again' }).click();
    await heading(page, 'Paid, with thanks');
    await page.getByText('We received $662.00 by card').waitFor();
    expect(await page.getByRole('button', { name: /Pay/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('comes back to the bill when they would rather not, and may press again: it is the same page', async () => {
    const { page, reference, bill } = await openBill();
    await press(page, 'Pay $662.00 online');
    const first = session(reference)?.url;
    await page.getByRole('link', { name: 'Go back' }).click();
    await page.waitForURL(bill);
    await press(page, 'Pay $662.00 online');
    await page.waitForURL(String(first));
  });

  test('says that it is paid already, on the same page', async () => {
    const { page, reference } = await openBill();
    await page.getByText('Paid already?').click();
    await page.getByLabel('By check').check();
    await page.getByLabel('When, and what else we should know').fill('Check 1042');
    await press(page, 'Tell the office');
    await heading(page, 'Thank you for telling us');
    await page.getByRole('link', { name: 'Back to the bill' }).click();
    await heading(page, `Bill ${reference}`);
  });

  test('is told when Stripe does not answer, and nothing is lost', async () => {
    const { page, reference } = await openBill();
    const before = online().account.list('checkout.session').length;
    // The page that was opened for it is asked for first, and a new one then.
    online().stripe.answers.push(...([1, 2, 3] as const).map(() => outage));
    await press(page, 'Pay $662.00 online');
    await page.getByRole('alert').getByText('Please try again in a minute').waitFor();
    await heading(page, `Bill ${reference}`);
    expect(online().account.list('checkout.session')).toHaveLength(before);
    online().stripe.answers.length = 0;
    await press(page, 'Pay $662.00 online');
    await page.waitForURL(`${online().stripe.url}/**`);
  });

  test.each([
    ['a phone', sizes[0]],
    ['a laptop', sizes[1]],
  ])('reads it on %s, by day and at night', async (_, size) => {
    for (const dark of [false, true]) {
      const { panes } = online();
      const { reference, bill } = await openBill();
      const { page, complaints } = await openTab({ size, dark });
      const look = async (state: string) => {
        await page.goto(bill);
        expect([state, await axeViolations(page), await overflow(page)]).toEqual([state, [], 0]);
      };
      await look('open');
      await panes.done(panes.dana, 'invoice.record_payment', { invoice_id: reference, amount_cents: 10_000 });
      await look('partly paid');
      await panes.done(panes.dana, 'invoice.record_payment', { invoice_id: reference, amount_cents: 56_200 });
      await look('paid');
      await panes.done(panes.olivia, 'invoice.void', { invoice_id: reference, reason: 'Wrong' });
      await look('void');
      expect(complaints).toEqual([]);
    }
  });

  test('has the whole page within the bytes of one bad line, its logo with it', async () => {
    const { bill } = await openBill();
    const { page, context } = await openTab();
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    let bytes = 0;
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(bill);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('img').evaluate('document.images[0].naturalWidth')).toBe(160);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(13_312);
  });
});
