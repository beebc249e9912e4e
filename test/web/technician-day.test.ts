import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { exampleNotes, nextDay, useCloseOutPages } from './close-out-pages.ts';
import { button, fill, isAt, steps } from './close-out-phone.ts';

// The whole day of a technician on a phone: signs in, reads what helps, goes there, clocks in, closes out, takes the money at
// the door, adds a note, and clocks in and out of a second visit; with JavaScript and without.

const { pages, panes, setClock, book, row } = useCloseOutPages();
const openTab = useBrowser();

test.each([
  { javaScript: true, gate: '4411' },
  { javaScript: false, gate: '4412' },
])('the technician does the day’s visits (JavaScript: $javaScript)', async ({ javaScript, gate }) => {
  const day = nextDay();
  const now = (time: string) => setClock(`${day.slice(0, 10)}T${time}:00-06:00`);
  const first = await book({}, day);
  const second = await book({}, day.replace('T09', 'T14'));
  await pages().done(panes().dana, 'attribute.set', { contact_id: 'C-1001', key: 'gate_code', value: gate });
  now('08:40');
  const { page, complaints } = await openTab({ javaScript });
  const main = page.locator('main');
  const press = (name: string) => main.getByRole('button', { name, exact: true }).click();
  const said = (words: string | RegExp) => page.getByRole('status').getByText(words).first().waitFor();

  // The link of a mail; today's visits, and of the first one whom to call, how to get there and what helps.
  await page.goto(pages().url + (await pages().linkFor('theo@brightpanes.example')));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: /^Today/ }).waitFor();
  await main.locator(`a[href="/tickets/${first}"]`).first().click();
  await page.getByText(`gate code: ${gate}`).waitFor();
  expect(await main.locator('a[href="tel:+12565550142"]').count()).toBe(1);
  expect(await main.getByRole('link', { name: 'Directions' }).getAttribute('href')).toContain('123%20Main');

  // There, a little early. What the clock says is what the close-out proposes.
  now('08:56');
  await press('Clock in');
  await said('Clocked in at 8:56 AM.');
  now('12:18');
  await main.getByRole('link', { name: 'Finish visit' }).click();
  await isAt(page, 'work');
  expect(await page.getByLabel('Hours').inputValue()).toBe('3');
  expect(await page.getByLabel('Minutes').inputValue()).toBe('22');
  for (const step of steps.slice(0, -1)) {
    await isAt(page, step);
    await fill[step](page);
    await press(button[step]);
  }
  await isAt(page, 'payment');
  await page.getByLabel('Check', { exact: true }).check();
  await page.getByLabel('Check no.').fill('1042');
  await press('Payment taken');
  await said(/\$662\.00 by check 1042.*the office checks that it is there/);

  // One more thing; the clock has ended with the visit.
  await page.goto(`${pages().url}/tickets/${first}`);
  await page.getByLabel('New note').fill('The left gutter is loose.');
  await press('Save note');
  await said('The note is saved.');
  expect(await main.getByRole('button', { name: 'Clock out' }).count()).toBe(0);

  // The second visit of the day: nobody is in, so it stays open.
  now('14:01');
  await page.getByRole('link', { name: 'My visits' }).first().click();
  await main.locator(`a[href="/tickets/${second}"]`).first().click();
  await press('Clock in');
  await said('Clocked in at 2:01 PM.');
  now('14:16');
  await press('Clock out');
  await said('Clocked out at 2:16 PM, after 15 min.');

  const [visit] = await pages().read(pages().bright.owner, 'tickets', { id: first, include: ['notes'] });
  expect(visit).toMatchObject({ status: 'closed', actual_minutes: 202, total_cents: 66_200 });
  expect(JSON.stringify(visit)).toContain(exampleNotes);
  expect(JSON.stringify(visit)).toContain('The left gutter is loose.');
  const paid = await row('closeout_sessions', {
    params: { ticket_id: first },
    fields: ['payment_method', 'payment_cents', 'check_number'],
  });
  expect(paid).toMatchObject({ payment_method: 'check', payment_cents: 66_200, check_number: '1042' });
  expect(complaints).toEqual([]);
});
