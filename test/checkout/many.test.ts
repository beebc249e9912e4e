import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sent } from '../invoices/billing.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { useOnline } from './online.ts';

const online = useOnline();

const wrapped = z
  .object({ events: z.record(z.string(), z.looseObject({ id: z.string(), type: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/stripe/events.json', import.meta.url), 'utf8')));

test('every event Stripe gives as an example is taken without harm, and its fate is told', async () => {
  const { tell, work, list, panes } = online();
  const events = Object.values(wrapped.events);
  expect(events).toHaveLength(27);
  const money = () => panes.read(panes.olivia, 'payments');
  const before = await money();
  for (const event of events) expect([event.type, (await tell(event)).status]).toEqual([event.type, 200]);
  await work();
  const told = await list('webhook_events');
  expect(told.map(({ event_id }) => event_id).sort()).toEqual(events.map(({ id }) => id).sort());
  for (const { type, outcome, said, processed_at, error } of told) {
    expect({ type, outcome, said, error, processed_at }).toEqual({
      type,
      outcome: expect.stringMatching(/skipped|refused/),
      said: expect.stringMatching(/\w/),
      error: null,
      processed_at: expect.any(String),
    });
  }
  expect(await money()).toEqual(before);
});

test('ten payments at once on one bill, by page, event and office: the sums are exact', async () => {
  const { panes, account, tell, work, bill, list } = online();
  const { done, dana } = panes;
  const invoice_id = await sent(panes);
  // Five pages that were open at some time, and all of them paid.
  const pages: string[] = [];
  for (let cash = 0; cash < 5; cash += 1) {
    const { checkout_url } = await done(dana, 'invoice.open_checkout', { invoice_id });
    const session = String(/cs_test_\w+/.exec(String(checkout_url)));
    account.payByCard(session);
    pages.push(session);
    await done(dana, 'invoice.record_payment', { invoice_id, amount_cents: 100, method: 'cash' });
  }
  const completed = account.events.filter(({ type }) => type === 'checkout.session.completed');
  const events = completed.filter(({ data }) => pages.includes(String(data.object.id)));
  expect(events).toHaveLength(5);
  await Promise.all([
    ...events.flatMap(event => [tell(event), tell({ ...event, id: newStripeId('evt') })]),
    ...[1, 2, 3, 4, 5].map(amount_cents =>
      done(dana, 'invoice.record_payment', { invoice_id, amount_cents, method: 'cash' }),
    ),
  ]);
  await work();
  const asked = [66_200, 66_100, 66_000, 65_900, 65_800];
  const cash = [100, 100, 100, 100, 100, 1, 2, 3, 4, 5];
  const sum = [...asked, ...cash].reduce((all, each) => all + each, 0);
  const payments = await list('payments', { invoice_id });
  expect(payments.map(({ amount_cents }) => Number(amount_cents)).sort((a, b) => a - b)).toEqual(
    [...asked, ...cash].sort((a, b) => a - b),
  );
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: sum });
  const back = ((sum - 66_200) / 100).toLocaleString('en-US', { minimumFractionDigits: 2 });
  const tasks = (await list('tasks')).filter(({ title }) => String(title).includes(invoice_id));
  expect(tasks).toMatchObject([
    { title: `Give $${back} back for ${invoice_id} to Jane Smith`, status: 'open' },
  ]);
});
