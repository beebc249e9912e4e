import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFolds, overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { csrfOf, tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
const dana = 'dana@brightpanes.example';
const theo = 'theo@brightpanes.example';

beforeAll(async () => {
  await tellStory(pages());
  const { done, bright } = pages();
  for (const ticket_id of ['T-2001', 'T-2002']) {
    const close = { ticket_id, duration_minutes: 90, notes: '', next_service: 'no' };
    await done(as(bright, 'Dana'), 'ticket.close', close);
  }
});

async function openAs(email: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const value = await pages().signIn(email);
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  return tab;
}

/** Drafts and sends a bill of its own for a customer; answers its number. */
async function sentBill(contact_id = 'C-1001', unit_price_cents = 12_000): Promise<string> {
  const { done, bright } = pages();
  const lines = [{ description: 'Ladder rental', unit_price_cents }];
  const { reference } = await done(bright.owner, 'invoice.create', { contact_id, lines });
  await done(bright.owner, 'invoice.send', { invoice_id: reference, email: 'jane.smith@example.com' });
  return String(reference);
}

const invoice = async (reference: string) =>
  (await pages().read(pages().bright.owner, 'invoices', { id: reference }))[0] ?? {};

const facts = (page: Page) => page.locator('dl.facts').innerText();

describe('the page of an invoice', () => {
  test('without JavaScript: Dana drafts it of the closed visit, sends it, records two payments', async () => {
    const { page } = await openAs(dana, { javaScript: false });
    const { read, bright, newestMail } = pages();
    await page.goto(`${pages().url}/tickets/T-2001`);
    await page.getByRole('button', { name: 'Bill' }).click();
    await page.getByRole('status').getByText('INV-2026-001 is a draft; nobody has it yet.').waitFor();
    expect(await facts(page)).toMatch(/^Visit\s+.+T-2001$/m);
    // Its visit shows it from now on, and makes no second one.
    await page.goto(`${pages().url}/tickets/T-2001`);
    await page.getByRole('link', { name: 'Invoice INV-2026-001' }).waitFor();
    expect(await page.getByRole('button', { name: 'Bill' }).count()).toBe(0);

    await page.goto(`${pages().url}/invoices?list=draft`);
    await page.getByRole('link', { name: 'Jane Smith' }).click();
    await page.getByRole('heading', { name: 'Invoice INV-2026-001' }).waitFor();
    expect(await page.locator('table.lines').innerText()).toMatch(
      /Exterior windows\s+\$200\.00\s+\$200\.00\s+Screens\s+22 × \$4\.00\s+\$88\.00\s+Total\s+\$288\.00$/,
    );
    expect(await page.getByLabel('Send to').inputValue()).toBe('jane.smith@example.com');
    await page.getByRole('button', { name: 'Send invoice' }).click();
    await page.getByRole('status').getByText('The invoice is on its way.').waitFor();
    expect(await newestMail('jane.smith@example.com')).toContain(
      'Amount due: $288.00\nDue by: December 18, 2026',
    );
    expect(await facts(page)).toContain('jane.smith@example.com');

    const amount = page.getByLabel('Money received, in USD');
    expect(await amount.inputValue()).toBe('288.00');
    await amount.fill('$100');
    await page.getByLabel('How it came').selectOption('cash');
    await page.getByLabel('Note (may').fill('Cash');
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.getByRole('status').getByText('The payment is recorded.').waitFor();
    expect(await page.locator('main').innerText()).toContain('$188.00 of $288.00 due by Fri, Dec 18, 2026');
    expect(await page.locator('#payments + ul').innerText()).toMatch(/\$100\.00 in cash PAY-1\s.* · Cash$/s);
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.getByText('Still due').waitFor();
    expect(await read(bright.owner, 'invoices', { id: 'INV-2026-001' })).toMatchObject([
      { status: 'paid', paid_cents: 28_800 },
    ]);
    expect(await page.getByRole('button', { name: 'Record payment' }).count()).toBe(0);
  });

  test('only a closed visit offers to bill it, and only to whoever writes bills', async () => {
    const { bright, done, send } = pages();
    const book = { contact_id: 'C-1001', scheduled_at: '2026-11-20T09:00' };
    const { reference } = await done(bright.owner, 'ticket.create', {
      ...book,
      technician_ids: [String(bright.people.Theo?.id)],
    });
    const offers = async (email: string) => {
      const session = await pages().signIn(email);
      const shown = await send(`/tickets/${String(reference)}`, { session });
      expect(shown.status).toBe(200);
      return (await shown.text()).includes('Bill');
    };
    expect(await offers(dana)).toBe(false);
    const close = { ticket_id: reference, duration_minutes: 90, notes: '', next_service: 'no' };
    await done(bright.owner, 'ticket.close', close);
    expect([await offers(dana), await offers(theo)]).toEqual([true, false]);
  });

  test('a customer without an e-mail address is asked for one there, which is kept', async () => {
    const { done, bright, read } = pages();
    await done(bright.owner, 'invoice.create_from_ticket', { ticket_id: 'T-2002' });
    const [draft] = await read(bright.owner, 'invoices', { filter: 'draft' });
    const { page } = await openAs(dana, { javaScript: false });
    await page.goto(`${pages().url}/invoices/${String(draft?.reference)}`);
    await page.getByText('The customer has no e-mail address yet; this one is kept with them.').waitFor();
    await page.getByLabel('Send to').fill('hart@example.com');
    await page.getByRole('button', { name: 'Send invoice' }).click();
    await page.getByText('The invoice is on its way.').waitFor();
    expect(await read(bright.owner, 'contacts', { id: 'C-1002' })).toMatchObject([
      { email: 'hart@example.com' },
    ]);
  });

  test('what is refused is said beside the forms, with what was typed', async () => {
    const reference = await sentBill();
    const { page } = await openAs(dana, { javaScript: false });
    await page.goto(`${pages().url}/invoices/${reference}`);
    const amount = page.getByLabel('Money received, in USD');
    for (const [typed, problem] of [
      ['a lot', 'Write the amount like 120 or 120.50.'],
      ['1.234', 'Write the amount like 120 or 120.50.'],
    ] as const) {
      await amount.fill(typed);
      await page.getByLabel('Note (may').fill('Check 1042');
      await page.getByRole('button', { name: 'Record payment' }).click();
      expect(await page.getByRole('alert').innerText()).toBe(problem);
      expect(await amount.inputValue()).toBe(typed);
      expect(await page.getByLabel('Note (may').inputValue()).toBe('Check 1042');
    }
    expect(await invoice(reference)).toMatchObject({ status: 'sent', paid_cents: 0 });
    await amount.fill('120');
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.getByText('The payment is recorded.').waitFor();
    expect(await invoice(reference)).toMatchObject({ status: 'paid' });
  });

  test('who comes too late with a payment reads what the invoice is now, and the money is kept', async () => {
    const reference = await sentBill();
    const { page } = await openAs(dana);
    await page.goto(`${pages().url}/invoices/${reference}`);
    const { done, bright } = pages();
    await done(bright.owner, 'invoice.void', { invoice_id: reference, reason: 'Wrong customer' });
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.getByText(`${reference} is void: $120.00 is to be given back`).waitFor();
    expect(await page.getByRole('button', { name: 'Record payment' }).count()).toBe(0);
    expect(await invoice(reference)).toMatchObject({ status: 'void', paid_cents: 12_000 });
  });

  test('what came for the wrong bill is given to the right one, and what was too much is given back', async () => {
    const [wrong, right] = [await sentBill(), await sentBill()];
    const { page } = await openAs(dana, { javaScript: false });
    await page.goto(`${pages().url}/invoices/${wrong}`);
    await page.getByLabel('Money received, in USD').fill('150');
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.getByText('$30.00 is to be given back.', { exact: true }).waitFor();
    await page.getByText('It belongs to another bill').click();
    await page.getByLabel('The number of the other bill').fill('INV-2026-999');
    await page.getByRole('button', { name: 'Give it to that bill' }).click();
    expect(await page.getByRole('alert').first().innerText()).toContain('INV-2026-999');
    await page.getByLabel('The number of the other bill').fill(right);
    await page.getByRole('button', { name: 'Give it to that bill' }).click();
    await page.getByText(`The payment is on ${right} now.`).waitFor();
    expect(await invoice(wrong)).toMatchObject({ status: 'sent', paid_cents: 0 });
    await page.goto(`${pages().url}/invoices/${right}`);
    const refund = async (amount: string) => {
      await page.getByText('Give money back', { exact: true }).click();
      await page.getByLabel('How much, in USD').fill(amount);
      await page.getByLabel('How', { exact: true }).selectOption('check');
      await page.getByRole('button', { name: 'Give back' }).click();
    };
    await refund('150.01');
    expect(await page.getByRole('alert').first().innerText()).toMatch(/Only \$150\.00 of PAY-\d+ is left/);
    await page.goto(`${pages().url}/invoices/${right}`);
    await refund('30');
    await page.getByText('It is written down as given back.').waitFor();
    expect(await page.locator('#payments + ul').innerText()).toContain('$30.00 given back');
    expect(await invoice(right)).toMatchObject({ status: 'paid', paid_cents: 12_000, refunded_cents: 3000 });
  });

  test('a draft is changed and cancelled, and a sent invoice is voided, with a reason', async () => {
    const { done, bright } = pages();
    const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
    const made = await done(bright.owner, 'invoice.create', { contact_id: 'C-1001', lines });
    const draft = String(made.reference);
    const { page } = await openAs(dana);
    await page.goto(`${pages().url}/invoices/${draft}`);
    await page.getByText('Due date, discount and notes').click();
    await page.getByLabel('Due on').fill('2026-11-30');
    await page.getByLabel('Notes on the invoice').fill('Cash is fine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The draft is saved.').waitFor();
    expect(await invoice(draft)).toMatchObject({ due_on: '2026-11-30', notes: 'Cash is fine' });
    await page.getByText('Cancel this draft').click();
    await page.getByLabel('Why').fill('Not owed');
    await page.getByRole('button', { name: 'Cancel draft' }).click();
    await page.getByText('The draft is cancelled.').waitFor();
    expect(await invoice(draft)).toMatchObject({ status: 'cancelled', end_reason: 'Not owed' });

    const sent = await sentBill();
    await page.goto(`${pages().url}/invoices/${sent}`);
    await page.getByText('Void this invoice').click();
    await page.getByLabel('Why').fill('Wrong price');
    await page.getByRole('button', { name: 'Void invoice' }).click();
    await page.getByText('The invoice is void.').waitFor();
    expect(await invoice(sent)).toMatchObject({ status: 'void', end_reason: 'Wrong price' });
    expect(await page.getByRole('button', { name: /^(?:Void|Send|Record payment)/ }).count()).toBe(0);
  });

  test('a draft is written line by line, what is refused stands at its line, and then it is issued', async () => {
    const { done, bright } = pages();
    const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
    const made = await done(bright.owner, 'invoice.create', { contact_id: 'C-1001', lines });
    const draft = String(made.reference);
    const { page } = await openAs(dana, { javaScript: false });
    await page.goto(`${pages().url}/invoices/${draft}`);
    const fold = (title: string) => page.locator('details', { has: page.getByText(title, { exact: true }) });
    const adding = fold('Add a line');
    await adding.getByText('Add a line').click();
    await adding.getByLabel('For what').fill('Awning');
    await adding.getByLabel('How many').fill('2');
    await adding.getByLabel('Price of one').fill('a lot');
    await adding.getByRole('button', { name: 'Add' }).click();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual(['Write the amount like 120 or 120.50.']);
    expect(await adding.getByRole('alert').count()).toBe(1);
    expect(await adding.getByLabel('For what').inputValue()).toBe('Awning');
    await adding.getByLabel('Price of one').fill('40');
    await adding.getByLabel('Tax in percent').fill('8.25');
    await adding.getByRole('button', { name: 'Add' }).click();
    await page.getByText('The line is added.').waitFor();
    expect(await invoice(draft)).toMatchObject({ tax_cents: 660, total_cents: 2500 + 8660 });

    const awning = fold('Change “Awning”');
    await awning.getByText('Change “Awning”').click();
    await awning.getByLabel('How many').fill('3');
    await awning.getByRole('button', { name: 'Save line' }).click();
    await page.getByText('The line is changed.').waitFor();
    await done(bright.owner, 'invoice.update', { invoice_id: draft, discount_cents: 3000 });
    await page.reload();
    await fold('Change “Awning”').getByText('Change “Awning”').click();
    await fold('Change “Awning”').getByRole('button', { name: 'Take it off' }).click();
    expect(await fold('Change “Awning”').getByRole('alert').innerText()).toBe(
      'A discount of $30.00 is more than the $25.00 it is taken off.',
    );
    await page.goto(`${pages().url}/invoices/${draft}`);
    await fold('Change “Ladder rental”').getByText('Change “Ladder rental”').click();
    await fold('Change “Ladder rental”').getByRole('button', { name: 'Take it off' }).click();
    await page.getByText('The line is taken off.').waitFor();
    expect(await page.locator('table.lines').innerText()).toMatch(
      /Awning \+ 8\.25 % tax\s+3 × \$40\.00\s+\$120\.00\s+Tax\s+\$9\.90\s+Discount\s+-\$30\.00\s+Total\s+\$99\.90$/,
    );
    await page.getByText('Issue it without a mail').click();
    await page.getByRole('button', { name: 'Issue it', exact: true }).click();
    await page.getByText('The invoice is issued; give it to the customer yourself.').waitFor();
    expect(await page.getByText('Add a line').count()).toBe(0);
    expect(await invoice(draft)).toMatchObject({ status: 'sent', sent_at: null, total_cents: 9990 });
  });

  test('pressed twice, the same payment counts once', async () => {
    const reference = await sentBill();
    const session = await pages().signIn(dana);
    const number = '018f0000-0000-7000-8000-000000000001';
    const form = { csrf_token: await csrfOf(pages(), session), idempotency_key: number, amount: '50' };
    for (let press = 0; press < 2; press += 1) {
      const { status } = await pages().send(`/invoices/${reference}/payment`, { session, form });
      expect(status).toBe(303);
    }
    expect(await invoice(reference)).toMatchObject({ paid_cents: 5000 });
  });
});

test('the list shows what is owed, the longest due first, and marks what is overdue', async () => {
  const { setClock } = pages();
  const { page } = await openAs(dana);
  await page.goto(`${pages().url}/invoices`);
  expect(await page.locator('main .warning').count()).toBe(0);
  setClock('2026-12-20T08:00:00-06:00');
  await page.getByRole('link', { name: 'overdue' }).click();
  expect(await page.locator('main ul.list li').first().innerText()).toMatch(
    /overdue since Fri, Dec 18, 2026$/,
  );
  await page.getByRole('link', { name: 'paid', exact: true }).click();
  expect(await page.locator('main ul.list').innerText()).toContain('INV-2026-001');
  await page.getByRole('link', { name: 'draft', exact: true }).click();
  await page.getByText('No draft waits to be sent.').waitFor();
  setClock('2026-11-18T08:00:00-06:00');
});

test('technicians have no such pages, and other businesses none of ours', async () => {
  const reference = await sentBill();
  const paths = ['/invoices', `/invoices/${reference}`];
  const ask = async (email: string) => {
    const session = await pages().signIn(email);
    return Promise.all(paths.map(async path => (await pages().send(path, { session })).status));
  };
  expect(await ask(theo)).toEqual([403, 403]);
  expect(await ask('carla@clearview.example')).toEqual([200, 404]);
  expect(await ask(dana)).toEqual([200, 200]);
});

test.each(sizes)(
  'the pages fit $width × $height, by day and at night, and leave the console quiet',
  async size => {
    const long = await pages().done(pages().bright.owner, 'contact.create', {
      full_name: 'Bartholomew Featherstonehaugh-Cholmondeley of Owens Cross Roads',
      email: 'bartholomew.featherstonehaugh.cholmondeley@a-very-long-domain-name.example',
    });
    const reference = await sentBill(String(long.id), 123_456_789);
    for (const dark of [false, true]) {
      const { page, complaints } = await openAs(dana, { size, dark });
      for (const path of [
        '/invoices',
        '/invoices?list=all',
        '/invoices/INV-2026-001',
        `/invoices/${reference}`,
      ]) {
        expect((await page.goto(pages().url + path))?.status(), path).toBe(200);
        await openFolds(page);
        expect(await overflow(page), path).toBe(0);
      }
      expect(complaints).toEqual([]);
    }
  },
);

describe('the page of a new bill', () => {
  test('without JavaScript: Dana gets there with the plus, loses nothing she typed, and has a draft', async () => {
    const { page } = await openAs(dana, { javaScript: false });
    await page.goto(pages().url);
    await page.getByLabel('Add something').click();
    await page.getByRole('link', { name: 'New bill' }).click();
    await page.getByLabel('Customer').fill('Jane Smith');
    const first = page.getByRole('group', { name: 'Line 1' });
    await first.getByLabel('For what').fill('Squeegees');
    await first.getByLabel('How many').fill('2');
    await first.getByLabel('Price of one').fill('a lot');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByRole('alert').getByText('Write the amount like 120 or 120.50.').waitFor();
    expect(await first.getByLabel('Price of one').getAttribute('aria-invalid')).toBe('true');
    expect(await first.getByLabel('For what').inputValue()).toBe('Squeegees');
    await first.getByLabel('Price of one').fill('12.50');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByRole('status').getByText('is a draft; nobody has it yet.').waitFor();
    expect(await page.locator('table.lines').innerText()).toMatch(/Squeegees\s+2 × \$12\.50\s+\$25\.00/);
  });

  test.each(sizes)('fits $width × $height', async size => {
    const { page, complaints } = await openAs(dana, { size });
    await page.goto(`${pages().url}/invoices/new`);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('is not there for a technician', async () => {
    const send = async (who: string) =>
      (await pages().send('/invoices/new', { session: await pages().signIn(who) })).status;
    expect(await send(theo)).toBe(404);
    expect(await send(dana)).toBe(200);
  });
});

test('the page of an invoice leads to the bill on paper, which is the file that is mailed', async () => {
  const { page } = await openAs(dana);
  const reference = await sentBill();
  await page.goto(`${pages().url}/invoices/${reference}`);
  const address = await page.getByRole('link', { name: 'PDF' }).getAttribute('href');
  const answer = await page.request.get(new URL(String(address), page.url()).href);
  expect(answer.headers()).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${reference}.pdf"`,
  });
  expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
  const theos = await openAs(theo);
  const refused = await theos.page.request.get(new URL(String(address), page.url()).href);
  expect(refused.status()).toBe(403);
});
