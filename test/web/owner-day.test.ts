import { expect, test } from 'vitest';
import { sizes, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { useCalendarPages } from './calendar-pages.ts';
import { askFor } from './review-story.ts';

// The whole day of an owner on her pages alone: somebody calls and is booked, the visit is moved, what the assistant asks for
// is allowed, what was done is billed, somebody new comes to work here, Saturdays are opened; with JavaScript and without.
// Moving by the mouse: calendar-drag.test.ts.

const { pages, at, session } = useCalendarPages();
const openTab = useBrowser();
const [, laptop] = sizes;

const idOf = (name: string): string => pages().bright.people[name]?.id ?? '';

const visitNow = async (id: string) => {
  const [visit] = await pages().read(pages().bright.owner, 'tickets', { id, include: ['technicians'] });
  return { at: visit?.scheduled_at, who: visit?.technicians };
};

test.each([
  { javaScript: true, day: '2026-11-18', phone: '(256) 555-0142', nickname: 'Hattie', person: 'Gus' },
  { javaScript: false, day: '2026-11-19', phone: '(256) 555-0143', nickname: 'Hart', person: 'Ida' },
])('the owner runs her day (JavaScript: $javaScript)', async ({ javaScript, day, nickname, person }) => {
  const { url, done, bright } = pages();
  at(`${day}T07:30:00-06:00`);
  const { page, context, complaints } = await openTab({ size: laptop, javaScript });
  await context.addCookies([{ name: 'deskhand_session', value: session('olivia'), url }]);
  const main = page.locator('main');
  const press = (name: string) => main.getByRole('button', { name, exact: true }).click();
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
  const said = (words: string | RegExp) => page.getByRole('status').getByText(words).first().waitFor();

  // Jane calls: an empty hour of Theo's is hers.
  await page.goto(url);
  await tab('Calendar');
  await page
    .locator(`[data-who="${idOf('Theo')}"] .slot a`)
    .first()
    .click();
  const finder = page.getByLabel('Name, phone, street or town');
  if (javaScript) await finder.pressSequentially('jan');
  else {
    await finder.fill('jan');
    await main.getByRole('button', { name: 'Find', exact: true }).click();
  }
  await page.getByRole('button', { name: /Jane Smith/ }).click();
  await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Windows · $90.00' });
  await press('Book the visit');
  await said(/Booked for/);
  const reference = /T-\d+/.exec(page.url())?.[0] ?? '';
  expect(await visitNow(reference)).toMatchObject({ at: `${day}T14:00:00.000Z`, who: [{ name: 'Theo' }] });

  // Theo cannot: Tess goes at two.
  await main.getByRole('link', { name: 'Move', exact: true }).click();
  await page.getByLabel('Time').fill('14:00');
  await page.getByLabel('Theo').uncheck();
  await page.getByLabel('Tess').check();
  await press('See what changes');
  await page.getByRole('heading', { name: 'Move Jane Smith?' }).waitFor();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await said(/is now .* 2:00 PM, Tess\./);
  expect(await visitNow(reference)).toMatchObject({ at: `${day}T20:00:00.000Z`, who: [{ name: 'Tess' }] });

  // The assistant asks for something, and may.
  await askFor(pages(), 'contact.update', { contact_id: 'C-1002', nickname });
  await tab('Inbox');
  await main
    .getByRole('link', { name: /Approvals/ })
    .first()
    .click();
  await main
    .getByRole('button', { name: /^Allow/ })
    .first()
    .click();
  await said('Done.');
  const [hart] = await pages().read(bright.owner, 'contacts', { id: 'C-1002', fields: ['nickname'] });
  expect(hart).toMatchObject({ nickname });

  // Tess is done in the afternoon, and it is billed.
  at(`${day}T15:30:00-06:00`);
  await done(as(bright, 'Tess'), 'ticket.close', {
    ticket_id: reference,
    duration_minutes: 60,
    notes: '',
    next_service: 'no',
  });
  await tab('Today');
  const unbilled = page.getByRole('region', { name: 'Closed, not billed' });
  await unbilled.getByRole('button', { name: 'Bill' }).click();
  await said(/INV-2026-\d+/);
  const bills = await pages().read(bright.owner, 'invoices', {
    fields: ['total_cents'],
    sort: '-created_at',
  });
  expect(bills[0]).toMatchObject({ total_cents: 9000 });

  // Somebody new, and Saturdays.
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await main.getByRole('link', { name: 'People' }).first().click();
  await main.getByRole('link', { name: 'Add a person' }).click();
  await page.getByLabel('Name').fill(person);
  await page.getByLabel('E-mail').fill(`${person.toLowerCase()}@brightpanes.example`);
  await press('Add');
  await said(`${person} is added`);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await main.getByRole('link', { name: 'Business hours' }).first().click();
  await page.getByLabel('Saturday, from').fill(javaScript ? '09:00' : '10:00');
  await page.getByLabel('Saturday, to').fill('12:00');
  await press('Save');
  await said(/Saved\. Saturday: .* 12:00 PM\./);
  expect(complaints).toEqual([]);
});
