import { expect, test } from 'vitest';
import { draft } from '../invoices/billing.ts';
import { refusal } from '../support/refusal.ts';
import { deleteDraft } from '../support/stripe/invoices.ts';
import { useOnline } from './online.ts';

const online = useOnline();
const reference = 'SETUP-DRAFT-001';

test('Stripe is set up to ask for bills by one press, which is one draft however often it is pressed', async () => {
  const { panes, account, work } = online();
  const { done, act, olivia, dana, tess, agent } = panes;
  expect((await refusal(act(agent, 'invoice.enable_stripe', {}))).code).toBe('HUMAN_ONLY');
  for (const other of [tess, dana])
    expect((await refusal(done(other, 'invoice.enable_stripe', {}))).code).toBe('FORBIDDEN');
  await done(olivia, 'secret.remove', { name: 'stripe_secret_key' });
  expect((await refusal(done(olivia, 'invoice.enable_stripe', {}))).message).toContain('no key of Stripe');
  await done(olivia, 'secret.set', { name: 'stripe_secret_key', value: 'sk_test_brightpanes0001' });
  const before = await draft(panes);

  const [one, two] = await Promise.all([
    done(olivia, 'invoice.enable_stripe', {}),
    done(olivia, 'invoice.enable_stripe', {}),
  ]);
  expect(one).toMatchObject({ success: true, reference });
  expect(two).toEqual(one);
  await work();
  const [bill] = await panes.read(olivia, 'invoices', {
    id: reference,
    include: ['lines', 'customer'],
    fields: ['id', 'subtype', 'status', 'description', 'total_cents', 'tags', 'due_on', 'stripe_invoice_id'],
  });
  expect(bill).toMatchObject({
    id: one.invoice_id,
    subtype: 'setup',
    status: 'draft',
    description: 'Initial setup invoice (draft)',
    total_cents: 100,
    tags: ['setup', 'draft', 'system'],
    due_on: '2026-12-18',
    customer: { full_name: 'System Contact', email: 'system@internal.local' },
    lines: [{ description: 'Initial invoice setup (draft - can be deleted)', total_cents: 100 }],
  });
  expect(account.list('invoice')).toMatchObject([
    { id: bill?.stripe_invoice_id, number: reference, status: 'draft', total: 100 },
  ]);
  expect(account.list('customer')).toMatchObject([{ name: 'System Contact', email: null }]);
  // It is nobody who is called or visited.
  const listed = (await online().list('customer_list')).map(({ full_name }) => full_name);
  expect(listed).toContain('Jane Smith');
  expect(listed).not.toContain('System Contact');

  // New bills go that way, and their numbers have no gap.
  const next = await draft(panes);
  expect(Number(next.slice(-3))).toBe(Number(before.slice(-3)) + 1);
  const [made] = await panes.read(olivia, 'invoices', { id: next, fields: ['collection_method'] });
  expect(made).toMatchObject({ collection_method: 'stripe_invoice' });

  // It is no bill, may be thrown away, and then goes there, too; pressed again it is not made anew.
  expect((await refusal(done(dana, 'invoice.send', { invoice_id: reference }))).message).toContain(
    'is no bill',
  );
  expect((await refusal(done(dana, 'invoice.finalize', { invoice_id: reference }))).message).toContain(
    'no bill',
  );
  await done(dana, 'invoice.cancel', { invoice_id: reference, reason: 'Not needed any more' });
  await work();
  expect(account.list('invoice')).toEqual([]);
  expect(await done(olivia, 'invoice.enable_stripe', {})).toEqual(one);
  await work();
  expect(account.list('invoice')).toEqual([]);
  expect(await panes.read(olivia, 'contacts', { params: { tag: 'system' } })).toHaveLength(1);
});

test('a draft that was deleted at Stripe is no alarm, and what Stripe refuses is told to the owner', async () => {
  const { panes, stripe, work, tell, list } = online();
  const { done, clear } = panes;
  const other = stripe.account('sk_test_clearviewco0001');
  stripe.answers.push({ status: 403, error: { type: 'invalid_request_error', message: 'No.' } });
  await done(clear.owner, 'invoice.enable_stripe', {});
  await work();
  const tasks = () => panes.read(clear.owner, 'tasks', { fields: ['title', 'status'] });
  expect(await tasks()).toMatchObject([
    { title: 'Stripe could not be set up to ask for bills', status: 'open' },
  ]);
  await done(clear.owner, 'invoice.enable_stripe', {});
  await panes.database.owner.query('update jobs set run_at = now() where done_at is null');
  await work();
  const [made] = other.list('invoice');
  expect(made).toMatchObject({ status: 'draft', number: reference });
  expect(await tasks()).toMatchObject([{ status: 'done' }]);
  deleteDraft(other, String(made?.id));
  await tell(other.events.at(-1), { secret: 'whsec_clearviewco0000000000001', slug: 'clear-view' });
  await work();
  expect(await panes.read(clear.owner, 'webhook_events')).toMatchObject([
    { outcome: 'skipped', said: 'The draft of this invoice was deleted at Stripe.' },
  ]);
  expect(await panes.read(clear.owner, 'security_events', { params: { kind: 'webhook' } })).toEqual([]);
  expect(await list('security_events', { kind: 'webhook' })).toEqual([]);
});
