import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { closedVisit, draft, mailsTo, sent } from './billing.ts';

const panes = useBrightPanes();
const reasoning = 'The visit is closed and Jane asked for the invoice';
const text = expect.any(String);
const jane = 'jane.smith@example.com';

test('the agent sends a bill, and the customer reads what was done, what it costs and until when', async () => {
  const { agent, done, read } = panes();
  const ticket_id = await closedVisit(panes());
  const before = await done(agent, 'invoice.create_from_ticket', { ticket_id });
  await done(agent, 'invoice.update', { invoice_id: before.reference, notes: 'Thank you for the coffee!' });
  const { notes: _, ...rest } = before;
  expect(await done(agent, 'invoice.send', { invoice_id: before.reference }, { reasoning })).toEqual({
    ...rest,
    notes: 'Thank you for the coffee!',
    status: 'sent',
    issued_on: '2026-11-18',
    billing_name: 'Jane Smith',
    billing_address: '123 Main Street\nMadison, AL 35758',
    billing_email: jane,
    sent_at: '2026-11-18T14:00:00.000Z',
    sent_to: jane,
    version: 3,
    updated_at: text,
  });
  const [visit] = await read(agent, 'tickets', { id: ticket_id });
  expect(await mailsTo(panes(), jane)).toEqual([
    {
      to: jane,
      from_name: 'Bright Panes Window Cleaning',
      subject: 'Invoice INV-2026-001',
      text: [
        'Hello Jane Smith,',
        'Here is your invoice INV-2026-001.',
        'For our visit on Wednesday, November 18.',
        'Interior and Exterior Window Cleaning (3h30m): $562.00\nScreen Cleaning: 20 x $5.00 = $100.00',
        'Total: $662.00\nAmount due: $662.00\nDue by: December 18, 2026',
        'Pay now: {{payment_link}}',
        'Thank you for the coffee!',
        'If you have a question about this invoice, just reply to this mail.',
      ].join('\n\n'),
      footer: 'Bright Panes Window Cleaning',
      links: { payment_link: { purpose: 'pay', id: text, query: '' } },
      message_kind: 'invoice',
      message_id: text,
      contact_id: visit?.contact_id,
      ticket_id: visit?.id,
      invoice_id: before.id,
      paper: expect.objectContaining({ reference: before.reference, stamp: null }),
    },
  ]);
});

test('sending needs a reason of the agent, and is told in the history of the bill', async () => {
  const { agent, act, done, read } = panes();
  const invoice_id = await draft(panes());
  expect(await refusal(act(agent, 'invoice.send', { invoice_id }))).toMatchObject({
    code: 'REASONING_REQUIRED',
  });
  await done(agent, 'invoice.send', { invoice_id }, { reasoning });
  const [bill] = await read(agent, 'invoices', { id: invoice_id, include: ['audit_trail'] });
  const [entry] = Array.isArray(bill?.audit_trail) ? bill.audit_trail : [];
  expect(entry).toEqual({
    entity_type: 'invoice',
    action: 'update',
    domain_action: 'invoice.send',
    changes: {
      status: { old: 'draft', new: 'sent' },
      issued_on: { old: null, new: '2026-11-18' },
      billing_name: { old: null, new: 'Jane Smith' },
      billing_address: { old: null, new: '123 Main Street\nMadison, AL 35758' },
      billing_email: { old: null, new: jane },
      sent_at: { old: null, new: text },
      sent_to: { old: null, new: jane },
    },
    actor_kind: 'agent',
    actor_name: 'Office Manager',
    reasoning,
    created_at: text,
  });
});

test('a bill that is partly paid goes out again with what is left, and keeps its dates', async () => {
  const { dana, olivia, done, setClock } = panes();
  const invoice_id = await sent(panes());
  await done(olivia, 'invoice.record_payment', { invoice_id, amount_cents: 10_000 });
  setClock('2026-12-30T09:00:00-06:00');
  expect(await done(dana, 'invoice.send', { invoice_id })).toMatchObject({
    status: 'partial',
    issued_on: '2026-11-18',
    due_on: '2026-12-18',
    sent_at: '2026-12-30T15:00:00.000Z',
    due_cents: 56_200,
    is_overdue: true,
  });
  const [again, first] = await mailsTo(panes(), jane);
  expect(first).toMatchObject({ text: expect.stringContaining('Amount due: $662.00\nDue by: December 18') });
  expect(again).toMatchObject({
    subject: `Invoice ${invoice_id}`,
    text: expect.stringContaining(
      '\n\nTotal: $662.00\nPaid, with thanks: $100.00\nAmount due: $562.00\nDue by: December 18, 2026, which is past\n\n',
    ),
  });
  setClock('2026-11-18T08:00:00-06:00');
});

test('a draft that lay too long is due later: nobody is late with what has just come', async () => {
  const { dana, done, setClock } = panes();
  const invoice_id = await draft(panes());
  const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
  const soon = { contact_id: 'C-1001', lines, due_on: '2027-01-05' };
  const { reference } = await done(dana, 'invoice.create', soon);
  setClock('2027-01-05T09:00:00-06:00');
  const send = (invoice: unknown) => done(dana, 'invoice.send', { invoice_id: invoice });
  expect(await send(invoice_id)).toMatchObject({ issued_on: '2027-01-05', due_on: '2027-02-04' });
  expect(await send(reference)).toMatchObject({ issued_on: '2027-01-05', due_on: '2027-01-05' });
  setClock('2026-11-18T08:00:00-06:00');
});

