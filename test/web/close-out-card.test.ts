import { beforeAll, describe, expect, test } from 'vitest';
import { payPage } from '../invoices/pay-pages.ts';
import { refusal } from '../support/refusal.ts';
import { useCloseOutPages } from './close-out-pages.ts';

// Card now: the customer pays at the door on a phone of their own (CLO-17). The technician shows the bill as a code.

const { panes, book, see, send, upTo, setClock } = useCloseOutPages();
const at = (reference: string, step?: string) => `/close-out/${reference}${step ? `/${step}` : ''}`;
const cardNow = { payment_choice: 'card_now' };

beforeAll(async () => {
  await panes().done(panes().olivia, 'organization.update_settings', {
    settings: { payment_url: 'https://pay.brightpanes.example/bills' },
  });
});

let day = 0;
/** A visit of Theo's that is closed, at the question how it is paid. */
async function closed(): Promise<{ reference: string; page: Awaited<ReturnType<typeof see>> }> {
  day += 1;
  setClock(`2026-11-${String(18 + day).padStart(2, '0')}T08:00:00-06:00`);
  const reference = await book({}, `2026-11-${String(18 + day).padStart(2, '0')}T09:00`);
  return { reference, page: await upTo(reference, 'payment') };
}
const shownCode = async () => {
  const { reference, page } = await closed();
  return { reference, page: await send(page, at(reference, 'payment'), cardNow) };
};
const billOf = async (ticket_id: string) =>
  (
    await panes().read(panes().dana, 'invoices', {
      params: { ticket_id },
      fields: ['id', 'reference', 'status', 'sent_at', 'sent_to', 'paid_cents'],
    })
  )[0];
const pay = (invoice_id: unknown, amount_cents: number) =>
  panes().done(panes().dana, 'invoice.record_payment', { invoice_id: String(invoice_id), amount_cents });

describe('a technician at the door', () => {
  test('shows the bill as a code, which leads to the page of the bill and to no other', async () => {
    const { reference, page } = await shownCode();
    expect(page).toMatchObject({ status: 200, location: at(reference) });
    expect(page.text).toContain('Pay $662.00');
    const [, path = ''] = /<a href="http:\/\/[^/"]+(\/pay\/[\w-]{43})">/.exec(page.markup) ?? [];
    expect(page.markup).toMatch(/<svg viewBox="0 0 \d+ \d+"[^>]* role="img"/);
    const bill = await billOf(reference);
    expect(bill).toMatchObject({ status: 'sent', sent_at: null, paid_cents: 0 });
    expect(path).toBe(await payPage(panes(), '', String(bill?.reference)));
  });

  test('sees that it is paid when it is, and not before', async () => {
    const { reference, page } = await shownCode();
    expect(page.text).toContain('Look whether it is paid');
    const bill = await billOf(reference);
    await pay(bill?.reference, 10_000);
    expect((await see(at(reference))).text).toContain('Pay $562.00');
    await pay(bill?.reference, 56_200);
    const after = await see(at(reference));
    expect(after.text).toContain('It is paid');
    expect(after.markup).not.toContain('<svg viewBox="0 0');
  });

  test('finds the code again on the page of the visit, until it is paid', async () => {
    const { reference } = await shownCode();
    expect((await see(`/tickets/${reference}`)).markup).toContain(
      `<a class="button" href="${at(reference)}">Pay by card: show the code</a>`,
    );
    await pay((await billOf(reference))?.reference, 66_200);
    expect((await see(`/tickets/${reference}`)).text).not.toContain('show the code');
  });

  test('may be asked for the bill by mail instead, which is the same bill', async () => {
    const { reference, page } = await shownCode();
    const before = await billOf(reference);
    await send(page, at(reference, 'payment'), { payment_choice: 'send_invoice' });
    expect(await billOf(reference)).toMatchObject({ id: before?.id, sent_to: 'jane.smith@example.com' });
    expect((await see(at(reference))).markup).toContain('<svg viewBox="0 0');
  });

  test('may be given cash instead; the office looks whether it is there', async () => {
    const { reference, page } = await shownCode();
    const done = await send(page, at(reference, 'payment'), {
      payment_choice: 'at_door',
      payment_method: 'cash',
      amount: '662.00',
    });
    expect(done.text).toContain('in cash');
    expect(await billOf(reference)).toMatchObject({ status: 'sent', paid_cents: 0 });
  });

  test('may show the code for what was to be paid later, and twice: it is one bill', async () => {
    const { reference, page } = await closed();
    await send(page, at(reference, 'payment'), { payment_choice: 'skip' });
    expect(await billOf(reference)).toBeUndefined();
    const later = await see(at(reference));
    const first = await send(later, at(reference, 'payment'), cardNow);
    expect(first.text).toContain('Pay $662.00');
    const { theo, act } = panes();
    await act(theo, 'closeout.payment_choice', { ticket_id: reference, ...cardNow });
    expect(await panes().read(panes().dana, 'invoices', { params: { ticket_id: reference } })).toHaveLength(
      1,
    );
  });

  test('uses the bill that the office has made meanwhile', async () => {
    const { reference, page } = await closed();
    const made = await panes().done(panes().dana, 'invoice.create_from_ticket', { ticket_id: reference });
    await send(page, at(reference, 'payment'), cardNow);
    expect(await billOf(reference)).toMatchObject({ id: made.id, status: 'sent' });
  });

  test('has nothing to show once it is paid, was taken at the door, or for a visit of somebody else', async () => {
    const choose = (ticket_id: string, who = panes().theo) =>
      refusal(panes().act(who, 'closeout.payment_choice', { ticket_id, ...cardNow }));
    const { reference } = await shownCode();
    expect((await choose(reference, panes().tess)).code).toMatch(/NOT_FOUND|INVALID_STATE|FORBIDDEN/);
    await pay((await billOf(reference))?.reference, 66_200);
    expect((await choose(reference)).code).toBe('INVALID_STATE');
    const taken = await closed();
    await send(taken.page, at(taken.reference, 'payment'), {
      payment_choice: 'at_door',
      payment_method: 'cash',
      amount: '662.00',
    });
    expect((await choose(taken.reference)).code).toBe('INVALID_STATE');
    expect((await see(at(reference), 'tess')).status).toBe(404);
  });

  test('is not offered a code where nobody can pay on a page; one without signal is told what to do instead', async () => {
    const bundle = await see('/close-out/offline');
    expect(bundle.text).toContain('Paying on the customer’s phone needs a line. Send the invoice instead');
    await panes().done(panes().olivia, 'organization.update_settings', { settings: { payment_url: null } });
    const { page } = await closed();
    expect(page.text).not.toContain('Card now');
    await panes().done(panes().olivia, 'organization.update_settings', {
      settings: { payment_url: 'https://pay.brightpanes.example/bills' },
    });
  });
});
