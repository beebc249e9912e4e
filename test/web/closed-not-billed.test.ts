import { describe, expect, test } from 'vitest';
import { sizes, useBrowser } from '../support/browser.ts';
import { nextDay, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, session, book, see, send, post, upTo, row } = useCloseOutPages();
const openTab = useBrowser();
const gutters = { lines: [{ service_id: 'S-1' }] };

/** A visit of Theo's that is closed, at the question how it is paid. */
async function closed(more: Record<string, unknown> = {}) {
  const reference = await book({ ...gutters, ...more }, nextDay());
  return { reference, at: `/close-out/${reference}/payment`, page: await upTo(reference, 'payment') };
}

const list = async (name = 'olivia') => (await see('/invoices/unbilled', name)).text;

/** The part of the list that is about one visit. */
async function lineOf(reference: string): Promise<string> {
  const { markup } = await see('/invoices/unbilled', 'olivia');
  const items = markup.split('<li>').filter(item => item.includes(reference));
  return items
    .join('')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

const takenOf = async (reference: string) => {
  const { id: _, ...rest } = await row('closeout_sessions', {
    params: { ticket_id: reference },
    fields: ['payment_choice', 'payment_method', 'payment_cents', 'check_number', 'payment_checked_at'],
  });
  return rest;
};

describe('what is paid at the door', () => {
  test.each([
    [{ payment_method: 'cash', amount: '150' }, '$150.00 in cash', { payment_cents: 15_000 }],
    [
      { payment_method: 'check', amount: '$100.00', check_number: '1042' },
      '$100.00 by check 1042',
      { payment_cents: 10_000, check_number: '1042' },
    ],
    // All of it, when nobody says how much.
    [{ payment_method: 'card', amount: '' }, '$562.00 by card', { payment_cents: 56_200 }],
  ])('%o is written down, and waits for the office', async (fields, words, written) => {
    const { reference, at, page } = await closed();
    expect(page.text).toMatch(/Cash ?Check ?Check no\. ?Card/);
    const done = await send(page, at, { payment_choice: 'at_door', ...fields });
    expect(done).toMatchObject({ status: 200, location: '/' });
    expect(done.text).toContain(`${words}: the office checks that it is there.`);
    expect(await takenOf(reference)).toEqual({
      payment_choice: 'at_door',
      payment_method: fields.payment_method,
      check_number: null,
      payment_checked_at: null,
      ...written,
    });
    expect(await lineOf(reference)).toMatch(
      new RegExp(
        `Theo took ${words.replaceAll('$', '\\$')} on .*Nobody has checked it yet.*\\. Bill The money is here`,
      ),
    );
    const checked = await post(`/tickets/${reference}/payment-checked`, {}, 'dana');
    expect(checked).toMatchObject({ status: 303, location: '/invoices/unbilled' });
    // Of what was paid in full nothing is owed; the rest of anything else still has to be billed.
    const isAll = written.payment_cents === 56_200;
    expect((await lineOf(reference)) === '').toBe(isAll);
    expect(await takenOf(reference)).toMatchObject({ payment_checked_at: expect.any(String) });
    // Once.
    expect((await post(`/tickets/${reference}/payment-checked`, {}, 'dana')).text).toContain(
      'This payment is checked already.',
    );
  });

  test.each([
    [{}, 'Say how it was paid: cash, check or card.'],
    [{ payment_method: 'cash', amount: '0' }, 'Write how much was paid.'],
    [{ payment_method: 'cash', amount: 'lots' }, '“lots” is not a price'],
    [
      { payment_method: 'check', check_number: '4242 4242 4242 4242' },
      'Write the number of the check, digits only.',
    ],
  ])('%o is asked for again, with what was typed', async (fields, problem) => {
    const { at, page } = await closed();
    const refused = await send(page, at, { payment_choice: 'at_door', ...fields });
    expect(refused).toMatchObject({ status: 400, location: at });
    expect(refused.text).toContain(problem);
    expect(refused.markup).not.toContain('4242 4242');
    expect(
      await send(refused, at, { payment_choice: 'at_door', payment_method: 'cash', amount: '150' }),
    ).toMatchObject({
      status: 200,
      location: '/',
    });
  });

  test('is checked by the office alone: the technician who took it is refused', async () => {
    const { reference, at, page } = await closed();
    await send(page, at, { payment_choice: 'at_door', payment_method: 'cash' });
    const refused = await post(`/tickets/${reference}/payment-checked`, {}, 'theo');
    expect(refused.status).toBe(403);
    expect(await takenOf(reference)).toMatchObject({ payment_checked_at: null });
    expect((await see('/invoices/unbilled', 'theo')).status).toBeGreaterThanOrEqual(403);
    expect((await post(`/tickets/${reference}/payment-checked`, {}, 'olivia')).status).toBe(303);
  });

  test('in part stays on the list with what is left after the office has checked it, until it is billed', async () => {
    const { reference, at, page } = await closed();
    await send(page, at, { payment_choice: 'at_door', payment_method: 'cash', amount: '20' });
    expect(await lineOf(reference)).toContain(
      'Nobody has checked it yet; $542.00 left. Bill The money is here',
    );
    await post(`/tickets/${reference}/payment-checked`, {}, 'olivia');
    const line = await lineOf(reference);
    expect(line).toMatch(/\$20\.00 in cash ?, checked; \$542\.00 left Bill/);
    expect(line).not.toContain('The money is here');
    const visit = (await see(`/tickets/${reference}`, 'olivia')).text;
    expect(visit).toMatch(/\$20\.00 in cash ?, checked; \$542\.00 left ?Bill/);
    expect(visit).not.toContain('Nobody has checked it yet');
    await post(`/tickets/${reference}/invoice`, {}, 'olivia');
    expect(await lineOf(reference)).toBe('');
  });

  test('in full and checked is owed no more: the visit says so and asks for no bill', async () => {
    const { reference, at, page } = await closed();
    await send(page, at, { payment_choice: 'at_door', payment_method: 'cash' });
    await post(`/tickets/${reference}/payment-checked`, {}, 'olivia');
    expect(await lineOf(reference)).toBe('');
    const { text, markup } = await see(`/tickets/${reference}`, 'olivia');
    expect(text).toMatch(/\$562\.00 in cash ?, checked/);
    expect(markup).not.toContain(`action="/tickets/${reference}/invoice"`);
  });

  test('and billed all the same stays on the list until somebody has checked it', async () => {
    const { reference, at, page } = await closed();
    await send(page, at, { payment_choice: 'at_door', payment_method: 'check', check_number: '77' });
    const billed = await post(`/tickets/${reference}/invoice`, {}, 'olivia');
    const invoice = billed.location.replace('/invoices/', '');
    expect(await lineOf(reference)).toContain(`Invoice ${invoice}`);
    expect((await see(`/tickets/${reference}`, 'olivia')).text).toContain('$562.00 by check 77');
    await post(`/tickets/${reference}/payment-checked`, {}, 'olivia');
    expect(await lineOf(reference)).toBe('');
  });
});

describe('closed, not billed', () => {
  test('has what nobody has billed, with “Bill” on it and on the visit, and nothing else', async () => {
    const { reference, at, page } = await closed();
    const free = await book({ lines: [{ service_id: 'S-1', unit_price_cents: 0 }] }, nextDay()).catch(
      () => '',
    );
    const open = await book(gutters, nextDay());
    await send(page, at, { payment_choice: 'skip', reason: 'other', reason_more: 'He pays on Friday' });
    expect(await lineOf(reference)).toMatch(/Jane Smith .* \$562\.00 .*He pays on Friday Bill/);
    expect(await list()).not.toContain(open);
    if (free !== '') expect(await list()).not.toContain(free);
    expect((await see('/invoices', 'olivia')).markup).toContain('href="/invoices/unbilled"');
    expect((await see(`/tickets/${reference}`, 'olivia')).text).toMatch(/He pays on Friday ?Bill/);
    await post(`/tickets/${reference}/invoice`, {}, 'olivia');
    expect(await lineOf(reference)).toBe('');
  });

  test.each([true, false])('is worked off in a browser, JavaScript: %s', async javaScript => {
    const { reference } = await closed();
    const phone = await openTab({ javaScript, size: sizes[0] });
    await phone.context.addCookies([{ name: 'deskhand_session', value: session('theo'), url: pages().url }]);
    await phone.page.goto(`${pages().url}/close-out/${reference}`);
    await phone.page.getByLabel('Check', { exact: true }).check();
    await phone.page.getByLabel('Check no.').fill('1042');
    await phone.page.getByLabel('Amount').fill('120.50');
    await phone.page.getByRole('button', { name: 'Payment taken' }).click();
    await phone.page.getByText('$120.50 by check 1042').waitFor();
    const desk = await openTab({ javaScript, size: sizes[1] });
    await desk.context.addCookies([{ name: 'deskhand_session', value: session('olivia'), url: pages().url }]);
    await desk.page.goto(`${pages().url}/invoices`);
    await desk.page.getByRole('link', { name: 'closed, not billed' }).click();
    const item = desk.page.getByRole('listitem').filter({ hasText: reference });
    await item.getByText('$120.50 by check 1042').waitFor();
    await item.getByRole('button', { name: 'The money is here' }).click();
    await desk.page.getByText(`$120.50 by check 1042 for ${reference} is checked.`).waitFor();
    expect([...phone.complaints, ...desk.complaints]).toEqual([]);
    expect(panes().dana).toBeDefined();
  });
});

describe('a visit of another day', () => {
  test.each([true, false])('asks first whether it is done, JavaScript: %s', async javaScript => {
    const reference = await book(gutters, nextDay());
    const { page, context } = await openTab({ javaScript, size: sizes[0] });
    await context.addCookies([{ name: 'deskhand_session', value: session('theo'), url: pages().url }]);
    await page.goto(`${pages().url}/tickets/${reference}`);
    const finish = page.getByRole('main').getByRole('link', { name: 'Finish visit' });
    expect(await finish.getAttribute('class')).toContain('quiet');
    await finish.click();
    await page.getByRole('heading', { name: 'Is it done already?' }).waitFor();
    await page.getByText(/is planned for \w+, January \d+, 2027/).waitFor();
    await page.getByRole('link', { name: 'No, back to the visit' }).click();
    await page.getByRole('heading', { name: `Visit ${reference}` }).waitFor();
    await finish.click();
    await page.getByRole('link', { name: 'Yes, finish it now' }).click();
    await page.getByRole('heading', { name: 'What was done?' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'What did you notice?' }).waitFor();
    // Asked once.
    await page.goto(`${pages().url}/close-out/${reference}`);
    await page.getByRole('heading', { name: 'What did you notice?' }).waitFor();
  });

  test('and the server takes no step of it that has not been asked for', async () => {
    const reference = await book(gutters, nextDay());
    const at = `/close-out/${reference}/work`;
    const work = await see(at);
    const refused = await send(work, at, { is_early: undefined });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('This visit is planned for another day.');
    expect(await send(work, at)).toMatchObject({ status: 200, location: `/close-out/${reference}/notes` });
  });
});
