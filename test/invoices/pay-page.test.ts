import { beforeAll, describe, expect, test } from 'vitest';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { answer } from '../support/reply.ts';
import { textOfEverything } from '../support/whole-database.ts';
import { draft, sent } from './billing.ts';
import { payPage, wordsOf } from './pay-pages.ts';

const front = useHttp();
const narrow = useHttp({ limits: { linkUsesPerMinute: 3 } });
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
  await panes.done(panes.olivia, 'organization.update_settings', {
    settings: {
      business_phone: '(256) 555-0100',
      how_to_pay: 'Checks to Bright Panes LLC.\nBank: Madison Savings, account ending in 0815.',
      payment_url: 'https://pay.brightpanes.example/bills',
    },
  });
});

const pageOf = (reference: string) => payPage(panes, front().url, reference);
const open = async (address: string) => {
  const response = await fetch(address);
  return { status: response.status, headers: response.headers, page: await response.text() };
};
const shown = async (reference: string) => wordsOf((await open(await pageOf(reference))).page);
const billOf = async (reference: string) =>
  (
    await panes.read(panes.dana, 'invoices', {
      id: reference,
      fields: ['status', 'paid_cents', 'total_cents', 'version'],
    })
  )[0];
const tasksOf = async (reference: string) =>
  panes.read(panes.dana, 'tasks', {
    params: { invoice_id: reference },
    fields: ['title', 'note', 'status', 'assignee_id'],
  });
const pay = (reference: string, amount_cents: number, more = {}) =>
  panes.done(panes.dana, 'invoice.record_payment', { invoice_id: reference, amount_cents, ...more });

