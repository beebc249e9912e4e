import { describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { exampleNotes } from './close-out-pages.ts';
import {
  button,
  comesBack,
  fill,
  isAllSent,
  isAt,
  once,
  pass,
  passFrom,
  queueOf,
  steps,
  usePhone,
} from './close-out-phone.ts';

const { line, pages, openPhone, today, another, open, effects } = usePhone();

/** Somebody of the office closes the visit in the meantime. */
const closeMeanwhile = (reference: string): Promise<unknown> =>
  pages().done(as(pages().bright, 'Dana'), 'ticket.close', {
    ticket_id: reference,
    duration_minutes: 60,
    notes: '',
    next_service: 'no',
    lines: [{ line_id: '1', unit_price_cents: 50_000 }],
    price_confirmed: true,
  });

describe('what was entered without signal and is refused later', () => {
  test('says by whom the visit was closed, keeps every word, and can be kept as a note', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await pass(page, 'work');
    await isAt(page, 'notes');
    line().cut();
    await passFrom(page, 'notes');
    await closeMeanwhile(reference);
    await comesBack(page, line());
    const box = page.locator('#queue');
    await box.getByText(`Refused: notes of ${reference}. Closed by Dana on`).waitFor();
    // What follows on this visit is held back, not sent in vain.
    expect((await queueOf(page)).map(([, state]) => state)).toEqual([
      'sent',
      'refused',
      'waiting',
      'waiting',
      'waiting',
    ]);
    // It is there without signal, too, and on every page.
    line().cut();
    await page.goto(`${line().url}/close-out`);
    await box.getByRole('link', { name: 'Open it' }).click();
    await page.getByRole('heading', { name: `${reference} is closed` }).waitFor();
    const wrote = page.getByLabel('What you wrote');
    // What was held back with it stands there, too.
    expect(await wrote.inputValue()).toMatch(/Biscuit[\s\S]*months: 6[\s\S]*paid already/);
    line().mend();
    await page.getByRole('button', { name: 'Save as a note' }).click();
    await page.getByText('The note is saved.').waitFor();
    const { notes, steps } = await effects(reference);
    expect(steps).toEqual({ confirm_work: 1 });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(exampleNotes);

    expect(notes[0]).toMatch(/months: 6[\s\S]*paid already/);
    // All of it is kept now: nothing waits any more.
    await expect.poll(() => queueOf(page)).toEqual([[`/close-out/${reference}/work`, 'sent']]);
    await expect.poll(() => box.innerText()).toBe(`Sent: work of ${reference}`);
  });

  test('is all in the note though its button is pressed before the script of the page has come', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work');
    await closeMeanwhile(reference);
    await comesBack(page, line());
    const openIt = page.locator('#queue').getByRole('link', { name: 'Open it' });
    await openIt.waitFor();
    // The script goes no further than to what a page without a worker needs; the worker is at work all the same.
    await page.addInitScript(`Object.defineProperty(navigator, 'serviceWorker', { value: undefined })`);
    await openIt.click();
    await page.getByRole('heading', { name: `${reference} is closed` }).waitFor();
    expect(await page.getByLabel('What you wrote').inputValue()).not.toContain('Biscuit');
    await page.getByRole('button', { name: 'Save as a note' }).click();
    await expect.poll(() => effects(reference).then(({ notes }) => notes.length)).toBe(1);
    const { notes } = await effects(reference);
    expect(notes[0]).toMatch(/Biscuit[\s\S]*months: 6[\s\S]*paid already/);
  });

  test('goes only when that is wanted, and says so first', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await passFrom(page, 'work');
    await closeMeanwhile(reference);
    await comesBack(page, line());
    const box = page.locator('#queue');
    await box.getByText(`Refused: work of ${reference}. Closed by Dana on`).waitFor();
    expect(await box.locator('pre').innerText()).toMatch(/Biscuit[\s\S]*months: 6[\s\S]*paid already/);
    const asked: string[] = [];
    page.once('dialog', dialog => {
      asked.push(dialog.message());
      return dialog.dismiss();
    });
    await box.getByRole('button', { name: 'Discard it' }).click();
    expect(asked).toEqual([`Discard all you wrote about ${reference} for good?`]);
    expect((await queueOf(page)).length).toBe(5);
    page.once('dialog', dialog => dialog.accept());
    await box.getByRole('button', { name: 'Discard it' }).click();
    await expect.poll(() => queueOf(page)).toEqual([]);
  });

  test('stands in the fields of its page, is corrected there, and what follows is sent after it', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await isAt(page, 'work');
    await fill.work(page);
    await page.getByLabel('Hours').fill('soon');
    await page.getByRole('button', { name: button.work }).click();
    await passFrom(page, 'notes');
    await comesBack(page, line());
    const box = page.locator('#queue');
    await box.getByText(`Refused: work of ${reference}. “soon” is not a number of hours.`).waitFor();
    await box.getByRole('link', { name: 'Open it' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('“soon” is not a number of hours.');
    expect(await page.getByRole('textbox', { name: 'Final price' }).inputValue()).toBe('562');
    await page.getByLabel('Hours').fill('3');
    await page.getByLabel('These are the final prices').check();
    await page.getByRole('button', { name: button.work }).click();
    // The minutes shown before “Complete visit” were not these: that step is refused, and corrected in turn.
    await box.getByText(`Refused: review of ${reference}`).or(page.getByRole('alert')).first().waitFor();
    expect(await effects(reference)).toMatchObject({
      status: 'scheduled',
      steps: { confirm_work: 1, set_notes: 1, set_next_service: 1 },
    });
    await open(page, reference);
    await pass(page, 'review');
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test('leaves the other visits alone', async () => {
    const reference = await today();
    const other = await another();
    const { page } = await openPhone();
    line().cut();
    for (const visit of [reference, other]) {
      await open(page, visit);
      await passFrom(page, 'work');
    }
    await closeMeanwhile(reference);
    await comesBack(page, line());
    await page.locator('#queue').getByText(`Sent: payment of ${other}`).waitFor();
    expect((await queueOf(page)).map(([, state]) => state)).toEqual([
      'refused',
      ...Array(4).fill('waiting'),
      ...Array(5).fill('sent'),
    ]);
    expect(await effects(other)).toEqual(once);
    expect(await effects(reference)).toMatchObject({ steps: {}, notes: [] });
  });
});

describe('what is refused at once', () => {
  test('is the server’s page with everything that was typed; corrected, it passes, and nothing is left over', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await fill.work(page);
    await page.getByLabel('Hours').fill('soon');
    await page.getByRole('button', { name: button.work }).click();
    expect(await page.getByRole('alert').innerText()).toContain('“soon” is not a number of hours.');
    expect(await page.getByLabel('Hours').inputValue()).toBe('soon');
    // Said once, not twice.
    expect(await page.locator('#queue').innerText()).toBe('');
    // Loaded anew it is the same page.
    await page.reload();
    expect(await page.getByLabel('Hours').inputValue()).toBe('soon');
    await pass(page, 'work');
    await passFrom(page, 'notes');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect((await queueOf(page)).map(([, state]) => state)).toEqual(Array(5).fill('sent'));
    expect(await effects(reference)).toEqual(once);
  });
});