test('a customer without an e-mail address is asked for one, which is then theirs', async () => {
  const { dana, act, done, read } = panes();
  const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
  const { reference } = await done(dana, 'invoice.create', { contact_id: 'Mrs Hart', lines });
  const send = (more: Record<string, unknown>) =>
    act(dana, 'invoice.send', { invoice_id: reference, ...more });
  expect(await refusal(send({}))).toEqual({
    code: 'INVALID_STATE',
    message: 'C-1002 «Mrs Hart» has no e-mail address.',
    field: 'email',
    hint: 'Ask for the address and give it as email; it is kept with the customer.',
  });
  expect(await refusal(send({ email: 'mrs hart' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'email',
  });
  expect((await send({ email: 'Hart@Example.com' })).data).toMatchObject({ sent_to: 'hart@example.com' });
  expect(await mailsTo(panes(), 'hart@example.com')).toMatchObject([
    {
      text: expect.stringMatching(
        /^Hello Mrs Hart,\n\nHere is your invoice INV-2026-\d{3}\.\n\nLadder rental: \$25\.00\n/,
      ),
    },
  ]);
  const [hart] = await read(dana, 'contacts', { id: 'C-1002', include: ['audit_trail'] });
  expect(hart).toMatchObject({
    email: 'hart@example.com',
    emails: [{ email: 'hart@example.com', primary: true }],
  });
});

test('a bill can go to another address, and the customer keeps their own', async () => {
  const { dana, done, read } = panes();
  const invoice_id = await draft(panes());
  const email = 'tax.adviser@example.com';
  expect(await done(dana, 'invoice.send', { invoice_id, email })).toMatchObject({ sent_to: email });
  expect(await mailsTo(panes(), email)).toHaveLength(1);
  const [known] = await read(dana, 'contacts', { id: 'C-1001' });
  expect(known).toMatchObject({ email: jane, emails: [{ email: jane }] });
});

test('what is free, cancelled or void is not sent, and what is paid says that it is', async () => {
  const { dana, olivia, act, done } = panes();
  const send = (invoice_id: string) => act(dana, 'invoice.send', { invoice_id });
  const free = await draft(panes(), {
    lines: [{ service_id: 'Gutter Cleaning', unit_price_cents: 0 }],
  });
  expect(await refusal(send(free))).toEqual({
    code: 'INVALID_STATE',
    message: `${free} comes to nothing; there is nothing to ask for.`,
    hint: 'Cancel it with invoice.cancel: what is free needs no invoice.',
  });
  const paid = await sent(panes());
  await done(olivia, 'invoice.record_payment', { invoice_id: paid, amount_cents: 66_200 });
  expect((await send(paid)).data).toMatchObject({ status: 'paid', due_cents: 0 });
  await done(dana, 'invoice.cancel', { invoice_id: free, reason: 'It was a gift' });
  expect(await refusal(send(free))).toMatchObject({
    message: `${free} is cancelled; it asks for nothing any more.`,
  });
  await done(dana, 'invoice.void', { invoice_id: paid, reason: 'Paid back' });
  expect(await refusal(send(paid))).toMatchObject({
    message: `${paid} is void; it asks for nothing any more.`,
  });
});

test('a customer who was removed gets no mail until they are back', async () => {
  const { dana, act, done } = panes();
  const ann = await done(dana, 'contact.create', { full_name: 'Ann Lee', email: 'ann@example.com' });
  const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
  const { reference } = await done(dana, 'invoice.create', { contact_id: ann.id, lines });
  await done(dana, 'contact.delete', { contact_id: ann.id });
  const send = () => act(dana, 'invoice.send', { invoice_id: reference });
  expect(await refusal(send())).toEqual({
    code: 'INVALID_STATE',
    message: `The customer of ${reference} was removed.`,
    hint: 'Bring them back first with contact.restore.',
  });
  await done(dana, 'contact.restore', { contact_id: ann.id });
  expect((await send()).data).toMatchObject({ sent_to: 'ann@example.com' });
});

test('two who send a bill at once send one mail, and so does who presses twice', async () => {
  const { dana, olivia, done } = panes();
  const invoice_id = await draft(panes());
  const subject = `Invoice ${invoice_id}`;
  const mails = async () =>
    (await mailsTo(panes(), jane)).filter(mail => JSON.stringify(mail).includes(subject));
  await Promise.all([dana, olivia].map(who => done(who, 'invoice.send', { invoice_id })));
  expect(await mails()).toHaveLength(1);
  await done(dana, 'invoice.send', { invoice_id });
  expect(await mails()).toHaveLength(1);
  // What was paid meanwhile makes another mail of it.
  await done(olivia, 'invoice.record_payment', { invoice_id, amount_cents: 200 });
  await done(dana, 'invoice.send', { invoice_id });
  expect(await mails()).toHaveLength(2);
});

test('a preview shows the mail and sends nothing', async () => {
  const { agent, act, read } = panes();
  const invoice_id = await draft(panes());
  const before = (await mailsTo(panes(), jane)).length;
  const { data } = await act(agent, 'invoice.send', { invoice_id }, { reasoning, preview: true });
  expect(data.would_send).toMatchObject([
    { payload: { to: jane, subject: expect.stringContaining(invoice_id) } },
  ]);
  expect(await mailsTo(panes(), jane)).toHaveLength(before);
  expect(await read(agent, 'invoices', { id: invoice_id })).toMatchObject([{ status: 'draft' }]);
});

test('nobody sends the bills of another business, and technicians send none', async () => {
  const { clear, theo, dana, act } = panes();
  const invoice_id = await draft(panes());
  const send = (who: typeof dana) => act(who, 'invoice.send', { invoice_id });
  expect(await refusal(send(clear.owner))).toMatchObject({ code: 'NOT_FOUND', field: 'invoice_id' });
  expect(await refusal(send(theo))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await send(dana)).status).toBe('done');
});
