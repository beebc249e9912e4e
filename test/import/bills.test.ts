import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const office = useBrightPanes();
const owner = () => office().olivia;
const bring = (content: string, more: Record<string, unknown> = {}) =>
  office().done(owner(), 'import.csv', { content, answers: { unknown_customers: 'make' }, ...more });
const billsOf = (contact: string) =>
  office().read(owner(), 'invoices', {
    params: { contact_id: contact },
    fields: [
      'reference',
      'foreign_number',
      'status',
      'issued_on',
      'due_on',
      'total_cents',
      'tax_cents',
      'paid_cents',
      'is_reminded',
      'billing_name',
    ],
    include: ['lines', 'balance'],
    sort: 'due_on',
  });
const count = async (table: string) =>
  Number((await office().database.owner.query(`select count(*) as n from ${table}`)).rows[0]?.n);

const heading =
  'Invoice #,Client name,Client email,Issued date,Due date,Line items,Tax,Total,Balance,Date paid,Payment method,Status\n';
const paid =
  '4711,Jane Smith,jane.smith@example.com,04/13/2024,05/13/2024,Gutters and windows,$12.50,"$1,262.50",$0.00,04/20/2024,Check 77,Paid\n';
const open =
  '4712,Jane Smith,jane.smith@example.com,06/01/2024,07/01/2024,Windows,,$200.00,$150.00,06/05/2024,cash,Overdue\n';
const ended = '4713,Jane Smith,jane.smith@example.com,06/02/2024,,Windows,,$90.00,$90.00,,,Void\n';
const draft = '4714,Jane Smith,jane.smith@example.com,06/03/2024,,Windows,,$90.00,$90.00,,,Draft\n';
const file = heading + paid + open + ended + draft;

describe('bills of the program used before', () => {
  test('are known by their columns, and customers nobody knows are asked about', async () => {
    const stranger = '4719,Nora Newman,nora@example.com,06/03/2024,,Windows,,$90.00,$90.00,,,Sent\n';
    const preview = await office().done(owner(), 'import.preview_csv', { content: file + stranger });
    expect(preview).toMatchObject({
      kind: 'invoices',
      mapping: {
        'Invoice #': 'id',
        'Client name': 'customer.full_name',
        'Issued date': 'issued',
        'Due date': 'due',
        'Line items': 'lines',
        Balance: 'balance',
        'Date paid': 'paid_on',
        'Payment method': 'method',
      },
      questions: [{ answer: 'unknown_customers', examples: ['Nora Newman'] }],
    });
  });

  test('come in as they were: paid, open in part, void; a draft is nobody’s bill', async () => {
    const before = {
      jobs: await count('jobs'),
      mails: await count('scheduled_messages'),
      tasks: await count('tasks'),
    };
    const report = await bring(file);
    expect(report).toMatchObject({
      kind: 'invoices',
      rows_read: 4,
      taken_rows: 3,
      created: 3,
      refused_rows: 1,
    });
    expect(report.refused).toMatchObject([{ row: 5, reason: expect.stringContaining('draft') }]);
    const [first, second, third] = await billsOf('Jane Smith');
    expect([first, second, third].map(bill => bill?.foreign_number)).toEqual(['4711', '4712', '4713']);
    expect(first).toMatchObject({
      reference: 'INV-0000-1',
      status: 'paid',
      issued_on: '2024-04-13',
      due_on: '2024-05-13',
      total_cents: 126_250,
      tax_cents: 1250,
      paid_cents: 126_250,
      billing_name: 'Jane Smith',
      lines: [{ description: 'Gutters and windows', subtotal_cents: 125_000, tax_cents: 1250, tax_rate: 1 }],
    });
    expect(second).toMatchObject({
      status: 'partial',
      paid_cents: 5000,
      is_reminded: false,
      balance: { due_cents: 15_000 },
    });
    expect(third).toMatchObject({ status: 'void', paid_cents: 0 });
    // History: nobody is told, and nothing waits.
    expect({
      jobs: await count('jobs'),
      mails: await count('scheduled_messages'),
      tasks: await count('tasks'),
    }).toEqual(before);
  });

  test('take none of our own numbers', async () => {
    const ours = await office().done(owner(), 'invoice.create', {
      contact_id: 'C-1001',
      lines: [{ description: 'Windows', quantity: 1, unit_price_cents: 100 }],
    });
    expect(ours.reference).toMatch(/^INV-20\d\d-001$/);
  });

  test('stand where bills of ours stand: what is owed, money received, found by the number they had', async () => {
    const owed = await office().read(owner(), 'analytics_open', {});
    expect(JSON.stringify(owed)).toContain('15000');
    const received = await office().read(owner(), 'analytics_received', {
      params: { from: '2024-04-01', to: '2024-06-30', step: 'quarter' },
    });
    expect(JSON.stringify(received)).toContain(String(126_250 + 5000));
    const payments = await office().read(owner(), 'payments', {
      params: { from: '2024-04-20', to: '2024-04-20' },
    });
    expect(payments).toMatchObject([{ method: 'check', amount_cents: 126_250 }]);
    const statement = await office().read(owner(), 'statement', {
      params: { contact_id: 'C-1001', from: '2024-01-01', to: '2024-12-31' },
    });
    expect(statement).toMatchObject([{ closing_cents: 15_000, overdue_cents: 15_000 }]);
    const found = await office().read(owner(), 'search', { search: '4711' });
    expect(JSON.stringify(found)).toContain('INV-0000-1');
  });

  test('are here already the second time', async () => {
    expect(await bring(file)).toMatchObject({ taken_rows: 0, matched_rows: 3, refused_rows: 1, created: 0 });
  });

  test('are taken back with their payments, but for one that something was done about since', async () => {
    const rows =
      '5001,Jane Smith,,04/13/2023,,Windows,,$10.00,$0.00,04/14/2023,,Paid\n5002,Jane Smith,,04/15/2023,,Windows,,$20.00,$20.00,,,Sent\n';
    const { import: import_id } = await bring(heading + rows);
    await office().done(owner(), 'invoice.record_payment', {
      invoice_id: (await billsOf('Jane Smith')).find(bill => bill.foreign_number === '5002')?.reference,
      amount_cents: 2000,
    });
    const refused = await refusal(office().done(owner(), 'import.undo', { import_id: String(import_id) }));
    expect(refused).toMatchObject({ code: 'INVALID_STATE' });
    expect(JSON.stringify(refused)).toContain('changed since');
    const before = await count('payments');
    const back = await office().done(owner(), 'import.undo', {
      import_id: String(import_id),
      as_far_as_possible: true,
    });
    expect(back).toMatchObject({
      others_removed: 1,
      stays: [expect.stringMatching(/^INV-0000-\d: changed since$/)],
    });
    expect(await count('payments')).toBe(before - 1);
    expect((await billsOf('Jane Smith')).map(bill => bill.foreign_number)).not.toContain('5001');
  });
});

