import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { closedVisit, mailsTo } from './billing.ts';

const panes = useBrightPanes();
const lines = [{ description: 'Ladder rental', unit_price_cents: 12_000 }];
const bills = 'bills@brightoffices.example';
const office = { line1: '1 Commerce Plaza', line2: 'Suite 400', city: 'Huntsville', state: 'AL' };

beforeAll(async () => {
  const { done, dana } = panes();
  await done(dana, 'company.create', {
    name: 'Bright Offices',
    legal_name: 'Bright Offices Holding LLC',
    billing_email: bills,
  });
  await done(dana, 'address.create', { company_id: 'CO-101', type: 'service', line1: '9 Mill Lane' });
  await done(dana, 'address.create', {
    company_id: 'CO-101',
    type: 'billing',
    ...office,
    postal_code: '35801',
  });
  await done(dana, 'company.create', { name: 'Nobody Known Ltd', main_phone: '(256) 555-0190' });
});

const make = async (more: Record<string, unknown>) => {
  const { reference } = await panes().done(panes().dana, 'invoice.create', { lines, ...more });
  return String(reference);
};

const billOf = async (id: string, include = ['payer', 'company', 'customer']) =>
  (await panes().read(panes().olivia, 'invoices', { id, include }))[0] ?? {};

const paperOf = async (invoice_id: string) =>
  (await panes().read(panes().olivia, 'invoice_paper', { params: { invoice_id } }))[0] ?? {};

