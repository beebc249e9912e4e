import { beforeAll, expect, test } from 'vitest';
import { axeByDayAndNight, axeViolations } from '../support/axe.ts';
import { overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

beforeAll(() => tellStory(pages()));

async function openAt(path: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const { signIn, url } = pages();
  const value = await signIn('dana@brightpanes.example');
  await tab.context.addCookies([{ name: 'deskhand_session', value, url }]);
  await tab.page.goto(`${url}${path}`);
  return tab;
}

test('with JavaScript the form follows what is typed, and nothing that is written leaves before it is booked', async () => {
  const { page, complaints } = await openAt('/book?date=2026-12-01&time=09:00');
  const sent: string[] = [];
  page.on('request', request => sent.push(request.postData() ?? ''));
  await page.getByLabel('For whoever goes').fill('Ring twice');
  await page.getByLabel('Name, phone, street or town').pressSequentially('jan');
  await page.getByRole('button', { name: /Jane Smith/ }).click();
  await page.getByText('Already booked').waitFor();
  await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Exterior windows · $180.00' });
  await page.getByText('$180.00 · 90 min').waitFor();
  await page.getByRole('button', { name: 'Another service' }).click();
  await page.getByLabel('Service 2').selectOption({ label: 'Screens · $4.00 per piece' });
  await page.getByLabel('How many').nth(1).fill('10');
  await page.getByText('$220.00').waitFor();
  await page.getByLabel('Who goes', { exact: true }).selectOption({ label: 'Tess' });
  await page
    .getByRole('button', { name: /Wed, Dec 2, .* Tess/ })
    .first()
    .click();
  expect(sent.some(body => body.includes('Ring'))).toBe(false);
  expect(await page.getByLabel('For whoever goes').inputValue()).toBe('Ring twice');
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Book the visit' }).click();
  await page.getByText('Tess goes.').waitFor();
  await page.getByText('Ring twice').first().waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.', { exact: true }).waitFor();
  expect(complaints).toEqual([]);
});

test.each(sizes)('without JavaScript the same is booked by the buttons, at $width pixels', async size => {
  const day = size.width === 360 ? '2026-12-03' : '2026-12-04';
  const { page } = await openAt(`/book?date=${day}&time=10:00`, { javaScript: false, size });
  await page.getByLabel('Name, phone, street or town').fill('hart');
  await page.getByRole('button', { name: 'Find', exact: true }).last().click();
  await page.getByRole('button', { name: /Mrs Hart.*Cove Road/ }).click();
  await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Exterior windows · $180.00' });
  await page.getByRole('button', { name: 'Show free times' }).click();
  await page.getByText('$180.00 · 90 min').waitFor();
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: 'Book the visit' }).click();
  await page.getByText('Booked for').waitFor();
});

test('a visit is booked by the keyboard alone', async () => {
  const { page } = await openAt('/book?contact=C-1002&date=2026-12-08&time=10:00');
  await page.getByLabel('Service', { exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByText('$180.00 · 90 min').waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    // Between the end of the page and its beginning nothing has the focus.
    if ((await page.locator(':focus').allTextContents()).includes('Book the visit')) break;
  }
  await page.keyboard.press('Enter');
  await page.getByText('Booked for Tue, Dec 8, 2026, 10:00 AM').waitFor();
});

test.each(sizes)(
  'every page of visits and customers is sound at $width pixels, by day and at night',
  async size => {
    const { page } = await openAt('/contacts', { size });
    for (const path of [
      '/contacts',
      '/contacts/C-1001',
      '/contacts/new',
      '/tickets',
      '/tickets/T-2001',
      ...forms,
    ]) {
      await page.goto(`${pages().url}${path}`);
      expect(await axeByDayAndNight(page), path).toEqual([]);
      expect(await overflow(page), path).toBe(0);
    }
  },
);

const forms = [
  ...['cancel', 'assign', 'services'].map(verb => `/tickets/T-2001/${verb}`),
  '/tickets/T-2003',
  '/tickets?for=cancel',
  '/facts',
  '/invoices',
];