describe('the page of a bill', () => {
  test('shows its payer what is due, what for, and how it is paid', async () => {
    const reference = await sent(panes);
    const { status, page, headers } = await open(await pageOf(reference));
    expect(status).toBe(200);
    const words = wordsOf(page);
    for (const said of [
      'Bright Panes Window Cleaning',
      `Bill ${reference}`,
      'To pay $662.00 Please pay by December 18, 2026.',
      'Go to our payment page',
      'Checks to Bright Panes LLC.',
      'For Jane Smith, 123 Main Street, Madison, AL 35758',
      'Screen Cleaning 20 × $5.00 $100.00',
      'Total $662.00',
      'Open the bill as a PDF',
      'Paid already?',
      'Or call us: (256) 555-0100',
    ])
      expect(words).toContain(said);
    for (const hidden of ['C-1001', 'T-2', 'jane.smith', '<script']) expect(page).not.toContain(hidden);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  test('shows the tax of each rate, what is taken off and what is paid, and asks for the rest', async () => {
    const invoice_id = await draft(panes);
    await panes.done(panes.dana, 'invoice.add_line', {
      invoice_id,
      description: 'Ladder',
      unit_price_cents: 10_000,
      tax_rate: 8.5,
    });
    await panes.done(panes.dana, 'invoice.update', { invoice_id, discount_cents: 2_050 });
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    await pay(invoice_id, 5_000, { method: 'check' });
    expect(await shown(invoice_id)).toMatch(
      /We received \$50\.00 by check on November 18, 2026\. Still to pay \$700\.00 .*Ladder 8\.5% tax \$100\.00 Subtotal \$762\.00 Tax 8\.5% of \$100\.00 \$8\.50 Discount -\$20\.50 Total \$750\.00 Paid -\$50\.00/,
    );
  });

  test('says kindly that it was due', async () => {
    const reference = await sent(panes);
    panes.setClock('2026-12-20T10:00:00-06:00');
    expect(await shown(reference)).toContain('It was due on December 18, 2026. Perhaps it was overlooked.');
    panes.setClock('2026-11-18T08:00:00-06:00');
  });

  test('thanks for what is paid, and asks for nothing more', async () => {
    const reference = await sent(panes);
    await pay(reference, 66_200, { method: 'cash' });
    const words = await shown(reference);
    expect(words).toContain('Paid, with thanks We received $662.00 in cash on November 18, 2026.');
    for (const asked of ['To pay', 'payment page', 'Paid already?', 'How to pay'])
      expect(words).not.toContain(asked);
  });

  test('of a bill that is void asks for nothing any more', async () => {
    const reference = await sent(panes);
    await panes.done(panes.olivia, 'invoice.void', { invoice_id: reference, reason: 'Wrong visit' });
    const words = await shown(reference);
    expect(words).toContain('This bill asks for nothing any more.');
    for (const asked of ['To pay', 'payment page', 'Paid already?', 'Wrong visit'])
      expect(words).not.toContain(asked);
  });

  test('says that a bank payment is on its way, and does not ask for it once more', async () => {
    const reference = await sent(panes);
    await asTableOwner(
      panes,
      `insert into payments (organization_id, id, reference, invoice_id, contact_id, amount_cents, currency, method, received_at, provider, status)
      select organization_id, uuid7(), 'PAY-' || id, id, contact_id, total_cents, currency, 'bank_transfer', now(), 'stripe', 'pending'
      from invoices where reference = $1 and organization_id = $2`,
      [reference, panes.bright.id],
    );
    const words = await shown(reference);
    expect(words).toContain('Your bank payment of $662.00 is on its way.');
    for (const asked of ['payment page', 'How to pay']) expect(words).not.toContain(asked);
    expect(await billOf(reference)).toMatchObject({ status: 'sent', paid_cents: 0 });
  });

  test('claims nothing of somebody who comes back from paying before it is confirmed', async () => {
    const reference = await sent(panes);
    const address = `${await pageOf(reference)}?came=paid`;
    const { page } = await open(address);
    expect(wordsOf(page)).toContain('We are waiting for the bank to confirm your payment.');
    expect(wordsOf(page)).toContain('Look again');
    expect(wordsOf(page)).not.toMatch(/with thanks|We received|payment page/);
    expect(page).toMatch(/<a [^>]*href="\?came=paid">Look again</);
    await pay(reference, 66_200, { method: 'card' });
    expect(wordsOf((await open(address)).page)).toContain('Paid, with thanks');
    expect(await billOf(reference)).toMatchObject({ status: 'paid' });
  });

  test('has one address, in every mail and however often it is sent', async () => {
    const reference = await sent(panes);
    const before = await pageOf(reference);
    await panes.done(panes.dana, 'invoice.send', { invoice_id: reference });
    expect(await pageOf(reference)).toBe(before);
    const [other] = [await sent(panes)];
    expect(await pageOf(other)).not.toBe(before);
  });

  test('has an address that no table, list or log has: the mail alone', async () => {
    const reference = await sent(panes);
    const address = await pageOf(reference);
    await open(address);
    const token = address.split('/').at(-1) ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    const rows = await panes.read(panes.olivia, 'outbox', { limit: 100 });
    const invoice_id = await draft(panes);
    const preview = await panes.act(panes.dana, 'invoice.send', { invoice_id }, { preview: true });
    expect(JSON.stringify(preview.data)).toContain('{{payment_link}}');
    const everything = await textOfEverything(panes.database.owner);
    for (const text of [everything, JSON.stringify(rows), JSON.stringify(preview), front().logs.join('')])
      expect(text).not.toContain(token);
    expect(front().logs.join('')).toContain('/pay/:token');
  });

  test('changes nothing however often mail scanners open it', async () => {
    const address = await pageOf(await sent(panes));
    const before = await textOfEverything(panes.database.owner);
    for (const method of ['GET', 'HEAD', 'GET'])
      for (const more of ['', '?came=paid', '?choice=pay', '?choice=paid', '/pdf'])
        expect((await fetch(address + more, { method })).status).toBe(200);
    expect(await textOfEverything(panes.database.owner)).toBe(before);
  });

  test('looks the same whether a link is over or never was, and slows down who opens one too often', async () => {
    const reference = await sent(panes);
    const address = await pageOf(reference);
    const over = async (at: string) => {
      const { status, page } = await open(at);
      return `${status} ${page}`;
    };
    const unknown = await over(`${front().url}/pay/${'A'.repeat(43)}`);
    expect(unknown).toMatch(/^404 /);
    await panes.database.owner.query(
      `update customer_links set expires_at = now() - interval '1 second' where purpose = 'pay' and subject_id in (select id from invoices where reference = $1)`,
      [reference],
    );
    expect(await over(address)).toBe(unknown);
    expect(await over(`${address}/pdf`)).toBe(unknown);
    expect(await over(`${(await pageOf(await sent(panes))).replace('/pay/', '/u/')}`)).toBe(unknown);
    const other = await stock(narrow().office);
    const often = await payPage(other, narrow().url, await sent(other));
    const statuses = [];
    for (let times = 0; times < 5; times++) statuses.push((await open(often)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  test('brings the bill on paper, with the same address on it', async () => {
    const response = await fetch(`${await pageOf(await sent(panes))}/pdf`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'content-disposition': expect.stringMatching(/^inline; filename="INV-2026-\d+\.pdf"$/),
    });
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });
});

describe('a payer who has paid already', () => {
  const said = { choice: 'paid', how: 'check', words: 'Check 1042, mailed on Monday' };

  test('tells the office, which has one thing to look after; no amount changes', async () => {
    const reference = await sent(panes);
    const address = await pageOf(reference);
    const before = await billOf(reference);
    const response = await answer(address, said);
    expect([response.status, wordsOf(await response.text())]).toEqual([
      200,
      expect.stringContaining('Thank you for telling us'),
    ]);
    expect(await tasksOf(reference)).toEqual([
      expect.objectContaining({
        title: expect.stringContaining(`Look whether ${reference} is paid: Jane Smith says so`),
        note: expect.stringMatching(/it is paid by check\.\nIn their words: «Check 1042, mailed on Monday»/),
        status: 'open',
      }),
    ]);
    expect(await billOf(reference)).toEqual(before);
    const [entry] = await panes.read(panes.olivia, 'audit_log', {
      params: { domain_action: 'invoice.say_paid' },
    });
    expect(entry).toMatchObject({ actor_kind: 'customer', actor_name: 'Jane Smith' });
  });

  test('may say it twice, and twice at once: it is one task, with what was said last', async () => {
    const reference = await sent(panes);
    const address = await pageOf(reference);
    const presses = await Promise.all([1, 2, 3].map(() => answer(address, said)));
    expect(presses.map(({ status }) => status)).toEqual([200, 200, 200]);
    await answer(address, { choice: 'paid', how: 'cash', words: 'To Theo' });
    const tasks = await tasksOf(reference);
    expect(tasks.map(({ note }) => String(note))).toEqual([expect.stringMatching(/in cash.*\n.*«To Theo»/)]);
  });

  test('is nothing to look after any more once the money is written down, and only then', async () => {
    const reference = await sent(panes);
    await answer(await pageOf(reference), said);
    await pay(reference, 10_000);
    expect((await tasksOf(reference)).map(({ status }) => status)).toEqual(['open']);
    await pay(reference, 56_200);
    expect((await tasksOf(reference)).map(({ status }) => status)).toEqual(['done']);
  });

  test('who says nothing is asked how; what is too long comes back to be shortened', async () => {
    const reference = await sent(panes);
    const address = await pageOf(reference);
    const empty = await answer(address, { choice: 'paid', how: '', words: ' ' });
    expect([empty.status, wordsOf(await empty.text())]).toEqual([
      400,
      expect.stringContaining('Please say how you have paid, or write us a few words.'),
    ]);
    const long = await answer(address, { choice: 'paid', how: 'cash', words: 'x'.repeat(1001) });
    const page = await long.text();
    expect(long.status).toBe(400);
    expect(page).toContain('x'.repeat(1001));
    expect(page).toMatch(/value="cash" checked/);
    const other = await answer(address, { choice: 'paid', how: 'gold' });
    expect(other.status).toBe(400);
    expect(await tasksOf(reference)).toEqual([]);
  });

  test('keeps no card number that somebody writes there', async () => {
    const reference = await sent(panes);
    await answer(await pageOf(reference), { choice: 'paid', words: 'With 4242 4242 4242 4242 by phone' });
    const [task] = await tasksOf(reference);
    expect(String(task?.note)).toContain('[REDACTED');
    expect(await textOfEverything(panes.database.owner)).not.toMatch(/4242 ?4242 ?4242/);
  });

  test('says nothing about a bill that is paid, void, or somebody else’s', async () => {
    const [paid, ended, mine, theirs] = [
      await sent(panes),
      await sent(panes),
      await sent(panes),
      await sent(panes),
    ];
    await pay(paid, 66_200);
    await panes.done(panes.olivia, 'invoice.void', { invoice_id: ended, reason: 'Wrong' });
    for (const reference of [paid, ended]) {
      const late = await answer(await pageOf(reference), said);
      expect([late.status, wordsOf(await late.text())]).toEqual([
        409,
        expect.stringContaining('Nothing is to be paid on this bill any more.'),
      ]);
      expect(await tasksOf(reference)).toEqual([]);
    }
    const token = (await pageOf(mine)).split('/').at(-1) ?? '';
    const of = (invoice_id: string) =>
      panes.act({ via: 'link', token }, 'invoice.say_paid', { invoice_id, how: 'cash' });
    expect((await refusal(of(theirs))).code).toBe('FORBIDDEN');
    expect(await tasksOf(theirs)).toEqual([]);
    expect((await of(mine)).status).toBe('done');
  });
});
