import { beforeAll, describe, expect, test } from 'vitest';
import { mailsTo } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What a company that pays bills owes and why: of itself, and of the people whose bills it pays.

const panes = useBrightPanes();
const reasoning = 'Their bookkeeper asked for it';
const company_id = 'Bright Offices';

async function bill(data: Record<string, unknown>, cents: number): Promise<string> {
  const { done, dana } = panes();
  const lines = [{ description: 'Windows', unit_price_cents: cents }];
  const { reference } = await done(dana, 'invoice.create', { ...data, lines });
  await done(dana, 'invoice.finalize', { invoice_id: reference });
  return String(reference);
}

beforeAll(async () => {
  const { done, dana, olivia } = panes();
  await done(dana, 'company.create', {
    name: 'Bright Offices',
    legal_name: 'Bright Offices Inc',
    billing_email: 'books@brightoffices.example',
  });
  await done(dana, 'address.create', {
    company_id,
    type: 'billing',
    line1: '1 Tower Square',
    city: 'Huntsville',
  });
  await done(dana, 'company.create', { name: 'Nobody Known Ltd', main_phone: '(256) 555-0190' });
  const first = await bill({ company_id }, 30_000);
  await bill({ company_id, contact_id: 'Jane Smith' }, 12_000);
  await bill({ contact_id: 'Jane Smith', company_id: null }, 700);
  await done(olivia, 'invoice.record_payment', { invoice_id: first, amount_cents: 10_000, note: 'Check 8' });
});

const read = (params: Record<string, unknown>) => panes().read(panes().dana, 'statement', { params });

describe('the statement of a company', () => {
  test('has what it pays for itself and for its people, and its people owe their own bills alone', async () => {
    expect(await read({ company_id })).toMatchObject([
      {
        contact: null,
        company: 'CO-101',
        customer: 'Bright Offices Inc',
        closing_cents: 32_000,
        entries: [{ amount_cents: 30_000 }, { amount_cents: 12_000 }, { kind: 'payment' }],
      },
    ]);
    expect(await read({ contact_id: 'Jane Smith' })).toMatchObject([
      { contact: 'C-1001', company: null, closing_cents: 700 },
    ]);
  });

  test('is for a customer or for a company: neither and both are refused, and say what to give', async () => {
    for (const params of [{}, { company_id, contact_id: 'Jane Smith' }])
      expect(await refusal(read(params))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'contact_id',
        hint: expect.stringContaining('company_id'),
      });
  });

  test('nobody reads that of another business', async () => {
    const { clear } = panes();
    const theirs = panes().read(clear.owner, 'statement', { params: { company_id: 'CO-101' } });
    expect(await refusal(theirs)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('goes to its address for bills, with its legal name and address on the paper', async () => {
    const { done, agent } = panes();
    expect(await done(agent, 'statement.send', { company_id }, { reasoning })).toMatchObject({
      customer: 'Bright Offices Inc',
      balance: '$320.00',
      told: 'mailed to «books@brightoffices.example»',
    });
    const [mail] = await mailsTo(panes(), 'books@brightoffices.example');
    expect(mail).toMatchObject({
      text: expect.stringContaining('Balance: $320.00 to be paid'),
      account: {
        reference: 'CO-101',
        customer: { name: 'Bright Offices Inc', lines: ['1 Tower Square', 'Huntsville'] },
        facts: expect.arrayContaining([{ label: 'Company', value: 'CO-101' }]),
      },
    });
  });

  test('of one without an address for mail is not sent, and says what to do', async () => {
    const { act, dana } = panes();
    const asked = { company_id: 'Nobody Known' };
    expect(await refusal(act(dana, 'statement.send', asked))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'email',
      hint: expect.stringContaining('page of the company'),
    });
    const elsewhere = { ...asked, email: 'their.books@example.com' };
    expect((await act(dana, 'statement.send', elsewhere)).data.told).toBe(
      'mailed to «their.books@example.com»',
    );
  });
});
