import { expect, test } from 'vitest';
import { callAction } from '../support/call-action.ts';
import { useTwoServers } from '../support/two-servers.ts';
import { addCustomer, bookAndTell, countEffects, expectOneEffect, sendAtOnce } from './idempotency-race.ts';

const two = useTwoServers();
const clients = 20;

test('the same call with the same key from 20 clients over two servers is done once and answered alike', async () => {
  const customer = await addCustomer(two(), 'Jane Smith');
  const answers = await sendAtOnce(two(), clients, () => bookAndTell(customer, 'book Jane'));
  expectOneEffect(answers);
  expect(await countEffects(two(), customer)).toEqual({ visits: 1, mails: 1, entries: 1 });
});

test('with 20 keys the same call is done 20 times', async () => {
  const customer = await addCustomer(two(), 'Mrs Hart');
  const answers = await sendAtOnce(two(), clients, n => bookAndTell(customer, `book Hart ${n}`));
  expect(answers.map(({ status, error, meta }) => [status, error, meta.replayed])).toEqual(
    Array(clients).fill([200, null, undefined]),
  );
  expect(new Set(answers.map(({ data }) => data?.reference)).size).toBe(clients);
  expect(await countEffects(two(), customer)).toEqual({ visits: clients, mails: clients, entries: clients });
});

test('of two different calls that share a key one is done, and the other is told that the key is taken', async () => {
  const customer = await addCustomer(two(), 'Vernon Smith');
  const answers = await sendAtOnce(two(), clients, n =>
    bookAndTell(customer, 'book Vernon', n % 4 < 2 ? 9 : 14),
  );
  const done = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ error }) => error?.code === 'IDEMPOTENCY_CONFLICT');
  expectOneEffect(done);
  expect([done.length, refused.length]).toEqual([clients / 2, clients / 2]);
  expect(refused.every(({ status }) => status === 409)).toBe(true);
  expect(await countEffects(two(), customer)).toEqual({ visits: 1, mails: 1, entries: 1 });
});

test('a call that was refused 20 times leaves its key free for the corrected one', async () => {
  const customer = await addCustomer(two(), 'Tilda Frost');
  const call = bookAndTell(customer, 'book Tilda');
  const wrong = { ...call, data: { ...call.data, technician_ids: ['Nobody Here'] } };
  const refused = await sendAtOnce(two(), clients, () => wrong);
  expect(new Set(refused.map(({ status, error }) => `${status} ${error?.code}`))).toEqual(
    new Set(['404 NOT_FOUND']),
  );
  expectOneEffect(await sendAtOnce(two(), clients, () => call));
  expect(await countEffects(two(), customer)).toEqual({ visits: 1, mails: 1, entries: 1 });
});

test('the same key of another agent is another key', async () => {
  const customer = await addCustomer(two(), 'Abel Reyes');
  const { servers, keys } = two();
  const [frontDesk = '', nightShift = ''] = [keys[0], keys[5]];
  for (const key of [frontDesk, nightShift]) {
    const answer = await callAction(servers[0].baseUrl, key, bookAndTell(customer, 'book Abel'));
    expect(answer).toMatchObject({ status: 200, meta: expect.not.objectContaining({ replayed: true }) });
  }
  expect(await countEffects(two(), customer)).toEqual({ visits: 2, mails: 2, entries: 2 });
});
