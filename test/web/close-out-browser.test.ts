import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { example, exampleNotes, nextDay, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, session, book, see, send, upTo, row } = useCloseOutPages();
const openTab = useBrowser();

async function openAsTheo(options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  await tab.context.addCookies([{ name: 'deskhand_session', value: session('theo'), url: pages().url }]);
  return tab;
}

/** A visit with everything a page can show: an estimate, a long name, and a customer without an address. */
async function crowded(): Promise<string> {
  const customer = await pages().done(panes().dana, 'contact.create', {
    full_name: 'Bartholomew Featherstonehaugh-Cholmondeley of the Tennessee Valley Hospitality Group',
  });
  return book({ contact_id: customer.id, address_id: undefined }, nextDay());
}

describe('every page of the close-out', () => {
  test.each(sizes)(
    'fits $width × $height, by day and at night, has one heading, and fingers find everything',
    async size => {
      const { page, complaints } = await openAsTheo({ size });
      const reference = await crowded();
      const at = (step: string) => `/close-out/${reference}/${step}`;
      const look = async (path: string) => {
        await page.goto(pages().url + path);
        await unfold(page);
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await overflow(page), path).toBe(0);
        }
        expect(await page.locator('h1').count(), path).toBe(1);
        expect(await tooSmall(page), path).toEqual([]);
      };
      await look('/close-out');
      for (const step of ['work', 'notes', 'next', 'review', 'payment'] as const) {
        await look(at(step));
        if (step === 'next') await look(`${at(step)}?in=6`);
        const shown = await see(at(step));
        const fields = step === 'payment' ? { payment_choice: 'skip' } : example[step];
        expect(await send(shown, at(step), fields), step).toMatchObject({ status: 200 });
      }
      await look(`/close-out/${reference}`);
      const closed = await book({}, nextDay());
      await pages().done(panes().dana, 'ticket.cancel', { ticket_id: closed, reason: 'Rain' });
      await look(`/close-out/${closed}`);
      expect(complaints).toEqual([]);
    },
  );

  test('names every field, group and button for whoever hears the page', async () => {
    const { page } = await openAsTheo();
    const reference = await book({}, nextDay());
    const at = (step: string) => `${pages().url}/close-out/${reference}/${step}`;
    await page.goto(at('work'));
    await unfold(page);
    expect(await page.locator('main').ariaSnapshot()).toMatch(
      new RegExp(
        [
          'heading "What was done\\?" \\[level=1\\]',
          'group "How long did it take\\?":',
          'textbox "Hours"',
          'textbox "Minutes"',
          'group "Interior and Exterior Window Cleaning":',
          'checkbox "Done" \\[checked\\]',
          'textbox "Final price"',
          'group "Screen Cleaning":',
          'textbox "How many": "20"',
          'textbox "Price each": "5.00"',
          'combobox "Service":',
          'button "Add and stay"',
          'checkbox "These are the final prices"',
          'button "Go on"',
        ].join('[\\s\\S]*'),
      ),
    );
    await upTo(reference, 'next');
    await page.goto(`${at('next')}?in=6`);
    expect(await page.getByRole('radio', { name: 'Book the next visit' }).isChecked()).toBe(true);
    expect(await page.getByRole('group', { name: 'Free times' }).getByRole('radio').count()).toBe(6);
    await send(await see(`/close-out/${reference}/next`), `/close-out/${reference}/next`, {
      next_service: 'no',
    });
    await page.goto(at('review'));
    const main = page.getByRole('main');
    expect(await main.getByRole('checkbox').count()).toBe(5);
    await main.getByRole('checkbox', { name: 'Keep fact 2: pet: dog (name: Biscuit)' }).waitFor();
    expect(await main.getByRole('textbox', { name: 'Fact 2', exact: true }).inputValue()).toBe(
      'pet: dog (name: Biscuit)',
    );
    for (const name of ['Change what was done', 'Change notes', 'Change what comes next']) {
      expect(await main.getByRole('link', { name, exact: true }).count(), name).toBe(1);
    }
    // What is wrong is tied to its field, and one link away from it.
    await page.goto(at('work'));
    await page.getByLabel('Hours').fill('soon');
    await page.locator('form').evaluate(form => form.setAttribute('novalidate', ''));
    await page.getByRole('button', { name: 'Go on' }).click();
    const problem = page.getByRole('alert');
    expect(await problem.innerText()).toContain('“soon” is not a number of hours.');
    const hours = page.getByLabel('Hours');
    expect(await hours.getAttribute('aria-describedby')).toBe('problem by');
    expect(await hours.getAttribute('aria-invalid')).toBe('true');
    await problem.getByRole('link').click();
    await page.keyboard.press('Tab');
    expect(new URL(page.url()).hash).toBe('#hours');
  });
});

