import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { callAction, inFlight, type Session } from '../support/call-action.ts';
import { type Business, type Office, openOfficeOfToday } from '../support/office.ts';
import { startFastServer } from '../support/one-file.ts';
import { type RunningServer, temporaryFolder } from '../support/process.ts';
import { openSessions } from '../support/sessions.ts';
import type { Account, StripeEvent } from '../support/stripe/account.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { useStripe } from '../support/stripe/use.ts';
import { databaseUrl } from '../support/two-servers.ts';
import { numbersFrom, Postman } from './postman.ts';
import { ofStrangers, older, stories, takenAt } from './stripe-days.ts';

// Two businesses hear from Stripe what was paid at many bills, while the one process that hears it is killed again and again.

const events = Number(process.env.CRASH_EVENTS ?? 120);
const kills = Number(process.env.CRASH_KILLS ?? 3);
/** A story of a bill has three or four events, and one of them comes under another id as well. */
const bills = Math.ceil(events / 4);
const strangers = Math.ceil(events / 40);
const patient = { timeout: 300_000, interval: 20 };

interface Shop {
  slug: string;
  business: Business;
  account: Account;
  secret: string;
  owner: Session;
  bills: { reference: string; session: string; left: (typeof stories)[number][number][] }[];
}

const stripe = useStripe();
const random = numbersFrom(20261123);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let office: Office;
let env: Record<string, string>;
let server: RunningServer;
let shops: Shop[];

beforeAll(async () => {
  folder = await temporaryFolder();
  office = await openOfficeOfToday();
  const { database, bright, clear } = office;
  env = {
    DATABASE_URL: databaseUrl(database.address),
    DATABASE_OWNER_URL: databaseUrl(database.admin),
    DESKHAND_DATA: folder.path,
    DESKHAND_DEMO: '0',
    STRIPE_API_URL: stripe.url,
  };
  server = await startFastServer(env);
  shops = [
    await openShop('bright-panes', bright, 'brightpanes'),
    await openShop('clear-view', clear, 'clearviewco'),
  ];
  await Promise.all(shops.map(writeBills));
  await vi.waitFor(async () => expect(await countPages()).toBe(bills), patient);
  for (const shop of shops) findPages(shop);
}, 600_000);

afterAll(async () => {
  await server?.stop();
  await office?.db.close();
  await office?.database.close();
  await folder?.remove();
});

async function openShop(slug: string, business: Business, word: string): Promise<Shop> {
  const [ownerId = ''] = Object.values(business.people).map(({ id }) => id);
  const [owner] = await openSessions(office.database.owner, business.id, ownerId, 1);
  if (!owner) throw new Error('one session was asked for');
  const key = `sk_test_${word}0001`;
  const secret = `whsec_${word}0000000000000001`;
  await done(owner, 'secret.set', { name: 'stripe_secret_key', value: key });
  await done(owner, 'secret.set', { name: 'stripe_webhook', value: secret });
  return { slug, business, account: stripe.account(key), secret, owner, bills: [] };
}

const answered = z.object({ id: z.string(), reference: z.string() });

