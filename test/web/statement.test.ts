import { beforeAll, expect, test } from 'vitest';
import { axeByDayAndNight, axeViolations } from '../support/axe.ts';
import { overflow, sizes, type TabOptions, useBrowser } from '../support/browser.ts';
import { tellStory, usePages } from '../support/pages.ts';

// What a customer owes, as the office reads, prints and mails it; and the question whether customers are to be reminded.

const pages = usePages();
const openTab = useBrowser();
let customer = '';

beforeAll(async () => {
  await tellStory(pages());
  const { done, bright, setClock } = pages();
  const made = await done(bright.owner, 'contact.create', {
    full_name: 'Marguerite Featherstonehaugh',
    email: 'marguerite@example.com',
  });
  customer = String(made.reference);
  const bill = async (day: string, cents: number) => {
    setClock(`${day}T10:00:00-06:00`);
    const lines = [{ description: 'Windows', unit_price_cents: cents }];
    const { reference } = await done(bright.owner, 'invoice.create', { contact_id: customer, lines });
    await done(bright.owner, 'invoice.finalize', { invoice_id: reference });
    return String(reference);
  };
  const first = await bill('2026-08-03', 66_200);
  await bill('2026-09-20', 15_000);
  await bill('2026-11-10', 4_250);
  await done(bright.owner, 'invoice.record_payment', {
    invoice_id: first,
    amount_cents: 50_000,
    note: 'Check 1042',
    received_at: '2026-09-01',
  });
  setClock('2026-11-18T08:00:00-06:00');
});

async function openAt(path: string, options: TabOptions = {}, email = 'olivia@brightpanes.example') {
  const tab = await openTab(options);
  const { signIn, url } = pages();
  const value = await signIn(email);
  await tab.context.addCookies([{ name: 'deskhand_session', value, url }]);
  await tab.page.goto(`${url}${path}`);
  return tab;
}

test.each(sizes)(
  'is read at $width pixels, by day and at night, and mailed without JavaScript',
  async size => {
    const { page: read, complaints } = await openAt(`/contacts/${customer}`, { size });
    await read.getByRole('link', { name: 'statement', exact: true }).click();
    await read.getByText('$354.50').first().waitFor();
    await read.getByText('$312.00 overdue').waitFor();
    await read.getByText('Payment by check').waitFor();
    expect(await axeByDayAndNight(read)).toEqual([]);
    expect(await overflow(read)).toBe(0);
    expect(complaints).toEqual([]);
    const { page } = await openAt(`/contacts/${customer}/statement?from=2026-09-01`, {
      size,
      javaScript: false,
    });
    await page.getByText('Balance before').waitFor();
    await page.getByRole('button', { name: 'Mail it to the customer' }).click();
    await page.getByText('The statement is on its way.').waitFor();
  },
);

test('is a file to print, and days in the wrong order are said on the page', async () => {
  const { page } = await openAt(`/contacts/${customer}/statement?from=2026-12-01&to=2026-09-01`);
  await page.getByText('A statement begins before it ends.').waitFor();
  expect(await page.getByLabel('From').inputValue()).toBe('2026-12-01');
  const file = await page.request.get(`${pages().url}/contacts/${customer}/statement/pdf`);
  expect(file.headers()['content-type']).toBe('application/pdf');
  const body = await file.body();
  expect(body.subarray(0, 5).toString()).toBe('%PDF-');
  const again = await page.request.get(`${pages().url}/contacts/${customer}/statement/pdf`);
  expect((await again.body()).equals(body)).toBe(true);
});

test('of a company that pays is found on its page, and mailed to it', async () => {
  const { done, bright } = pages();
  const made = await done(bright.owner, 'company.create', {
    name: 'Featherstone Estates',
    billing_email: 'books@featherstone.example',
  });
  const lines = [{ description: 'Windows', unit_price_cents: 90_000 }];
  const bill = await done(bright.owner, 'invoice.create', { company_id: made.reference, lines });
  await done(bright.owner, 'invoice.finalize', { invoice_id: bill.reference });
  const { page } = await openAt(`/records/companies/${made.reference}`, { size: sizes[0] });
  await page.getByRole('link', { name: 'Statement', exact: true }).click();
  await page.getByText('$900.00').first().waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  const file = await page.request.get(
    `${pages().url}${(await page.getByRole('link', { name: 'PDF' }).getAttribute('href')) ?? ''}`,
  );
  expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.getByRole('button', { name: 'Mail it to the company' }).click();
  await page.getByText('The statement is on its way.').waitFor();
});

test('technicians have none', async () => {
  const tab = await openTab();
  const value = await pages().signIn('theo@brightpanes.example');
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  const answer = await tab.page.goto(`${pages().url}/contacts/${customer}/statement`);
  expect([403, 404]).toContain(answer?.status());
});

test('where bills are overdue the owner is asked once whether customers are to be reminded', async () => {
  const office = await openAt('/invoices', {}, 'dana@brightpanes.example');
  await office.page.getByRole('heading', { name: 'Money' }).waitFor();
  expect(await office.page.getByText('Shall customers be reminded').count()).toBe(0);
  const { page } = await openAt('/invoices', { size: sizes[0] });
  await page.getByText('Shall customers be reminded').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remind them from now on' }).click();
  await page.getByText('Customers are reminded from now on.').waitFor();
  expect(await page.getByText('Shall customers be reminded').count()).toBe(0);
});
