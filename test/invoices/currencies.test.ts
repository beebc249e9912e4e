import { beforeAll, describe, expect, test } from 'vitest';
import { moneyText } from '../../core/kernel/database/money-text.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { decimalsOf, formatMoney, moneyLike, plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { csrfOf, usePages } from '../support/pages.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// ISO 4217 says how many decimals a currency has (CFL-22): most two, yen none, Kuwaiti dinars three.

const panes = useBrightPanes();
const pages = usePages();

describe('an amount', () => {
  test.each([
    ['USD', 123_456, '$1,234.56', '1234.56'],
    ['JPY', 123_456, '¥123,456', '123456'],
    ['KWD', 123_456, 'KWD 123.456', '123.456'],
    ['HUF', 123_456, 'HUF 1,234.56', '1234.56'],
  ])('in %s is read and written with the decimals of its currency', (currency, minor, words, plain) => {
    expect(formatMoney(minor, currency).replace(/\s/g, ' ')).toBe(words);
    expect(plainMoney(minor, currency)).toBe(plain);
    expect(readMoney(plain, currency)).toBe(minor);
  });

  test.each([
    ['12.345', 'KWD', 12_345],
    ['12.3', 'KWD', 12_300],
    ['1,200', 'JPY', 1_200],
    ['¥1200', 'JPY', 1_200],
    ['$1,200.5', 'USD', 120_050],
    ['12.345', 'USD', undefined],
    ['1200.5', 'JPY', undefined],
    ['1.2345', 'KWD', undefined],
    ['-5', 'USD', undefined],
    ['', 'USD', undefined],
  ])('“%s” in %s comes to %s', (text, currency, minor) => {
    expect(readMoney(text, currency)).toBe(minor);
  });

  test('is said to be written as its currency is', () => {
    expect(['USD', 'JPY', 'KWD'].map(moneyLike)).toEqual(['120 or 120.50', '1200', '120 or 120.500']);
  });

  test.each(Intl.supportedValuesOf('currency'))(
    'in %s reads the same out of the database',
    async currency => {
      const { rows } = await panes().database.owner.query<{ words: string }>(
        ...asText(moneyText(sql`1234567::bigint`, sql`${currency}::text`)),
      );
      const digits = decimalsOf(currency);
      expect(rows[0]?.words).toBe(
        (1_234_567 / 10 ** digits).toLocaleString('en-US', { minimumFractionDigits: digits }),
      );
    },
  );
});

const asText = (words: { text: string; values: readonly unknown[] }): [string, unknown[]] => [
  `select ${words.text} as words`,
  [...words.values],
];

describe.each([
  { currency: 'JPY', price: '3000', minor: 3_000, total: '¥9,900', refused: '1200.50', like: '1200' },
  {
    currency: 'KWD',
    price: '12.345',
    minor: 12_345,
    total: 'KWD 40.739',
    refused: '1.2345',
    like: '120 or 120.500',
  },
])('a business that counts in $currency', ({ currency, price, minor, total, refused, like }) => {
  const lines = [{ description: 'Windows', quantity: 3, unit_price: price, tax_rate: 10 }];

  beforeAll(async () => {
    for (const office of [panes(), pages()])
      await asTableOwner(office, 'update organizations set currency = $2 where id = $1', [
        office.bright.id,
        currency,
      ]);
  });

  test('bills, prints, mails, is paid and gives back in it, to the smallest unit', async () => {
    const { act, agent, done, olivia, dana, read } = panes();
    const made = await act(agent, 'invoice.create', { contact_id: 'C-1001', lines });
    expect(made).toMatchObject({
      data: {
        currency,
        subtotal_cents: 3 * minor,
        tax_cents: Math.round(0.3 * minor),
        lines: [{ unit_price_cents: minor }],
      },
      meant: { unit_price: formatMoney(minor, currency) },
    });
    const invoice_id = String(made.data.reference);
    const [paper] = await read(olivia, 'invoice_paper', { params: { invoice_id } });
    const plain = (value: unknown) => JSON.stringify(value).replace(/\u00a0/g, ' ');
    expect(plain(paper)).toContain(`{"label":"Total","value":"${total}"}`);
    await done(dana, 'invoice.send', { invoice_id, email: 'jane.smith@example.com' });
    const mails = await read(olivia, 'outbox', { params: { kind: 'email' }, limit: 1 });
    expect(plain(mails)).toContain(`Total: ${total}`);
    const [found] = await read(olivia, 'search', { search: invoice_id });
    expect(plain(found)).toContain(total);
    const { payment } = await done(olivia, 'invoice.record_payment', { invoice_id, amount: price });
    expect(await read(olivia, 'payments', { id: String(payment) })).toMatchObject([
      { amount_cents: minor, currency },
    ]);
    const [line] = await read(olivia, 'timeline', { params: { contact_id: 'C-1001', kind: 'payment' } });
    expect(plain(line)).toContain(formatMoney(minor, currency).replace(/^[^\d]+/, ''));
    const back = await done(olivia, 'payment.refund', {
      payment_id: String(payment),
      amount_cents: 1,
      reason: 'goodwill',
    });
    expect(back).toMatchObject({ amount_cents: 1, left_cents: minor - 1 });
  });

  test('refuses a part of its smallest unit, and says how amounts are written', async () => {
    const { act, agent } = panes();
    const broken = [{ description: 'Windows', unit_price: refused }];
    expect(
      await refusal(act(agent, 'invoice.create', { contact_id: 'C-1001', lines: broken })),
    ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'lines.0.unit_price_cents' });
  });

  test('types and reads its amounts on the pages', async () => {
    const { send, signIn, done, bright, read } = pages();
    const { reference } = await done(bright.owner, 'invoice.create', {
      contact_id: (await done(bright.owner, 'contact.create', { full_name: `Ann ${currency}` })).id,
      lines,
    });
    const session = await signIn('dana@brightpanes.example');
    const page = await (await send(`/invoices/${reference}`, { session })).text();
    expect(page.replace(/\u00a0|&nbsp;/g, ' ')).toContain(total);
    expect(page).toContain(`value="${price}"`);
    const post = async (amount: string) =>
      send(`/invoices/${reference}/payment`, {
        session,
        form: { csrf_token: await csrfOf(pages(), session), amount },
      });
    await done(bright.owner, 'invoice.finalize', { invoice_id: reference });
    expect(await (await post(refused)).text()).toContain(`Write the amount like ${like}.`);
    await post(price);
    expect(await read(bright.owner, 'payments', { params: { invoice_id: reference } })).toMatchObject([
      { amount_cents: minor },
    ]);
  });
});