describe('a company that pays', () => {
  const asBilled = {
    name: 'Bright Offices Holding LLC',
    address: '1 Commerce Plaza\nSuite 400\nHuntsville, AL 35801',
    email: bills,
    is_company: true,
  };

  test('is whom a bill is made out to and mailed to; the customer stays whom we know there', async () => {
    const { done, dana } = panes();
    const invoice_id = await make({ contact_id: 'Jane Smith', company_id: 'Bright Offices' });
    expect(await billOf(invoice_id)).toMatchObject({
      payer: asBilled,
      customer: { reference: 'C-1001' },
      company: { reference: 'CO-101' },
      // Of a draft nothing is written down yet.
      billing_name: null,
    });
    await done(dana, 'invoice.send', { invoice_id });
    expect(await billOf(invoice_id)).toMatchObject({
      status: 'sent',
      sent_to: bills,
      billing_name: asBilled.name,
      billing_address: asBilled.address,
      billing_email: bills,
    });
    const [mail] = await mailsTo(panes(), bills);
    expect(mail).toMatchObject({ text: expect.stringMatching(/^Hello Jane Smith,/) });
    expect(await paperOf(invoice_id)).toMatchObject({
      customer: { name: asBilled.name, lines: asBilled.address.split('\n') },
    });
  });

  test('of which we know nobody is billed, mailed, and pays all the same', async () => {
    const { done, dana, olivia, read } = panes();
    const invoice_id = await make({ company_id: 'CO-101' });
    expect(await billOf(invoice_id)).toMatchObject({ contact_id: null, customer: [], payer: asBilled });
    await done(dana, 'invoice.send', { invoice_id, email: bills });
    const [mail] = await mailsTo(panes(), bills);
    expect(mail).toMatchObject({ text: expect.stringMatching(/^Hello Bright Offices,/) });
    const { payment } = await done(olivia, 'invoice.record_payment', {
      invoice_id,
      amount_cents: 13_000,
      notify_customer: true,
    });
    const ofCompany = { params: { company_id: 'Bright Offices' } };
    const [paid] = await read(olivia, 'payments', ofCompany);
    expect(paid).toMatchObject({ reference: payment, contact_id: null, amount_cents: 13_000 });
    expect(await mailsTo(panes(), bills)).toMatchObject([
      { subject: expect.stringMatching(/^Thank you: receipt/) },
      {},
      {},
    ]);
    // What was paid too much is a task about the company.
    expect(await read(olivia, 'tasks', ofCompany)).toMatchObject([
      { title: 'Give $10.00 back for INV-2026-002 to Bright Offices Holding LLC' },
    ]);
    const back = { payment_id: String(payment), amount_cents: 1_000, reason: 'overpaid' };
    await done(olivia, 'payment.refund', back);
    expect(await read(olivia, 'refunds', ofCompany)).toMatchObject([
      { contact_id: null, amount_cents: 1_000 },
    ]);
    expect(await read(olivia, 'tasks', { ...ofCompany, filter: 'open' })).toEqual([]);
  });

  test('has its bills in its own list, is found by both its names, and an invoice by its name', async () => {
    const { read, olivia, done, dana } = panes();
    const [company] = await read(olivia, 'companies', { id: 'CO-101', include: ['invoices', 'payments'] });
    expect(company).toMatchObject({
      invoices: [{ reference: 'INV-2026-002' }, { reference: 'INV-2026-001' }],
      payments: [{ amount_cents: 13_000 }],
    });
    expect(await read(olivia, 'invoices', { search: 'offices holding' })).toHaveLength(2);
    const invoice_id = await make({ company_id: 'Nobody Known' });
    expect(
      await done(dana, 'invoice.update', { invoice_id: 'Nobody Known', notes: 'Thank you' }),
    ).toMatchObject({ reference: invoice_id });
    await done(dana, 'invoice.cancel', { invoice_id, reason: 'A try' });
  });

  test('what stands on an issued bill stays as it was, and a draft follows', async () => {
    const { done, dana, bright } = panes();
    const draft = await make({ company_id: 'CO-101' });
    await done(dana, 'company.update', { company_id: 'CO-101', legal_name: 'Brighter Offices Inc' });
    expect(await billOf(draft)).toMatchObject({ payer: { name: 'Brighter Offices Inc' } });
    expect(await paperOf(draft)).toMatchObject({ customer: { name: 'Brighter Offices Inc' } });
    const issued = await billOf('INV-2026-001');
    expect(issued).toMatchObject({ payer: asBilled });
    expect(await paperOf('INV-2026-001')).toMatchObject({ customer: { name: asBilled.name } });
    // Not even our own code changes it.
    for (const column of ['billing_name', 'billing_address', 'billing_email'] as const) {
      const change = asTableOwner(
        panes(),
        `update invoices set ${column} = 'Somebody Else' where organization_id = $1 and id = $2`,
        [bright.id, String(issued.id)],
      );
      await expect(change).rejects.toThrow('the invoice is issued');
    }
    await expect(
      asTableOwner(panes(), 'update invoices set company_id = null where organization_id = $1 and id = $2', [
        bright.id,
        String(issued.id),
      ]),
    ).rejects.toThrow('the invoice is issued');
    await done(dana, 'company.update', { company_id: 'CO-101', legal_name: asBilled.name });
  });

  test('keeps an address that was asked for, and one without any is told what to do', async () => {
    const { act, done, dana, read } = panes();
    const invoice_id = await make({ company_id: 'CO-102' });
    expect(await refusal(act(dana, 'invoice.send', { invoice_id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'CO-102 «Nobody Known Ltd» has no e-mail address.',
      field: 'email',
    });
    const sent = await act(dana, 'invoice.send', { invoice_id, email: 'pay@nobody.example' });
    expect(sent).toMatchObject({
      data: { status: 'sent', sent_to: 'pay@nobody.example', billing_address: null },
      warnings: [expect.stringContaining('made out to Nobody Known Ltd without an address')],
    });
    expect(await read(dana, 'companies', { id: 'CO-102' })).toMatchObject([
      { billing_email: 'pay@nobody.example' },
    ]);
    await done(dana, 'invoice.void', { invoice_id, reason: 'A try' });
  });
});

describe('who pays', () => {
  test('is the customer, unless the company says that it pays for its people', async () => {
    const { done, dana } = panes();
    await done(dana, 'contact.update', { contact_id: 'C-1001', company_id: 'CO-101' });
    const own = await make({ contact_id: 'C-1001' });
    expect(await billOf(own)).toMatchObject({ company_id: null, payer: { name: 'Jane Smith' } });
    await done(dana, 'company.update', { company_id: 'CO-101', pays_for_its_people: true });
    const theirs = await make({ contact_id: 'C-1001' });
    expect(await billOf(theirs)).toMatchObject({ company: { reference: 'CO-101' } });
    const said = await make({ contact_id: 'C-1001', company_id: null });
    expect(await billOf(said)).toMatchObject({ company_id: null });
    const ticket_id = await closedVisit(panes());
    const visit = await done(dana, 'invoice.create_from_ticket', { ticket_id });
    expect(await billOf(String(visit.reference))).toMatchObject({ company: { reference: 'CO-101' } });
    await done(dana, 'invoice.cancel', { invoice_id: String(visit.reference), reason: 'Otherwise' });
    const asked = await done(dana, 'invoice.create_from_ticket', { ticket_id, bill_to: 'Nobody Known' });
    expect(await billOf(String(asked.reference))).toMatchObject({ company: { reference: 'CO-102' } });
    await done(dana, 'company.update', { company_id: 'CO-101', pays_for_its_people: false });
  });

  test('can be changed while a bill is a draft, also back to the customer, with what was paid', async () => {
    const { act, done, dana, olivia, read } = panes();
    const invoice_id = await make({ contact_id: 'C-1002' });
    await done(dana, 'invoice.update', { invoice_id, company_id: 'CO-101' });
    expect(await billOf(invoice_id)).toMatchObject({ payer: { is_company: true } });
    await done(dana, 'invoice.update', { invoice_id, clear: ['company_id'] });
    expect(await billOf(invoice_id)).toMatchObject({ payer: { name: 'Mrs Hart', is_company: false } });
    const theirs = await make({ company_id: 'CO-101' });
    expect(
      await refusal(act(dana, 'invoice.update', { invoice_id: theirs, clear: ['company_id'] })),
    ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'company_id' });
    await done(dana, 'invoice.update', { invoice_id: theirs, company_id: 'CO-102' });
    await done(olivia, 'invoice.record_payment', { invoice_id: theirs, amount_cents: 12_000 });
    const moved = { invoice_id: theirs, company_id: 'CO-101' };
    expect(await refusal(act(dana, 'invoice.update', moved))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await read(olivia, 'payments', { params: { company_id: 'CO-102' } })).toMatchObject([
      { invoice_id: expect.any(String), amount_cents: 12_000 },
    ]);
  });

  test('has to be said', async () => {
    const { act, dana, olivia, read } = panes();
    const before = await read(olivia, 'invoices', { limit: 100 });
    expect(await refusal(act(dana, 'invoice.create', { lines }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'contact_id',
      message: 'Say who the invoice is for.',
    });
    expect(
      await refusal(act(dana, 'invoice.create', { lines, contact_id: 'C-1001', company_id: 'CO-999' })),
    ).toMatchObject({ code: 'NOT_FOUND', field: 'company_id' });
    expect(await read(olivia, 'invoices', { limit: 100 })).toEqual(before);
  });
});

describe('a company’s address for bills', () => {
  test('that an assistant has typed gets no bill before a person has read it; one of ours does', async () => {
    const { act, agent, done, dana, olivia } = panes();
    const reasoning = { reasoning: 'The visit is done' };
    const ours = await make({ company_id: 'CO-101' });
    expect(await act(agent, 'invoice.send', { invoice_id: ours }, reasoning)).toMatchObject({
      status: 'done',
    });
    await done(agent, 'company.update', { company_id: 'CO-101', billing_email: 'else@where.example' });
    const theirs = await make({ company_id: 'CO-101' });
    const asked = await act(agent, 'invoice.send', { invoice_id: theirs }, reasoning);
    expect(asked).toMatchObject({ status: 'pending_authorization' });
    expect(await mailsTo(panes(), 'else@where.example')).toEqual([]);
    // Who types the same address as a person makes it the company's own.
    await done(dana, 'company.update', { company_id: 'CO-101', billing_email: bills });
    await done(dana, 'company.update', { company_id: 'CO-101', billing_email: 'else@where.example' });
    const third = await make({ company_id: 'CO-101' });
    expect(await act(agent, 'invoice.send', { invoice_id: third }, reasoning)).toMatchObject({
      status: 'done',
    });
    await done(olivia, 'company.update', { company_id: 'CO-101', billing_email: bills });
  });
});