describe('a technician', () => {
  test('closes out with the keyboard alone, from the first field to the end', async () => {
    const { page, complaints } = await openAsTheo();
    const reference = await book({}, nextDay());
    const { keyboard } = page;
    const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.goto(`${pages().url}/close-out/${reference}/work`);
    await tabTo(page, '#hours');
    await keyboard.type('2');
    await keyboard.press('Tab');
    await keyboard.type('15');
    await tabTo(page, '#line_1_price');
    await keyboard.type('562');
    await tabTo(page, '#price_confirmed');
    await keyboard.press('Space');
    await tabTo(page, '.go');
    await keyboard.press('Enter');
    await heading('What did you notice?');
    await tabTo(page, '#notes');
    expect(
      await page
        .locator('#notes')
        .evaluate(field => field.ownerDocument.defaultView.getComputedStyle(field).outlineStyle),
    ).toBe('solid');
    await keyboard.type('Dog named Rex.');
    await tabTo(page, '.go');
    await keyboard.press('Enter');
    await heading('What comes next?');
    await tabTo(page, '#next_yes');
    await keyboard.press('ArrowUp');
    await tabTo(page, '#months_other');
    await keyboard.type('4');
    // In a field Enter goes on, whatever other buttons the form has.
    await keyboard.press('Enter');
    await heading('Check before it is final');
    await page.getByText('A mail to the customer in 4 months').waitFor();
    await tabTo(page, '#more');
    await keyboard.type('gate code: 12');
    await tabTo(page, '.go');
    await keyboard.press('Enter');
    await heading('How is it paid?');
    await tabTo(page, '.go');
    await keyboard.press('Enter');
    await page.getByText(`${reference} is closed: $662.00.`).waitFor();
    expect(await row('tickets', { id: reference })).toMatchObject({ status: 'closed', actual_minutes: 135 });
    expect(complaints).toEqual([]);
  });

  test('who writes down a card number is told, and it never leaves the browser (SAN-01)', async () => {
    const { page, complaints } = await openAsTheo();
    const reference = await book({ lines: [{ service_id: 'S-1' }] }, nextDay());
    await upTo(reference, 'notes');
    await page.goto(`${pages().url}/close-out/${reference}`);
    const notes = page.getByLabel('Notes about the customer');
    await notes.fill('Pays with 4242 4242 4242 4242');
    await notes.blur();
    await page.locator('.redaction-warning').waitFor();
    expect(await notes.inputValue()).toBe('Pays with [REDACTED CARD ..4242]');
    const [sent] = await Promise.all([
      page.waitForRequest(request => request.method() === 'POST'),
      page.getByRole('button', { name: 'Go on' }).click(),
    ]);
    expect(sent.postData()).not.toMatch(/4242\D+4242/);
    await page.getByRole('heading', { name: 'What comes next?' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('in the fields of the work goes on with Enter, and adds nothing', async () => {
    const { page } = await openAsTheo();
    const reference = await book({ lines: [{ service_id: 'S-1' }] }, nextDay());
    await page.goto(`${pages().url}/close-out/${reference}/work`);
    await page.getByLabel('Hours').fill('1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What did you notice?' }).waitFor();
  });

  test('without JavaScript does the whole example, goes back to correct, and presses twice', async () => {
    const { page, complaints } = await openAsTheo({ javaScript: false });
    const reference = await book({}, nextDay());
    await page.goto(`${pages().url}/close-out/${reference}/work`);
    await page.getByLabel('Hours').fill('3');
    await page.getByLabel('Minutes').fill('22');
    await page.getByLabel('Final price', { exact: true }).fill('$562');
    await page.getByLabel('These are the final prices').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel('Notes about the customer').fill(exampleNotes);
    await page.getByRole('button', { name: 'Go on' }).click();
    const months = page.getByLabel('In how many months?');
    expect(await months.isVisible()).toBe(false);
    await page.getByLabel('Write to the customer in some months').check();
    expect(await months.inputValue()).toBe('6');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Check before it is final' }).waitFor();

    await page.getByRole('link', { name: 'Change notes' }).click();
    expect(await page.getByLabel('Notes about the customer').inputValue()).toBe(exampleNotes);
    // Back, twice: what was typed is still there, and nothing asks whether a form is to be sent again.
    await page.goBack();
    await page.goBack();
    expect(await months.inputValue()).toBe('6');
    await page.goForward();
    await page.getByRole('heading', { name: 'Check before it is final' }).waitFor();
    await page.getByRole('button', { name: 'Complete visit' }).dblclick();
    await page.getByRole('heading', { name: 'How is it paid?' }).waitFor();
    await page.getByRole('button', { name: 'Send invoice' }).click();
    await page.getByText('is on its way to jane.smith@example.com').waitFor();
    await page.reload();
    await page.getByText('is on its way to jane.smith@example.com').waitFor();
    const invoices = await pages().read(pages().bright.owner, 'invoices', {
      params: { ticket_id: reference },
    });
    expect(invoices).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});

/** Opens folds and shows what belongs to every choice, so that it is looked at too. */
async function unfold(page: Page): Promise<void> {
  await page.locator('details').evaluateAll(folds => {
    for (const fold of folds) fold.setAttribute('open', '');
  });
}

/** What a finger misses: less than 44 pixels high, or a field whose small letters make a phone zoom in. */
function tooSmall(page: Page): Promise<string[]> {
  const targets = page.locator(
    'button:not(.enter), .button, input:not([type=hidden], [type=checkbox], [type=radio]), .tick, select, textarea, summary, header a, .pick, dt a',
  );
  return targets.evaluateAll(elements =>
    elements
      .filter(element => {
        const { height } = element.getBoundingClientRect();
        const { fontSize } = element.ownerDocument.defaultView.getComputedStyle(element);
        const isField = ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName);
        return (height > 0 && Math.round(height) < 44) || (isField && Number.parseFloat(fontSize) < 16);
      })
      .map(element => element.outerHTML.slice(0, 100)),
  );
}

/** Presses Tab until the focus is on the element. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}
