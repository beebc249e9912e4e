import { createHash } from 'node:crypto';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { type Paper, paperRow, writePaper } from '../../core/invoices/paper.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { deliveredMails } from '../support/delivered-mails.ts';
import { refusal } from '../support/refusal.ts';
import { draft, sent } from './billing.ts';

// The bill on paper (INV-16): what the customer prints, and what the tax office wants to read.

const panes = useBrightPanes();

const paperOf = async (invoice_id: unknown, who = panes().dana): Promise<Paper> => {
  const [row] = await panes().read(who, 'invoice_paper', { params: { invoice_id: String(invoice_id) } });
  return paperRow.parse(row);
};

/** The words of each page of a PDF. */
async function pagesOf(file: Buffer): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(file)));
  return text.map(page => page.replaceAll(/\s+/g, ' '));
}
const hash = (file: Buffer) => createHash('sha256').update(file).digest('hex');

const settings = (changed: Record<string, unknown>) =>
  panes().done(panes().olivia, 'organization.update_settings', { settings: changed });

describe('the paper of a bill', () => {
  test('says whose bill it is, for what, each tax apart, what was paid and how the rest is paid', async () => {
    const { dana, done } = panes();
    await settings({
      legal_name: 'Bright Panes LLC',
      postal_address: '12 Mill Road, Huntsville, AL 35801',
      tax_id: '12-3456789',
      how_to_pay: 'Checks to Bright Panes LLC.',
      payment_url: 'https://pay.brightpanes.example/',
      invoice_terms: 'Due within 30 days.',
    });
    const { reference } = await done(dana, 'invoice.create', {
      contact_id: 'C-1001',
      lines: [
        { description: 'Gutters', unit_price_cents: 15_000, tax_rate: 8.25 },
        { description: 'Screens', quantity: 20, unit_price_cents: 500, tax_rate: 4 },
        { description: 'Tip', unit_price_cents: 1_000 },
      ],
      discount_cents: 2_000,
      notes: 'Thank you, Jane!',
    });
    await done(dana, 'invoice.finalize', { invoice_id: reference });
    await done(dana, 'invoice.record_payment', { invoice_id: reference, amount_cents: 5_000 });
    const paper = await paperOf(reference);
    expect(paper).toMatchObject({
      stamp: null,
      business: {
        name: 'Bright Panes Window Cleaning',
        lines: expect.arrayContaining(['Tax ID 12-3456789']),
      },
      customer: { name: 'Jane Smith' },
      sums: [
        { label: 'Subtotal', value: '$260.00' },
        { label: 'Tax 4% of $100.00', value: '$4.00' },
        { label: 'Tax 8.25% of $150.00', value: '$12.38' },
        { label: 'Discount', value: '-$20.00' },
        { label: 'Total', value: '$256.38' },
        { label: 'Paid', value: '-$50.00' },
      ],
      due: { label: 'Amount due', value: '$206.38' },
    });
    const [words = ''] = await pagesOf(await writePaper(paper));
    for (const said of [
      'Bright Panes LLC',
      'Jane Smith',
      String(reference),
      'Screens 20 $5.00 4% $100.00',
      'Amount due $206.38',
      'Checks to Bright Panes LLC.',
      'https://pay.brightpanes.example/',
      'Thank you, Jane!',
      'Due within 30 days.',
    ])
      expect(words).toContain(said);
  });

  test('of a draft says that it is one, of a paid bill that it is paid, and neither asks to pay', async () => {
    const { dana, done } = panes();
    await settings({ how_to_pay: 'Checks to us.' });
    const reference = await draft(panes());
    expect(await paperOf(reference)).toMatchObject({ stamp: 'Draft', how_to_pay: null });
    await done(dana, 'invoice.send', { invoice_id: reference });
    expect(await paperOf(reference)).toMatchObject({ stamp: null, how_to_pay: 'Checks to us.' });
    await done(dana, 'invoice.record_payment', { invoice_id: reference, amount_cents: 66_200 });
    expect(await paperOf(reference)).toMatchObject({ stamp: 'Paid', due: null, how_to_pay: null });
  });

  test('is the same to the last byte while nothing changes, and another one when a word does', async () => {
    const paper = await paperOf(await sent(panes()));
    const [one, same, other] = await Promise.all(
      [paper, structuredClone(paper), { ...paper, notes: 'Thanks.' }].map(each => writePaper(each)),
    );
    expect(hash(same ?? Buffer.of())).toBe(hash(one ?? Buffer.of()));
    expect(hash(other ?? Buffer.of())).not.toBe(hash(one ?? Buffer.of()));
  });

  test('of sixty lines carries its sum from page to page, to the amount that is asked for', async () => {
    const lines = Array.from({ length: 60 }, (_, at) => ({
      description: `Window ${at + 1}, ${'second floor at the back '.repeat(at % 5)}`.trim(),
      unit_price_cents: 1_000,
    }));
    const { dana, done } = panes();
    const bill = { contact_id: 'C-1001', lines: lines.slice(0, 50) };
    const { reference } = await done(dana, 'invoice.create', bill);
    for (const line of lines.slice(50))
      await done(dana, 'invoice.add_line', { invoice_id: reference, ...line });
    const pages = await pagesOf(await writePaper(await paperOf(reference)));
    expect(pages.length).toBeGreaterThan(2);
    const sums = (label: string) =>
      pages.flatMap(page => new RegExp(`${label} (\\$[\\d,.]+)`).exec(page)?.[1] ?? []);
    const carried = sums('Carried over');
    expect(carried.length).toBeGreaterThan(1);
    expect(sums('Brought forward')).toEqual(carried);
    expect(pages.join(' ')).toContain('Total $600.00');
    for (let at = 1; at <= 60; at++) expect(pages.join(' ')).toContain(`Window ${at},`);
    expect(pages.at(-1)).toContain(`page ${pages.length} of ${pages.length}`);
  });

  test('writes names of every script, from right to left where they are read so', async () => {
    const paper = await paperOf(await sent(panes()));
    const names = [
      'שרה כהן',
      'فاطمة الزهراء',
      '王小明',
      '山田花子',
      '김민수',
      'Łukasz Żółć',
      'Ελένη',
      'Иван',
    ];
    const file = await writePaper({ ...paper, customer: { name: names.join(' · '), lines: names } });
    const [words = ''] = await pagesOf(file);
    for (const name of names.slice(2)) expect(words).toContain(name);
    // What reads a PDF gives what stands from right to left in one order or the other; the letters are there.
    const letters = (text: string) => [...text.normalize('NFKC')].sort().join('').trim();
    for (const name of names.slice(0, 2))
      for (const word of name.split(' ')) {
        const found = words.normalize('NFKC').split(' ').map(letters);
        expect(found).toContain(letters(word));
      }
  });

  test('of A4 where the business has said so', async () => {
    const reference = await sent(panes());
    const sizeOf = async () => {
      const proxy = await getDocumentProxy(new Uint8Array(await writePaper(await paperOf(reference))));
      return (await proxy.getPage(1)).view.slice(2).map(Math.round);
    };
    expect(await sizeOf()).toEqual([612, 792]);
    await settings({ paper_size: 'A4' });
    expect(await sizeOf()).toEqual([595, 842]);
  });

  test('is nobody’s of another business, and no technician’s', async () => {
    const { clear, theo, dana } = panes();
    const reference = await sent(panes());
    expect((await refusal(paperOf(reference, clear.owner))).code).toBe('NOT_FOUND');
    expect((await refusal(paperOf(reference, theo))).code).toBe('FORBIDDEN');
    expect(await paperOf(reference, dana)).toMatchObject({ reference });
  });

  test('does not tell where to pay by the word of an assistant', async () => {
    const { agent, act } = panes();
    for (const changed of [{ how_to_pay: 'To me.' }, { payment_url: 'https://evil.example/' }]) {
      const call = act(
        agent,
        'organization.update_settings',
        { settings: changed },
        { reasoning: 'A new bank' },
      );
      expect((await refusal(call)).code).toBe('FORBIDDEN');
    }
    expect(await paperOf(await sent(panes()))).not.toMatchObject({ how_to_pay: 'To me.' });
  });
});

test('the mail of a bill brings its paper along, as it was when it was sent', async () => {
  const { dana, done } = panes();
  const reference = await sent(panes());
  const paper = await paperOf(reference);
  await done(dana, 'invoice.record_payment', { invoice_id: reference, amount_cents: 1_000 });
  const mails = await deliveredMails(panes());
  const bill = mails.find(({ subject }) => subject === `Invoice ${reference}`);
  const [file] = bill?.attachments ?? [];
  expect(file).toMatchObject({
    filename: `${reference}.pdf`,
    content_type: 'application/pdf',
    encoding: 'base64',
  });
  // The sheet that goes to the payer leads to their page, as its words do.
  const pay_at = 'http://127.0.0.1:3000/pay';
  expect(hash(Buffer.from(file?.content ?? '', 'base64'))).toBe(hash(await writePaper(paper, { pay_at })));
  expect(await pagesOf(Buffer.from(file?.content ?? '', 'base64'))).toEqual([
    expect.stringContaining(pay_at),
  ]);
  expect(bill?.text).toContain(`Pay now: ${pay_at}`);
  expect(bill?.html).toContain(`href="${pay_at}"`);
  expect(paper.stamp).toBeNull();
});
