import { describe, expect, test } from 'vitest';
import { sizes } from '../support/browser.ts';
import {
  comesBack,
  isAllSent,
  isAt,
  once,
  pass,
  passFrom,
  queueOf,
  steps,
  usePhone,
} from './close-out-phone.ts';

const { line, openPhone, today, open, effects } = usePhone();

describe('a technician without signal', () => {
  test('closes out a whole visit on the phone; with signal it is sent, once and in order', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work', 'review');
    await isAt(page, 'review');
    // What was entered is shown before it is final, and that nobody has read it.
    const main = page.getByRole('main');
    const summary = await main.locator('.summary').innerText();
    for (const text of ['hours: 3', 'minutes: 22', 'Screen Cleaning: $100.00', 'Total: $662.00', 'Biscuit']) {
      expect(summary).toContain(text);
    }
    await main.getByText('Nothing could be read from your notes yet.').waitFor();
    await passFrom(page, 'review');
    await page.getByRole('heading', { name: 'Kept on this phone', level: 1 }).waitFor();
    const box = page.locator('#queue');
    for (const step of steps) await box.getByText(`Not sent yet: ${step} of ${reference}`).waitFor();
    expect(await effects(reference)).toMatchObject({ status: 'scheduled', steps: {} });

    const posted: string[] = [];
    line().onPost(path => posted.push(path));
    await comesBack(page, line());
    // The page that was made of the bundle is replaced by the real one.
    await page.getByRole('heading', { name: `${reference} is done`, level: 1 }).waitFor();
    await box.getByText(`Sent: payment of ${reference}`).waitFor();
    expect(posted).toEqual(steps.map(step => `/close-out/${reference}/${step}`));
    expect(await effects(reference)).toEqual(once);
  });

  test.each([
    ['No follow-up needed', false],
    ['Write to the customer in some months', true],
  ])('reads of months only where somebody is written to: %s', async (choice, isTold) => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work', 'next');
    await isAt(page, 'next');
    await page.getByLabel(choice).check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await isAt(page, 'review');
    const summary = await page.locator('main .summary').innerText();
    expect(summary).toContain(`next service: ${isTold ? 'reach_out' : 'no'}`);
    expect(summary.includes('months')).toBe(isTold);
    line().mend();
  });

  test.each(steps)('loses the signal at “%s” and goes on when it is back', async lost => {
    const reference = await today();
    const { page, complaints } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', lost);
    await isAt(page, lost);
    line().cut();
    await pass(page, lost);
    const box = page.locator('#queue');
    await box.getByText(`Not sent yet: ${lost} of ${reference}`).waitFor();
    await comesBack(page, line());
    await box.getByText(`Sent: ${lost} of ${reference}`).waitFor();
    const next = steps[steps.indexOf(lost) + 1];
    if (next) await passFrom(page, next);
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
    expect(complaints.filter(text => !/ERR_|Failed to load/.test(text))).toEqual([]);
  });

  test('sees the page again after loading it anew, and what was entered when going back', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work', 'next');
    await isAt(page, 'next');
    await page.reload();
    await isAt(page, 'next');
    await page.goBack();
    await isAt(page, 'notes');
    const notes = page.getByRole('textbox', { name: 'Notes' });
    expect(await notes.inputValue()).toContain('Dog named Biscuit');
    await notes.fill('Dog named Rex.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await isAt(page, 'next');
    await open(page, `${reference}/work`);
    await isAt(page, 'work');
    expect(await page.getByRole('textbox', { name: 'Final price' }).inputValue()).toBe('562');
    expect(await page.getByLabel('These are the final prices').isChecked()).toBe(true);
    await open(page, reference);
    await passFrom(page, 'next');
    await comesBack(page, line());
    await isAllSent(page);
    // Entered twice, sent once, in its place.
    expect(await effects(reference)).toEqual({ ...once, notes: ['Dog named Rex.'] });
  });

  test('is told by the browser itself, too', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    await context.setOffline(true);
    await open(page, reference);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: 'Kept on this phone', level: 1 }).waitFor();
    await context.setOffline(false);
    await page.getByRole('heading', { name: `${reference} is done`, level: 1 }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('goes on by hand when only a part could be read before', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', 'next');
    await isAt(page, 'next');
    line().cut();
    // What was sent before is part of what is shown before it is final.
    await pass(page, 'next');
    await isAt(page, 'review');
    await page.getByRole('main').getByText('Total: $662.00').waitFor();
    await passFrom(page, 'review');
    expect((await queueOf(page)).map(([, state]) => state)).toEqual([
      'sent',
      'sent',
      'waiting',
      'waiting',
      'waiting',
    ]);
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toEqual(once);
  });

  test('keeps writing while what was entered before is sent', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await pass(page, 'work');
    await isAt(page, 'notes');
    const notes = page.getByRole('textbox', { name: 'Notes' });
    await notes.fill('Half a sen');
    await comesBack(page, line());
    await isAllSent(page);
    // Nothing is taken away from under the hands.
    expect(await notes.inputValue()).toBe('Half a sen');
    await notes.fill('Half a sentence, and the other half.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await isAt(page, 'next');
    expect(await effects(reference)).toMatchObject({ steps: { confirm_work: 1, set_notes: 1 } });
  });

  test('finds today’s visits on any page, each a tap from its close-out', async () => {
    const reference = await today();
    const { page, complaints: _offline } = await openPhone();
    line().cut();
    await page.setViewportSize({ ...sizes[0] });
    await page.goto(`${line().url}/calendar?date=2027-01-01`);
    await page.getByRole('link', { name: reference }).click();
    await isAt(page, 'work');
  });
});
