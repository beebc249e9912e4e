import { describe, expect, test } from 'vitest';
import { closedVisit, draft, mailsTo, sent } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// The bill of what was done goes out in one call.

const panes = useBrightPanes();
const reasoning = 'The visit is closed and the owner asked for the bill';

const ask = (data: Record<string, unknown>, extra: Record<string, unknown> = { reasoning }) =>
  panes().act(panes().agent, 'send_invoice', data, extra);

let customers = 0;
/** Somebody with an address of their own that a person has entered. */
async function customer(more: Record<string, unknown> = {}) {
  const { done, dana } = panes();
  const number = ++customers;
  const email = `payer${number}@example.com`;
  const made = await done(dana, 'contact.create', { full_name: `Pat Payer${number}`, email, ...more });
  return { contact_id: String(made.id), name: String(made.full_name), email };
}

const visitOf = (contact_id: string) => closedVisit(panes(), { contact_id });
const draftOf = (contact_id: string) => draft(panes(), { contact_id });
const mails = (email: string) => mailsTo(panes(), email);

describe('what is meant', () => {
  test('a closed visit is billed, and the answer says how much, until when and to whom', async () => {
    const { contact_id, email, name } = await customer();
    const ticket_id = await visitOf(contact_id);
    const { status, data } = await ask({ ticket_id });
    expect({ status, data }).toEqual({
      status: 'done',
      data: {
        sent: true,
        invoice: expect.stringMatching(/^INV-2026-/),
        customer: name,
        to: email,
        total: '$662.00',
        due: '$662.00',
        due_on: '2026-12-18',
        paid_by: 'the link in the mail',
      },
    });
    expect(await mails(email)).toMatchObject([
      { subject: `Invoice ${data.invoice}`, paper: { reference: data.invoice, stamp: null } },
    ]);
    const [bill] = await panes().read(panes().olivia, 'invoices', {
      id: String(data.invoice),
      include: ['audit_trail'],
    });
    expect(bill).toMatchObject({ status: 'sent', source: 'ticket' });
    expect(bill?.audit_trail).toContainEqual(
      expect.objectContaining({ domain_action: 'send_invoice', reasoning }),
    );
  });

  test('of a customer the one visit that is not billed is meant, then their one draft', async () => {
    const { contact_id, email } = await customer();
    await visitOf(contact_id);
    expect((await ask({ contact_id })).data).toMatchObject({ sent: true, total: '$662.00' });
    const other = await customer();
    const invoice = await draftOf(other.contact_id);
    expect((await ask({ contact_id: other.name })).data).toMatchObject({ sent: true, invoice });
    expect(await mails(email)).toHaveLength(1);
    expect(await mails(other.email)).toHaveLength(1);
  });

  test('of several the agent chooses, and nothing goes out before', async () => {
    const { contact_id, email } = await customer();
    const [one, other] = [await visitOf(contact_id), await visitOf(contact_id)];
    const invoice = await draftOf(contact_id);
    const { data } = await ask({ contact_id });
    expect(data).toMatchObject({ sent: false, hint: expect.stringContaining('Nothing was sent') });
    const lines = [one, other, invoice].map(reference => expect.stringContaining(reference));
    expect(data.choose).toHaveLength(3);
    expect(data.choose).toEqual(expect.arrayContaining(lines));
    expect(await mails(email)).toHaveLength(0);
    expect((await ask({ ticket_id: one })).data).toMatchObject({ sent: true });
    expect(await mails(email)).toHaveLength(1);
  });

  test('nothing is asked back, and what does not belong together is refused', async () => {
    expect(await refusal(ask({}))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'ticket_id' });
    const ticket_id = await visitOf((await customer()).contact_id);
    const other = await customer();
    const both = { ticket_id, contact_id: other.contact_id };
    expect(await refusal(ask(both))).toMatchObject({ field: 'contact_id' });
    const invoice_id = await draftOf(other.contact_id);
    expect(await refusal(ask({ ticket_id, invoice_id }))).toMatchObject({ field: 'ticket_id' });
    expect((await ask({ invoice_id, contact_id: other.contact_id })).data).toMatchObject({ sent: true });
  });
});

describe('what is not sent', () => {
  test('what went out already goes out again only when that is said', async () => {
    const { contact_id, email } = await customer();
    const invoice = await sent(panes(), { contact_id });
    const { data } = await ask({ contact_id });
    expect(data).toEqual({
      sent: false,
      invoice,
      total: '$662.00',
      due: '$662.00',
      due_on: '2026-12-18',
      hint: `${invoice} went out to «${email}» already; nothing was sent. again: true sends it once more.`,
    });
    await panes().done(panes().olivia, 'invoice.record_payment', { invoice_id: invoice, amount_cents: 200 });
    expect((await ask({ contact_id, again: true })).data).toMatchObject({ sent: true, due: '$660.00' });
    expect(await mails(email)).toHaveLength(2);
  });

  test('what is paid says so, and nothing goes out', async () => {
    const { contact_id, email } = await customer();
    const invoice_id = await sent(panes(), { contact_id });
    await panes().done(panes().olivia, 'invoice.record_payment', { invoice_id, amount_cents: 66_200 });
    const before = (await mails(email)).length;
    for (const again of [false, true]) {
      const { data } = await ask({ invoice_id, again });
      expect(data).toMatchObject({ sent: false, hint: expect.stringContaining(`${invoice_id} is paid`) });
    }
    expect(await refusal(ask({ contact_id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining(`${invoice_id}, is paid`),
    });
    expect(await mails(email)).toHaveLength(before);
  });

  test('a visit that is not closed says what to do, also when the customer was named', async () => {
    const { contact_id } = await customer();
    const { reference } = await panes().book('2026-11-18T16:00', { contact_id });
    expect(await refusal(ask({ ticket_id: reference }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: expect.stringContaining('ticket.close'),
    });
    expect(await refusal(ask({ contact_id }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: expect.stringMatching(new RegExp(`^${reference} .*ticket.close`)),
    });
  });

  test('without an address no bill is left behind, and the answer says what to do', async () => {
    const { contact_id } = await customer({ email: undefined });
    const ticket_id = await visitOf(contact_id);
    expect(await refusal(ask({ ticket_id }))).toMatchObject({ code: 'INVALID_STATE', field: 'email' });
    expect(await panes().read(panes().olivia, 'invoices', { params: { contact_id } })).toEqual([]);
  });

  test('what has ended is not sent, and a bill of another business is not known', async () => {
    const { contact_id } = await customer();
    const invoice_id = await sent(panes(), { contact_id });
    const { clear, act, done, olivia } = panes();
    expect(await refusal(act(clear.owner, 'send_invoice', { invoice_id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refusal(act(panes().theo, 'send_invoice', { invoice_id }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    await done(olivia, 'invoice.void', { invoice_id, reason: 'Wrong house' });
    expect(await refusal(ask({ invoice_id, again: true }))).toMatchObject({ code: 'INVALID_STATE' });
  });
});