async function done(who: Session, action: string, data: Record<string, unknown>) {
  const answer = await callAction(server.baseUrl, who, { action, data });
  if (answer.status !== 200) throw new Error(`${action}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

/** Sends half of the bills, each over another sum, to customers who have five each. */
async function writeBills(shop: Shop): Promise<void> {
  const { owner, slug } = shop;
  const numbers = Array.from({ length: bills }, (_, n) => n).filter(
    n => n % 2 === (slug === 'clear-view' ? 1 : 0),
  );
  const customers = await inFlight(4, [...new Set(numbers.map(n => Math.floor(n / 10)))], async n => {
    const person = { full_name: `Customer ${n}`, email: `customer-${n}@${slug}.example` };
    return answered.parse(await done(owner, 'contact.create', person)).id;
  });
  await inFlight(4, numbers, async n => {
    const lines = [{ description: 'Windows', unit_price_cents: 10_000 + n * 7 }];
    const contact_id = customers[Math.floor(n / 10)];
    const { reference } = answered.parse(await done(owner, 'invoice.create', { contact_id, lines }));
    await done(owner, 'invoice.send', { invoice_id: reference });
    shop.bills.push({
      reference,
      session: '',
      left: [...(stories[Math.floor(n / 2) % stories.length] ?? [])],
    });
  });
}

/** Where each bill is paid, as Stripe knows it. */
function findPages({ account, bills: own }: Shop): void {
  const pages = account.list('checkout.session');
  for (const bill of own)
    bill.session = String(pages.find(page => page.client_reference_id === bill.reference)?.id);
}

const counted = z.object({ count: z.number() });
async function count(words: string): Promise<number> {
  const { rows } = await office.database.owner.query(words);
  return counted.parse(rows[0]).count;
}
const countPages = () => count('select count(*)::integer as count from checkout_sessions');
/** Events that were taken, and of which nothing has come yet. */
const countBetween = () =>
  count('select count(*)::integer as count from webhook_events where processed_at is null');
const countUndone = () => count('select count(*)::integer as count from jobs where done_at is null');

/** All that happens at Stripe, in no order but that of each bill; answers false when it is over. */
function happen(): boolean {
  const open = shops.flatMap(shop =>
    shop.bills.filter(({ left }) => left.length > 0).map(bill => ({ shop, bill })),
  );
  const next = open[Math.floor(random() * open.length)];
  if (!next) return false;
  next.bill.left.shift()?.(next.shop.account, next.bill.session);
  return true;
}

/** Sends an event doubled, and some of them of an old shape, a day late, or under another id as well. */
function post(postman: Postman, { slug, secret }: Shop, told: StripeEvent): void {
  const event = random() < 0.25 ? older(told) : told;
  const letter = { event, slug, secret };
  postman.post(letter, { isLate: random() < 0.15 });
  postman.post(letter, { isLate: random() < 0.15 });
  if (random() < 1 / 4) postman.post({ ...letter, event: { ...event, id: newStripeId('evt') } });
}

async function killServer(): Promise<void> {
  const ended = once(server.process, 'close');
  server.process.kill('SIGKILL');
  await ended;
}

/** A worker that died keeps its jobs for a minute: lets that minute be over. */
const endLeases = () =>
  office.database.owner.query('update jobs set locked_until = now() where locked_until is not null');

/**
 * Keeps Stripe from answering until the worker asks and waits for it. The server takes events all the same: whoever is killed then
 * dies between the receipt and the effect.
 */
async function stopBetween(postman: Postman): Promise<void> {
  const asked = stripe.requests.length;
  await vi.waitFor(() => expect(stripe.requests.length > asked || postman.isDone).toBe(true), patient);
  const before = postman.taken;
  await vi.waitFor(() => expect(postman.taken > before || postman.isDone).toBe(true), patient);
}

const row = z.object({
  event_id: z.string(),
  outcome: z.string().nullable(),
  said: z.string().nullable(),
  processed_at: z.string().nullable(),
  error: z.string().nullable(),
});

/** All rows of a view, page by page, as the owner reads them. */
async function readAll(shop: Shop, type: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const read = await office.app.read(shop.business.owner, type, query, { request_id: newId() });
    all.push(...read.rows);
    if (!read.next_cursor) return all;
    cursor = read.next_cursor;
  }
}

test(
  `${events} events of Stripe for ${bills} bills, doubled, shuffled, late and of old shapes, and kill -9 ${kills} times: every sum is exact, and every event has its fate`,
  async () => {
    const postman = new Postman(random, happen);
    stripe.onEvent = (event, key) => {
      const shop = shops.find(({ account }) => stripe.account(key) === account);
      if (shop) post(postman, shop, event);
    };
    postman.back(server.baseUrl);
    strangersWrite(postman);
    const working = postman.work();
    let between = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const taken = Math.floor((kill * 2 * events) / (kills + 1));
      await vi.waitFor(() => expect(postman.taken >= taken || postman.isDone).toBe(true), patient);
      let answer: (value?: unknown) => void = () => undefined;
      // Every other time wherever it is just then, which may be in the middle of writing.
      if (kill % 2 === 1) {
        stripe.held = new Promise(resolve => {
          answer = resolve;
        });
        await stopBetween(postman);
      }
      postman.away();
      await killServer();
      between += await countBetween();
      stripe.held = undefined;
      answer();
      await endLeases();
      server = await startFastServer(env);
      postman.back(server.baseUrl);
    }
    await working;
    await vi.waitFor(async () => expect(await countUndone()).toBe(0), patient);

    expect(postman.refused).toEqual([]);
    expect(postman.cameBack).toBeGreaterThan(0);
    expect(between).toBeGreaterThan(0);
    for (const shop of shops) {
      await expectExactSums(shop);
      await expectFates(shop, postman);
    }
    const all = [...postman.accepted.values()].reduce((sum, ids) => sum + ids.size, 0);
    expect(all).toBeGreaterThanOrEqual(events);
    expect(await count('select count(*)::integer as count from jobs where dead_at is not null')).toBe(0);
  },
  600_000 + kills * 20_000,
);

/** Each business hears of what is not its own, too: what is nowhere, and what is the other one's. */
function strangersWrite(postman: Postman): void {
  const tell = stripe.onEvent;
  stripe.onEvent = undefined;
  for (const [n, shop] of shops.entries()) {
    const other = shops[1 - n];
    for (let turn = 0; turn < strangers; turn += 1) {
      const session = other?.account.objects.get(other.bills[turn]?.session ?? '');
      const strange = [
        ...ofStrangers(shop.account),
        ...(session ? [shop.account.tell('checkout.session.completed', session)] : []),
      ];
      for (const event of strange) post(postman, shop, event);
    }
  }
  stripe.onEvent = tell;
}

/** What a bill has is what Stripe has taken for it, by the payments it was taken by. */
async function expectExactSums(shop: Shop): Promise<void> {
  const { account, business } = shop;
  const rows = await readAll(shop, 'invoices');
  const have = rows.map(({ reference, paid_cents, status }) => ({ reference, paid_cents, status }));
  const wanted = shop.bills.map(({ reference, session }) => {
    const paid_cents = takenAt(account, session).reduce((sum, { amount }) => sum + amount, 0);
    return { reference, paid_cents, status: paid_cents > 0 ? 'paid' : 'sent' };
  });
  const byReference = (a: { reference: unknown }, b: { reference: unknown }) =>
    String(a.reference).localeCompare(String(b.reference));
  expect(have.sort(byReference)).toEqual(wanted.sort(byReference));
  const { rows: payments } = await office.database.owner.query(
    `select payment_intent_id as intent, amount_cents::integer as amount
    from payments
    where organization_id = $1 and status = 'succeeded'`,
    [business.id],
  );
  const taken = shop.bills.flatMap(({ session }) => takenAt(account, session));
  const byIntent = (a: { intent: string }, b: { intent: string }) => a.intent.localeCompare(b.intent);
  expect(payments.sort(byIntent)).toEqual(taken.sort(byIntent));
}

/** Every event that was taken is in the view, once, with what became of it. */
async function expectFates(shop: Shop, { accepted }: Postman): Promise<void> {
  const told = (await readAll(shop, 'webhook_events')).map(each => row.parse(each));
  expect(told.map(({ event_id }) => event_id).sort()).toEqual([...(accepted.get(shop.slug) ?? [])].sort());
  for (const each of told) {
    expect(each).toEqual({
      event_id: each.event_id,
      outcome: expect.stringMatching(/^(done|skipped|refused)$/),
      said: expect.stringMatching(/\w/),
      processed_at: expect.any(String),
      error: null,
    });
  }
  expect(new Set(told.map(({ outcome }) => outcome))).toEqual(new Set(['done', 'skipped', 'refused']));
}