describe('a row that cannot be a bill is refused, and says why', () => {
  const why = async (row: string, more: Record<string, unknown> = {}) => {
    const report = await bring(heading + row, { dry_run: true, kind: 'invoices', ...more });
    return JSON.stringify(report.refused);
  };
  const row = (change: Record<string, string>) => {
    const names = heading.trim().split(',');
    const cells =
      paid
        .trim()
        .match(/("[^"]*"|[^,]*)(?:,|$)/g)
        ?.map(cell => cell.replace(/,$/, '')) ?? [];
    return `${names.map((name, index) => change[name] ?? cells[index]).join(',')}\n`;
  };

  test('as it stands, the row is taken', async () => {
    expect(await why(row({ 'Invoice #': '9000' }))).toBe('[]');
  });

  test.each([
    ['a day to come', { 'Issued date': '04/13/2031' }, 'day to come'],
    ['no day', { 'Issued date': '' }, 'does not say of which day'],
    ['less than nothing', { Total: '-$5.00' }, 'less than nothing'],
    ['other money', { Total: '€10.00' }, 'keeps its books in USD'],
    ['paid, and still due', { Balance: '$5.00' }, 'still due'],
    ['more due than it comes to', { Balance: '$5000.00', Status: '' }, 'More is due'],
    [
      'a status nobody knows',
      { Balance: '', 'Date paid': '', Status: 'Maybe' },
      'nobody says whether it was paid',
    ],
    ['more tax than it comes to', { Tax: '$5000.00' }, 'tax is more'],
    ['nobody', { 'Client name': '', 'Client email': '' }, 'does not say whose'],
  ])('%s', async (_, change, reason) => {
    expect(await why(row({ 'Invoice #': '9000', ...change }))).toContain(reason);
  });

  test('a file that does not say whether anything was paid is asked about', async () => {
    const content = 'Invoice #,Client name,Invoice date,Total\n6001,Jane Smith,2024-02-03,10.00\n';
    const refused = await refusal(bring(content));
    expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', field: 'answers.bills' });
    const report = await bring(content, { answers: { bills: 'paid' } });
    expect(report).toMatchObject({ created: 1 });
    expect((await billsOf('Jane Smith')).find(bill => bill.foreign_number === '6001')).toMatchObject({
      status: 'paid',
    });
  });
});

test('the lines of a bill may be rows of their own, and decimals may be commas', async () => {
  const content = [
    'Invoice #;Customer;Invoice date;Item;Line amount;Tax;Total;Status',
    '7001;Mrs Hart;13.04.2024;Windows;1.000,00;80,00;1.080,00;paid',
    '7001;Mrs Hart;13.04.2024;Screens;0,00;80,00;1.080,00;paid',
    '7002;Mrs Hart;14.04.2024;Windows;10,00;;30,00;open',
    '7002;Mrs Hart;14.04.2024;Screens;20,00;;30,00;open',
  ].join('\n');
  expect(await bring(content)).toMatchObject({ kind: 'invoices', rows_read: 4, taken_rows: 4, created: 2 });
  const bills = await billsOf('Mrs Hart');
  expect(bills).toMatchObject([
    {
      foreign_number: '7001',
      total_cents: 108_000,
      lines: [{ total_cents: 108_000 }, { description: 'Screens', total_cents: 0 }],
    },
    { foreign_number: '7002', total_cents: 3000, lines: [{ total_cents: 1000 }, { total_cents: 2000 }] },
  ]);
});

test('nobody of the other business sees them, and a technician brings none', async () => {
  expect(await office().read(office().clear.owner, 'invoices', {})).toEqual([]);
  expect(await refusal(office().done(office().tess, 'import.csv', { content: file }))).toMatchObject({
    code: 'FORBIDDEN',
  });
});
