import { beforeEach, describe, expect, test } from 'vitest';
import { listStrays } from '../../core/kernel/outside/webhook-strays.ts';
import { useHttp } from '../support/http.ts';
import { signed } from '../support/stripe/server.ts';

const common = 'whsec_ofallbusinesses000000001';
const front = useHttp({ secrets: { stripe_webhook: common } });

/** A page that nobody here has opened; it happened long ago, so nobody waits for it any more. */
const foreign = (id: string) => ({
  id,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1_700_000_000,
  type: 'checkout.session.completed',
  data: { object: { id: 'cs_test_foreign', object: 'checkout.session', customer_email: 'jane@example.com' } },
});

const send = (event: object, secret = common, path = '') =>
  front().send('POST', `/api/webhooks/stripe${path}`, { key: null, ...signed(event, secret) });
const strays = () => listStrays(front().office.db);
const warned = () => front().logs.filter(line => line.includes('"level":40'));
const seen = async () => {
  const { office } = front();
  const { bright, clear } = office;
  const lists = [bright, clear].flatMap(({ owner }) => [
    office.read(owner, 'webhook_events'),
    office.read(owner, 'security_events'),
  ]);
  return (await Promise.all(lists)).flat();
};

beforeEach(async () => {
  await front().office.database.owner.query('delete from webhook_strays; delete from security_events');
  front().logs.length = 0;
});

describe('at the address of all businesses', () => {
  test('an event that nobody here knows is taken, counted, and said in the log by its id and type alone', async () => {
    expect((await send(foreign('evt_1'))).status).toBe(200);
    expect((await send(foreign('evt_2'))).status).toBe(200);
    expect(await strays()).toMatchObject([
      {
        provider: 'stripe',
        reason: 'unknown',
        count: 2,
        event_id: 'evt_2',
        event_type: 'checkout.session.completed',
      },
    ]);
    expect(warned()).toHaveLength(2);
    expect(warned()[0]).toContain('evt_1');
    expect(warned().join()).not.toMatch(/cs_test_foreign|jane@/);
    expect(await seen()).toEqual([]);
  });

  test('a wrong signature is refused, and counted without a word of what it says', async () => {
    expect((await send(foreign('evt_3'), 'whsec_somebodyelse00000000001')).status).toBe(401);
    expect(await strays()).toMatchObject([
      { provider: 'stripe', reason: 'signature', count: 1, event_id: null, event_type: null },
    ]);
    expect(warned()).toHaveLength(1);
    expect(warned().join()).not.toMatch(/evt_3|cs_test_foreign|whsec/);
    expect(await seen()).toEqual([]);
  });
});

test('at the address of one business nothing is a stray: it is told to that business', async () => {
  expect((await send(foreign('evt_4'), common, '/bright-panes')).status).toBe(200);
  expect((await send(foreign('evt_5'), 'whsec_somebodyelse00000000001', '/bright-panes')).status).toBe(401);
  expect(await strays()).toEqual([]);
  expect((await seen()).map(({ event_id, kind }) => event_id ?? kind).sort()).toEqual(['evt_4', 'webhook']);
});

test('what has not come for ninety days is forgotten', async () => {
  await send(foreign('evt_6'));
  const { database } = front().office;
  const sweep = `select sweep_from_outside(now() - interval '90 days', now() - interval '30 days')`;
  await database.owner.query(sweep);
  expect(await strays()).toHaveLength(1);
  await database.owner.query(`update webhook_strays set last_at = now() - interval '91 days'`);
  await database.owner.query(sweep);
  expect(await strays()).toEqual([]);
});