describe('a line that loses answers', () => {
  test.each(steps)('does “%s” once, although the phone never heard that it was done', async lost => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', lost);
    await isAt(page, lost);
    line().loseAnswers(1000);
    await pass(page, lost);
    await page.locator('#queue').getByText(`Not sent yet: ${lost} of ${reference}`).waitFor();
    await comesBack(page, line());
    const next = steps[steps.indexOf(lost) + 1];
    if (next) await passFrom(page, next);
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toEqual(once);
  });

  test.each([429, 503])('and a server that answers %s are waited for alike', async status => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await isAt(page, 'work');
    line().refuse(status);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: 'Kept on this phone' }).waitFor();
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toEqual(once);
  });

  test('and stays silent is waited for only so long', async () => {
    const reference = await today();
    // The fifteen seconds that the worker waits, told faster; any other time would be an hour.
    const current = await (await pages().send('/service-worker.js')).text();
    const short =
      'AbortSignal.timeout = (wait => ms => wait.call(AbortSignal, ms === 15000 ? 2000 : 3600000))';
    line().replace('/service-worker.js', `${short}(AbortSignal.timeout);\n${current}`);
    const { page } = await openPhone();
    line().replace('/service-worker.js', undefined);
    await open(page, reference);
    await isAt(page, 'work');
    line().mute();
    await pass(page, 'work');
    await isAt(page, 'notes');
    await page.locator('#queue').getByText(`Not sent yet: work of ${reference}`).waitFor();
    await comesBack(page, line());
    await isAllSent(page);
    expect(await effects(reference)).toMatchObject({ steps: { confirm_work: 1 } });
  });
});

describe('whoever changes their mind', () => {
  test('sees what they corrected before it is final, not what was kept', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', 'review');
    await isAt(page, 'review');
    await page.getByRole('link', { name: 'Change what was done' }).click();
    await isAt(page, 'work');
    await page.getByRole('textbox', { name: 'Final price' }).fill('600');
    await page.getByLabel('These are the final prices').check();
    await page.getByRole('button', { name: button.work }).click();
    await isAt(page, 'review');
    await page.getByRole('main').getByText('$700.00').waitFor();
    await passFrom(page, 'review');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toMatchObject({
      total: '70000',
      steps: { confirm_work: 2, complete: 1 },
    });
  });

  test('adds a service with signal; without, nothing is taken for a step that is none', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await fill.work(page);
    await page.getByText('Add a service').click();
    await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Gutter Cleaning ($150.00)' });
    line().cut();
    await page.getByRole('button', { name: 'Add and stay' }).click();
    expect(await queueOf(page)).toEqual([]);
    line().mend();
    await page.getByRole('button', { name: 'Add and stay' }).click();
    await page.getByRole('group', { name: 'Gutter Cleaning' }).waitFor();
    expect(await page.locator('#total').innerText()).toBe('$812.00');
    await page.getByLabel('These are the final prices').check();
    await page.getByRole('button', { name: button.work }).click();
    await passFrom(page, 'notes');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual({ ...once, total: '81200' });
  });
});
