import { mkdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { createPages } from '../../web-review/router.ts';
import { axeByDayAndNight } from '../support/axe.ts';
import { overflow, sizes, type TabOptions, useBrowser } from '../support/browser.ts';
import { billAtStripe, invoicesOf } from './bills.ts';
import { useOnline } from './online.ts';

// The press that has Stripe ask for bills, and how a customer comes from our page to the invoice there.

let address = 'http://localhost';
const online = useOnline({
  baseUrl: () => address,
  pagesOf: ({ app, db }, baseUrl) => createPages({ app, db, baseUrl, dataDir: '/srv/deskhand', demo: false }),
});
const openTab = useBrowser();
beforeAll(() => {
  address = online().front.url;
});
const folder = process.env.PICTURES;

async function openAs(mail: string, path: string, options: TabOptions = {}) {
  const { db } = online().panes;
  const token = await createSignInToken(db, mail);
  const value = (token && (await redeemSignInToken(db, token))) ?? '';
  const tab = await openTab(options);
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: address }]);
  await tab.page.goto(address + path);
  return tab;
}

test('the customer presses Pay on our page and is led to the invoice at Stripe', async () => {
  const { invoice_id, at_stripe } = await billAtStripe(online());
  const { panes, stripe } = online();
  const [link] = await panes.read(panes.olivia, 'pay_link', { params: { invoice_id } });
  const { page } = await openTab({ size: sizes[0] });
  await page.goto(panes.app.linkAddress(panes.bright.id, 'pay', String(link?.link_id)));
  await page.getByRole('button', { name: 'Pay $662.00 online' }).click();
  await page.getByText('Invoice from Bright Panes').waitFor();
  expect(page.url()).toBe(`${stripe.url}/i/${at_stripe}`);
  expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
});

test('an owner has Stripe ask for bills by one press, reads what is so, and presses once more without harm', async () => {
  const { panes, work, account } = online();
  const { page, complaints } = await openAs('olivia@brightpanes.example', '/settings/secrets', {
    javaScript: false,
  });
  const section = page.locator('section[aria-labelledby=stripe-invoices]');
  await section.getByText('off', { exact: true }).waitFor();
  await section.getByRole('button', { name: 'Have Stripe ask for new bills' }).click();
  await page.getByText('Stripe asks for new bills.').waitFor();
  await work();
  await section.getByText('on', { exact: true }).waitFor();
  await section.getByRole('button', { name: 'Set it up once more' }).click();
  await page.getByText('Stripe asks for new bills.').waitFor();
  expect(account.list('invoice').filter(({ number }) => number === 'SETUP-DRAFT-001')).toHaveLength(1);
  await section.getByRole('link', { name: 'SETUP-DRAFT-001' }).click();
  await page.getByRole('heading', { name: /SETUP-DRAFT-001/ }).waitFor();
  expect(complaints).toEqual([]);
  // Somebody without a key reads what to do first, where they pressed.
  await panes.done(panes.olivia, 'secret.remove', { name: 'stripe_secret_key' });
  await page.goto(`${address}/settings/secrets`);
  await section.getByRole('button').click();
  await section.getByRole('alert').getByText('there is no key of Stripe').waitFor();
  await panes.done(panes.olivia, 'secret.set', {
    name: 'stripe_secret_key',
    value: 'sk_test_brightpanes0001',
  });
});

test('both pages read well on a phone, on a laptop and at night', async () => {
  for (const path of ['/settings/secrets', '/invoices/SETUP-DRAFT-001'])
    for (const size of sizes) {
      const { page } = await openAs('olivia@brightpanes.example', path, { size });
      expect([path, size.width, await overflow(page)]).toEqual([path, size.width, 0]);
      expect(await axeByDayAndNight(page)).toEqual([]);
      if (folder === undefined) continue;
      mkdirSync(folder, { recursive: true });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const file = `${path.split('/').at(-1)}-${size.width}-${colorScheme}.png`;
        await page.screenshot({ path: `${folder}/${file}`, fullPage: true });
      }
    }
});
