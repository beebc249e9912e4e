import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { exampleNotes } from './close-out-pages.ts';
import {
  button,
  comesBack,
  fill,
  headings,
  isAllSent,
  isAt,
  once,
  pass,
  passFrom,
  type StepName,
  steps,
  usePhone,
} from './close-out-phone.ts';

const { line, openPhone, today, open, effects } = usePhone();

/** A second tab of the same phone, in a window of its own: a browser draws hidden tabs once a second. */
async function secondTab(page: Page): Promise<Page> {
  const [second] = await Promise.all([
    page.context().waitForEvent('page'),
    page.evaluate(`void open('about:blank', '', 'popup,noopener')`),
  ]);
  return second;
}

const press = (page: Page, step: StepName): Promise<void> =>
  page.getByRole('button', { name: button[step] }).click();

/** What a tab loads, in order. */
function loads(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', request => {
    if (request.isNavigationRequest()) seen.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return seen;
}

describe('a hasty finger', () => {
  test('that presses twice does it once', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    for (const step of steps) {
      await isAt(page, step);
      await fill[step](page);
      await page.getByRole('button', { name: button[step] }).dblclick({ noWaitAfter: true });
    }
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    await isAllSent(page);
    expect(await effects(reference)).toEqual(once);
  });

  test('in two tabs does it once as well, and both lead on', async () => {
    const reference = await today();
    const { page } = await openPhone();
    const tabs = [page, await secondTab(page)];
    await Promise.all(tabs.map(tab => open(tab, reference)));
    for (const step of steps.slice(0, 4)) await Promise.all(tabs.map(tab => pass(tab, step)));
    // Whoever had a page of the same number did the same thing; the other one is told that it is closed, and where to go on.
    for (const tab of tabs) {
      const goOn = tab.getByRole('link', { name: 'how is it paid?' });
      const payment = tab.getByRole('heading', { name: headings.payment });
      await payment.or(goOn).waitFor();
      if (await goOn.isVisible()) await goOn.click();
      await isAt(tab, 'payment');
    }
    await pass(page, 'payment');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    const { steps: times, ...rest } = await effects(reference);
    expect(rest).toMatchObject({ status: 'closed', total: '66200', notes: [exampleNotes], messages: 1 });
    expect(times).toMatchObject({ complete: 1, payment_choice: 1 });
  });

  test('in a tab that was left behind is told that it is closed already, and where to go on', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', 'review');
    const late = await secondTab(page);
    await Promise.all([isAt(page, 'review'), open(late, reference)]);
    await isAt(late, 'review');
    await press(page, 'review');
    await isAt(page, 'payment');
    await press(late, 'review');
    await late.getByRole('alert').getByText('You closed it already').waitFor();
    await late.getByRole('link', { name: 'how is it paid?' }).click();
    await pass(late, 'payment');
    await late.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });
});

describe('a page that was made without signal', () => {
  test('does not give way to the real one once its button was pressed', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, reference);
    await passFrom(page, 'work', 'next');
    await isAt(page, 'next');
    line().cut();
    await pass(page, 'next');
    await isAt(page, 'review');
    // It hears that all is sent at the worst moment: just after the press, before anything has come of it.
    await page.evaluate(`{
      const { serviceWorker } = navigator;
      self.hear = serviceWorker.onmessage;
      serviceWorker.onmessage = null;
    }`);
    await comesBack(page, line());
    await isAllSent(page);
    const seen = loads(page);
    await page.evaluate(`{
      [...document.querySelectorAll('main button')].find(each => each.textContent === '${button.review}').click();
      hear({});
    }`);
    await isAt(page, 'payment');
    expect(seen).toEqual([`POST /close-out/${reference}/review`, `GET /close-out/${reference}/payment`]);
    await pass(page, 'payment');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('stays when somebody begins to write while the real one is on its way', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await pass(page, 'work');
    await isAt(page, 'notes');
    const notes = page.getByRole('textbox', { name: 'Notes' });
    await notes.focus();
    const real = line().hold(`/close-out/${reference}/notes`);
    await comesBack(page, line());
    await real.came;
    const given = page.waitForEvent('requestfailed', request => request.isNavigationRequest());
    await Promise.all([given, page.keyboard.type(exampleNotes)]);
    real.letGo();
    expect(await notes.inputValue()).toBe(exampleNotes);
    await press(page, 'notes');
    await passFrom(page, 'next');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    expect(await effects(reference)).toEqual(once);
  });

  test('says what is so now, though it read before what was so then, and had it later', async () => {
    const reference = await today();
    const { page } = await openPhone();
    line().cut();
    await open(page, reference);
    await pass(page, 'work');
    const box = page.locator('#queue');
    await box.getByText(`Not sent yet: work of ${reference}`).waitFor();
    const said = await page.evaluate(`(async () => {
      const state = await (await caches.match('/queue')).json();
      const [{ id }] = state[state.member];
      const { serviceWorker } = navigator;
      const hear = serviceWorker.onmessage;
      serviceWorker.onmessage = null;
      const { match } = caches;
      let isLater = false;
      let finish;
      const later = new Promise(resolve => (finish = resolve));
      caches.match = async path => {
        const kept = await match.call(caches, path);
        if (!isLater) await ((isLater = true), later);
        return kept;
      };
      const box = document.querySelector('#queue');
      const sending = hear({ data: id });
      await hear({});
      finish();
      await sending;
      const after = box.innerText;
      await hear({ data: id });
      return [after, box.innerText];
    })()`);
    // The last word counts; and while it is on its way it says so.
    expect(said).toEqual([
      expect.stringContaining(`Not sent yet: work of ${reference}`),
      expect.stringContaining(`Sending: work of ${reference}`),
    ]);
  });
});
