import { once } from 'node:events';
import { createServer } from 'node:http';
import Stripe from 'stripe';
import { z } from 'zod';
import { createDeskhand } from '../../api/compose.ts';
import { createHttpApp } from '../../api/http/server.ts';
import { createLogger } from '../../api/logger.ts';
import type { App } from '../../core/app.ts';
import { paperRow, writePaper } from '../../core/invoices/paper.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { openVault } from '../../core/kernel/outside/seal.ts';
import { billVisit } from './bill-by-hand.ts';
import type { BenchDatabase } from './databases.ts';
import { openPool } from './hand-written.ts';
import { HttpConnection, requestText } from './http-client.ts';
import { interleave, median, quantile, ratio, round, timeEach } from './measure.ts';
import { atMost, type Bench } from './part.ts';

const perRound = 20;
const facts = () => ({ request_id: newId() });

/**
 * (i) A visit becomes a bill through the pipeline against the same statements by hand; how long its paper takes to be read and
 * drawn, a webhook of Stripe until it is answered, and a payment on a bill that has many.
 */
export async function measureMoney({ cluster, rounds, say }: Bench) {
  const { address } = cluster.large;
  const db = openDatabase({ address, connections: 1 });
  const vault = openVault('the secret of the benchmark');
  const app = createDeskhand(db, undefined, {}, { vault });
  const pool = openPool(address, 1);
  try {
    const visits = await closeVisits(cluster.large, perRound * (rounds + 1) * 2 + 1);
    const { key } = cluster.large;
    const next = () => visits.pop() ?? '';
    const bill = (ticket_id: string) =>
      app.execute(
        { via: 'key', key },
        { action: 'invoice.create_from_ticket', data: { ticket_id } },
        facts(),
      );
    say('bills');
    const times = await interleave(
      {
        execute: () => timeEach(perRound, 1, () => bill(next())),
        byHand: () => timeEach(perRound, 1, () => billVisit(pool, key, next())),
      },
      rounds,
    );
    say('papers');
    const paper = await timePapers(app, cluster.large, rounds * 10);
    say('payments');
    const payments = await timePayments(app, cluster.large, rounds);
    say('webhooks');
    const webhook = await timeWebhooks({ db, app }, cluster.large, rounds * 20);
    return {
      create_from_ticket: {
        ratio: atMost(ratio(times('execute'), times('byHand')), 1.6),
        execute_ms: round(median(times('execute'))),
        by_hand_ms: round(median(times('byHand'))),
      },
      pdf_ms: { p50: round(quantile(paper, 0.5), 1), p95: atMost(round(quantile(paper, 0.95), 1), 60) },
      webhook_ms: {
        p50: round(quantile(webhook, 0.5), 1),
        p95: atMost(round(quantile(webhook, 0.95), 1), 25),
      },
      payment_ms_with_earlier: payments,
    };
  } finally {
    await pool.end();
    await db.close();
  }
}

/** Closed visits without a bill, as rows alone; their references. */
async function closeVisits({ owner, organization }: BenchDatabase, count: number): Promise<string[]> {
  const pool = openPool(owner, 1);
  try {
    await pool.query('set session_replication_role = replica');
    const { rows } = await pool.query<{ reference: string }>(
      `with visits as (
         insert into tickets (
           organization_id, id, reference, contact_id, status, scheduled_at, duration_minutes, ends_at, total_cents,
           currency, closed_at
         )
         select $1::uuid, uuid7(), 'T-' || 7000000 + n, c.id, 'closed', now() - interval '1 day', 60,
           now() - interval '1 day' + interval '60 minutes', 66200, 'USD', now()
         from generate_series(1, $2::integer) as n
         join lateral (
           select id from contacts where organization_id = $1::uuid and deleted_at is null order by id offset n % 1000 limit 1
         ) as c on true
         returning id, reference
       ), lines as (
         insert into ticket_lines (
           organization_id, id, ticket_id, position, description, pricing, quantity, unit_price_cents, total_cents
         )
         select $1::uuid, uuid7(), v.id, l.position, l.description, 'per_unit', l.quantity, l.price, l.quantity * l.price
         from visits as v
         cross join (
           values (1, 'Interior and Exterior Window Cleaning', 1, 56200), (2, 'Screen Cleaning', 20, 500)
         ) as l (position, description, quantity, price)
       )
       select reference from visits`,
      [organization, count],
    );
    await pool.query('set session_replication_role = origin');
    await pool.query('analyze tickets, ticket_lines');
    return rows.map(({ reference }) => reference);
  } finally {
    await pool.end();
  }
}

