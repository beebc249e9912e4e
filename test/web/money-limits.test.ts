import { beforeAll, beforeEach, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { overflow, useBrowser } from '../support/browser.ts';
import { tellStory, usePages } from '../support/pages.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// The owner says on the review page how far an assistant may go with money.

const pages = usePages();
const openTab = useBrowser();
const reasoning = 'The customer asked us to do so';

beforeAll(() => tellStory(pages()));
beforeEach(async () => {
  for (const table of ['grant_uses', 'permission_overrides', 'authorization_requests'])
    await asTableOwner(pages(), `delete from ${table}`);
});

const act = (action: string, data: Record<string, unknown>) =>
  pages().act(pages().bright.agent, action, data, { reasoning });

async function bill(): Promise<string> {
  const { done, bright } = pages();
  const lines = [{ description: 'Windows', unit_price_cents: 100_000 }];
  const { reference } = await done(bright.owner, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(bright.owner, 'invoice.finalize', { invoice_id: reference });
  return String(reference);
}
const payment = async () => {
  const data = { invoice_id: await bill(), amount_cents: 90_000 };
  return String((await pages().done(pages().bright.owner, 'invoice.record_payment', data)).payment);
};

/** The page of what an assistant asks for, as the owner opens it. */
async function openRequest(action: string, data: Record<string, unknown>) {
  const outcome = await act(action, data);
  expect(outcome.status).toBe('pending_authorization');
  const tab = await openTab();
  const { signIn, url } = pages();
  const value = await signIn('olivia@brightpanes.example');
  await tab.context.addCookies([{ name: 'deskhand_session', value, url }]);
  await tab.page.goto(`${url}/review/${String(outcome.data.request)}`);
  return tab;
}

const each = /Up to this amount each time/;
const aDay = /Up to this sum a day/;

const cases = [
  {
    action: 'invoice.record_payment',
    data: async (amount_cents: number) => ({ invoice_id: await bill(), amount_cents }),
  },
  {
    action: 'payment.refund',
    data: async (amount_cents: number) => ({ payment_id: await payment(), amount_cents, reason: 'goodwill' }),
  },
];

test.each(cases)(
  '$action: up to $500 each and $2,000 a day, chosen in a browser',
  async ({ action, data }) => {
    const { page, complaints } = await openRequest(action, await data(50_000));
    expect(await page.getByLabel(each).inputValue()).toBe('500.00');
    await page.getByLabel(aDay).fill('2000');
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Allow Always' }).click();
    await page.waitForURL(/\/review(?!.*allow-always)/);
    await page.goto(`${pages().url}/review/grants`);
    await page.getByText('up to $500.00 each time, up to $2,000.00 a day in all').first().waitFor();
    // What was allowed with it counts for itself, and not for the day.
    const ends: string[] = [];
    for (let n = 0; n < 5; n += 1) ends.push((await act(action, await data(50_000))).status);
    expect(ends).toEqual(['done', 'done', 'done', 'done', 'pending_authorization']);
    expect(complaints).toEqual([]);
  },
);

test('invoice.send: bills up to an amount go out alone, where the owner wants to see the others', async () => {
  await pages().done(pages().bright.owner, 'authorization.set_level', {
    action: 'invoice.send',
    level: 'requires_authorization',
  });
  const { page } = await openRequest('invoice.send', { invoice_id: await bill() });
  expect(await page.getByLabel(each).inputValue()).toBe('1000.00');
  await page.getByLabel(aDay).fill('');
  await page.getByRole('button', { name: 'Allow Always' }).click();
  await page.goto(`${pages().url}/review/grants`);
  await page.getByText('up to $1,000.00 each time').first().waitFor();
  expect((await act('send_invoice', { invoice_id: await bill() })).status).toBe('done');
});

test('what is given back wants a sum a day: without one nothing is done, and what was typed stays', async () => {
  const { page } = await openRequest('payment.refund', {
    payment_id: await payment(),
    amount_cents: 500,
    reason: 'goodwill',
  });
  const field = page.getByLabel(aDay);
  await field.fill('');
  await page.getByRole('button', { name: 'Allow Always' }).click();
  // The browser says so itself.
  expect(await page.locator('[name=day_amount]:invalid').count()).toBe(1);
  await page.evaluate(`document.querySelector('[name=day_amount]').removeAttribute('required')`);
  await page.getByLabel('At most so many a day').fill('3');
  await page.getByRole('button', { name: 'Allow Always' }).click();
  await page.getByText('say up to which sum a day').first().waitFor();
  expect(await page.getByLabel('At most so many a day').inputValue()).toBe('3');
  expect(await pages().read(pages().bright.owner, 'authorization_grants')).toEqual([]);
  await page.getByText('It is never allowed without a sum a day.').waitFor();
});

test('send_invoice: the sum of the bill is filled in, also of one that is made out by it', async () => {
  await pages().done(pages().bright.owner, 'authorization.set_level', {
    action: 'invoice.send',
    level: 'requires_authorization',
  });
  const { page } = await openRequest('send_invoice', { invoice_id: await bill() });
  expect(await page.getByLabel(each).inputValue()).toBe('1000.00');
  expect(await page.getByLabel(aDay).inputValue()).toBe('1000.00');
  await page.getByRole('button', { name: 'Allow Always' }).click();
  await page.goto(`${pages().url}/review/grants`);
  await page.getByText('up to $1,000.00 each time, up to $1,000.00 a day in all').first().waitFor();
  expect((await act('send_invoice', { invoice_id: await bill() })).status).toBe('done');
  expect((await act('send_invoice', { invoice_id: await bill() })).status).toBe('pending_authorization');
});
