import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { askFor, reasoning } from './asking.ts';

const panes = useBrightPanes();

async function listed(request: string) {
  const { app, olivia } = panes();
  const query = { filter: 'pending' };
  const page = await app.read(olivia, 'authorization_requests', query, { request_id: 'asks-for' });
  return page.rows.find(({ reference }) => reference === request);
}

test('the list of requests says whom a removal is about by reference and name, and why it was asked', async () => {
  const { done, olivia, bright } = panes();
  await done(olivia, 'authorization.set_level', {
    action: 'contact.delete',
    level: 'requires_authorization',
  });
  const { request } = await askFor(panes(), bright, 'contact.delete', { contact_id: 'Mrs Hart' });
  expect(await listed(request)).toMatchObject({
    asks_for: 'Delete contact C-1002 «Mrs Hart»',
    reasoning,
  });
});

test('a payment by its bill, its amount and how it was paid', async () => {
  const { done, dana, olivia, bright } = panes();
  const invoice = await done(dana, 'invoice.create', {
    contact_id: 'C-1001',
    lines: [{ description: 'Hooks', quantity: 1, unit_price_cents: 12_000 }],
  });
  await done(olivia, 'invoice.send', { invoice_id: invoice.id });
  const { request } = await askFor(panes(), bright, 'invoice.record_payment', {
    invoice_id: invoice.id,
    amount_cents: 12_000,
    note: 'cash',
  });
  const row = await listed(request);
  expect(row?.asks_for).toMatch(/^Record payment of invoice INV-2026-\d+/);
  expect(row?.asks_for).toContain('amount $120.00, note «cash»');
  expect(row?.asks_for).not.toMatch(/[0-9a-f]{8}-/);
});

test('a visit by its time, whether that was said with an offset or without one', async () => {
  const { done, olivia, bright } = panes();
  await done(olivia, 'authorization.set_level', { action: 'ticket.create', level: 'requires_authorization' });
  const ask = async (scheduled_at: string) => {
    const visit = { contact_id: 'C-1001', scheduled_at, duration_minutes: 60, technician_ids: ['Theo'] };
    const { request } = await askFor(panes(), bright, 'ticket.create', visit);
    return (await listed(request))?.asks_for;
  };
  expect(await ask('2026-11-27T13:00')).toMatch(
    /^Book ticket: contact C-1001 «Jane Smith», .*2026-11-27 13:00.*Theo/,
  );
  expect(await ask('2026-11-28T13:00:00-06:00')).toContain('Sat 2026-11-28 13:00');
});