async function timeIt(count: number, work: (turn: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  // The first ones load fonts and plans, and do not count.
  for (let turn = -3; turn < count; turn += 1) {
    const started = performance.now();
    await work(turn);
    if (turn >= 0) times.push(performance.now() - started);
  }
  return times;
}

/** The paper of one bill, read and drawn, as its page answers it. */
async function timePapers(app: App, { caller }: BenchDatabase, count: number): Promise<number[]> {
  const { rows } = await app.read(caller, 'invoices', { limit: 1 }, facts());
  const params = { invoice_id: z.object({ id: z.string() }).parse(rows[0]).id };
  return timeIt(count, async () => {
    const read = await app.read(caller, 'invoice_paper', { params }, facts());
    await writePaper(paperRow.parse(read.rows[0]));
  });
}

const reference = z.object({ reference: z.string() });

/** What writing down a payment takes on a bill that has so many already. */
async function timePayments(app: App, { caller }: BenchDatabase, rounds: number) {
  const { rows } = await app.read(caller, 'contacts', { limit: 1, fields: ['reference'] }, facts());
  const contact_id = reference.parse(rows[0]).reference;
  const figures: Record<string, number> = {};
  for (const earlier of [1, 100, 1000]) {
    const lines = [{ description: 'Ladder', unit_price_cents: 1_000_000_000 }];
    const create = { action: 'invoice.create', data: { contact_id, lines } };
    const { data } = await app.execute(caller, create, facts());
    const invoice_id = reference.parse(data).reference;
    const pay = () => {
      const payment = { invoice_id, amount_cents: 1, method: 'cash' };
      return app.execute(caller, { action: 'invoice.record_payment', data: payment }, facts());
    };
    for (let n = 0; n < earlier; n += 1) await pay();
    figures[earlier] = round(median(await timeIt(rounds, pay)), 1);
  }
  return figures;
}

/** A signed event of Stripe over HTTP until it is answered; its effect comes after, by the worker. */
async function timeWebhooks(
  { app }: { db: Database; app: App },
  { caller, organization, owner }: BenchDatabase,
  count: number,
): Promise<number[]> {
  const secret = 'whsec_benchmark0000000000000001';
  await app.execute(
    caller,
    { action: 'secret.set', data: { name: 'stripe_webhook', value: secret } },
    facts(),
  );
  const pool = openPool(owner, 1);
  const { rows } = await pool.query<{ slug: string }>('select slug from organizations where id = $1', [
    organization,
  ]);
  await pool.end();
  const baseUrl = 'http://127.0.0.1:3000';
  const logger = createLogger('silent');
  const server = createServer(createHttpApp({ app, logger, baseUrl, version: '0', ready: async () => true }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const connection = await HttpConnection.open(port);
  try {
    return await timeIt(count, turn => {
      const body = JSON.stringify(eventOf(turn + 10));
      const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
      const headers = { 'stripe-signature': signature };
      return connection.send(
        requestText('POST', `/api/webhooks/stripe/${rows[0]?.slug}`, 'none', body, headers),
      );
    });
  } finally {
    connection.close();
    server.close();
  }
}

const eventOf = (number: number) => ({
  id: `evt_bench_${number}`,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1_795_000_000,
  type: 'checkout.session.completed',
  livemode: false,
  pending_webhooks: 1,
  request: null,
  data: { object: { id: `cs_test_bench${number}`, object: 'checkout.session', payment_status: 'paid' } },
});
