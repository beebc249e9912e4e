import { expect, test } from 'vitest';
import { closedVisit, mailsTo, sent } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What an agent may do alone with bills, and what waits.

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
const mails = (email: string) => mailsTo(panes(), email);

test('it says why, and without a reason nothing happens', async () => {
  const { contact_id, email } = await customer();
  const ticket_id = await visitOf(contact_id);
  expect(await refusal(ask({ ticket_id }, {}))).toMatchObject({ code: 'REASONING_REQUIRED' });
  expect(await panes().read(panes().olivia, 'invoices', { params: { contact_id } })).toEqual([]);
  expect((await ask({ ticket_id })).status).toBe('done');
  expect(await mails(email)).toHaveLength(1);
});

test('the same call twice with one key sends one mail, and two at once make one bill', async () => {
  const { contact_id, email } = await customer();
  const ticket_id = await visitOf(contact_id);
  const extra = { reasoning, idempotency_key: 'bill-once' };
  const [one, other] = [await ask({ ticket_id }, extra), await ask({ ticket_id }, extra)];
  expect(other.data).toEqual(one.data);
  expect(await mails(email)).toHaveLength(1);
  const next = await visitOf(contact_id);
  await Promise.allSettled([ask({ ticket_id: next }), ask({ ticket_id: next })]);
  expect(await mails(email)).toHaveLength(2);
  const bills = await panes().read(panes().olivia, 'invoices', { params: { contact_id } });
  expect(bills).toHaveLength(2);
});

test('a preview shows the mail with its paper, and leaves everything as it is', async () => {
  const { contact_id, email } = await customer();
  const ticket_id = await visitOf(contact_id);
  const { status, data } = await ask({ ticket_id }, { reasoning, preview: true });
  expect(status).toBe('preview');
  expect(data).toMatchObject({
    needs_authorization: null,
    result: { sent: true, to: email, total: '$662.00' },
  });
  const [mail] = data.would_send as { kind: string; payload: Record<string, unknown> }[];
  expect(mail).toMatchObject({ kind: 'email', payload: { to: email, paper: { sums: expect.anything() } } });
  expect(await mails(email)).toHaveLength(0);
  expect(await panes().read(panes().olivia, 'invoices', { params: { contact_id } })).toEqual([]);
});

test('a preview of what would send nothing is refused with the reason', async () => {
  const { contact_id } = await customer();
  await sent(panes(), { contact_id });
  expect(await refusal(ask({ contact_id }, { reasoning, preview: true }))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('again: true'),
  });
});

test('where the owner wants to decide, bill and mail wait as a whole and are done as a whole', async () => {
  const { contact_id, email } = await customer();
  const ticket_id = await visitOf(contact_id);
  const { done, olivia, read } = panes();
  const level = await done(olivia, 'authorization.set_level', {
    action: 'invoice.send',
    level: 'requires_authorization',
  });
  const waiting = await ask({ ticket_id });
  expect(waiting).toMatchObject({ status: 'pending_authorization' });
  expect(await read(olivia, 'invoices', { params: { contact_id } })).toEqual([]);
  const request = String(waiting.data.request);
  const [asked] = await read(olivia, 'authorization_requests', { id: request });
  await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest });
  expect(await mails(email)).toHaveLength(1);
  await done(olivia, 'authorization.revoke_grant', { id: level.id });
});

test('mails that wait for a person are not told as sent', async () => {
  const { contact_id, email } = await customer();
  const ticket_id = await visitOf(contact_id);
  const { done, olivia } = panes();
  const wait = (agent_mails: string) =>
    done(olivia, 'organization.update_settings', { settings: { agent_mails } });
  await wait('wait_for_me');
  expect((await ask({ ticket_id })).data).toMatchObject({
    sent: false,
    hint: expect.stringMatching(/^M-\d+ waits until somebody has looked at it/),
  });
  expect(await mails(email)).toHaveLength(0);
  await wait('at_once');
});
