import { beforeAll, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';
import { makeCustomers } from './customers.ts';
import { type Loaded, loadCustomers } from './load.ts';
import { type Ask, askFindCustomer, askSearch, measureRecall, reportOf } from './recall.ts';

const office = useOffice();
const customers = makeCustomers();
let loaded: Loaded = new Map();

// On a machine that has other things to do as well.
const patience = 600_000;

beforeAll(async () => {
  loaded = await loadCustomers(office(), customers);
}, patience);

/** Fails with the misses as a list; with RECALL_REPORT=1 the list comes in any case. */
async function expectToFind(way: string, ask: Ask): Promise<void> {
  const recall = await measureRecall(customers, loaded, ask);
  const report = reportOf(way, recall);
  if (process.env.RECALL_REPORT === '1') process.stdout.write(`\n${report}\n`);
  expect(recall.share, report).toBeGreaterThanOrEqual(0.95);
}

test('of a hundred questions about 5,000 customers the search answers 95 within the first five', {
  timeout: patience,
}, async () => {
  await expectToFind('search', askSearch(office()));
});

test('and so does the workflow an agent finds a customer with', { timeout: patience }, async () => {
  await expectToFind('find_customer', askFindCustomer(office()));
});

test('a question whose customers are not found counts as missed', async () => {
  const recall = await measureRecall(customers, loaded, async () => []);
  expect(recall).toMatchObject({ share: 0 });
  expect(recall.misses).toHaveLength(recall.asked);
});
