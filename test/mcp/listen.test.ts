import type { Client } from '@modelcontextprotocol/client';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { budgets } from '../../core/kernel/words/budgets.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { connectWith, useMcpServer } from '../support/mcp-server.ts';

// A client that listens learns that its request was decided, and nothing of anybody else's.

const panes = useBrightPanes();
const url = useMcpServer(panes);
const reasoning = 'The owner mentioned it on the telephone';

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

/** A client that listens; keeps the addresses it is told of. */
async function connect(key = panes().bright.agent.key) {
  const client = await connectWith(url(), key);
  open.push(client);
  const told: string[] = [];
  client.setNotificationHandler(
    'notifications/resources/updated',
    ({ params }) => void told.push(params.uri),
  );
  const listen = (...uris: string[]) => client.listen({ resourceSubscriptions: uris });
  return { client, told, listen };
}

/** Something an agent asks for that waits for its owner; answers its address. */
async function ask(name: string, business: 'bright' | 'clear' = 'bright'): Promise<string> {
  const { act } = panes();
  const { key } = panes()[business].agent;
  const { data } = await act({ via: 'key', key }, 'organization.update_settings', { name }, { reasoning });
  return `deskhand://${String(data.request)}`;
}

const caller = (business: 'bright' | 'clear') =>
  business === 'bright' ? panes().olivia : panes().clear.owner;

async function deny(uri: string, business: 'bright' | 'clear' = 'bright') {
  const { read, done } = panes();
  const [request] = await read(caller(business), 'authorization_requests', {
    id: uri.replace('deskhand://', ''),
    fields: ['reference', 'digest'],
  });
  await done(caller(business), 'authorization.deny', {
    request: request?.reference,
    digest: request?.digest,
    note: 'No',
  });
}

const waitFor = (is: () => boolean | Promise<boolean>) => expect.poll(is, { timeout: 60_000 }).toBe(true);

describe('a client that listens', () => {
  test('never hears of a request of another business, though it goes by the same number, nor of one of another agent', async () => {
    const { bright, clear, done, olivia } = panes();
    const [uri, theirs] = [await ask('First'), await ask('Clearer', 'clear')];
    expect(uri).toBe(theirs);
    const second = await done(olivia, 'agent.create', { name: 'Second' });
    const { key } = await done(olivia, 'agent.create_key', { agent_id: second.id });
    const [own, their, others] = [
      await connect(bright.agent.key),
      await connect(clear.agent.key),
      await connect(String(key)),
    ];
    await own.listen(uri);
    await their.listen(theirs);
    expect((await others.listen(uri)).honoredFilter).toEqual({});
    await deny(uri);
    await waitFor(() => own.told.length > 0);
    expect([own.told, their.told, others.told]).toEqual([[uri], [], []]);
    await deny(theirs, 'clear');
    await waitFor(() => their.told.length > 0);
    expect([own.told, their.told]).toEqual([[uri], [theirs]]);
  });

  test('is told when its request was decided, and reads what became of it', async () => {
    const uri = await ask('One');
    const { client, told, listen } = await connect();
    const { honoredFilter } = await listen(uri);
    expect(honoredFilter).toEqual({ resourceSubscriptions: [uri] });
    expect(told).toEqual([]);
    await deny(uri);
    await waitFor(() => told.includes(uri));
    const { contents } = await client.readResource({ uri });
    expect(JSON.stringify(contents)).toContain('denied');
  });

  test('is told at once of one that was decided before it listened', async () => {
    const uri = await ask('Two');
    await deny(uri);
    const { told, listen } = await connect();
    await listen(uri);
    await waitFor(() => told.includes(uri));
    expect(told).toEqual([uri]);
  });

  test('hears only of what it named', async () => {
    const [one, other] = [await ask('Three'), await ask('Four')];
    const { told, listen } = await connect();
    await listen(other);
    await deny(one);
    await deny(other);
    await waitFor(() => told.length > 0);
    expect(told).toEqual([other]);
  });

  test('is acknowledged what can be listened to, and nothing else', async () => {
    const { listen } = await connect();
    const uri = await ask('Six');
    const { honoredFilter } = await listen(
      'deskhand://C-1001',
      'deskhand://R-9999',
      'https://example.com',
      uri,
    );
    expect(honoredFilter).toEqual({ resourceSubscriptions: [uri] });
    expect((await listen('deskhand://today')).honoredFilter).toEqual({});
  });

  test('has its stream ended when its key is', async () => {
    const { done, olivia } = panes();
    const agent = await done(olivia, 'agent.create', { name: 'Short-lived' });
    const made = await done(olivia, 'agent.create_key', { agent_id: agent.id });
    const { act } = panes();
    const { data } = await act(
      { via: 'key', key: String(made.key) },
      'organization.update_settings',
      { name: 'Seven' },
      { reasoning },
    );
    const uri = `deskhand://${String(data.request)}`;
    const { listen } = await connect(String(made.key));
    const subscription = await listen(uri);
    await done(olivia, 'agent.revoke_key', { key: made.prefix });
    await deny(uri).catch(() => undefined);
    expect(await subscription.closed).toBe('graceful');
  });
});

describe('how many listen', () => {
  test('is bounded for each key and for each stream; whoever leaves makes room', async () => {
    const uri = await ask('Eight');
    const { listen } = await connect();
    const subscriptions = [];
    for (let n = 0; n < budgets.watches; n += 1) subscriptions.push(await listen(uri));
    await expect(listen(uri)).rejects.toThrow('Subscription limit reached');
    const other = await connect(panes().clear.agent.key);
    await other.listen(await ask('Nine', 'clear'));
    await subscriptions[0]?.close();
    await waitFor(() =>
      listen(uri).then(
        () => true,
        () => false,
      ),
    );
    const many = Array.from({ length: budgets.watched_rows + 1 }, (_, n) => `deskhand://R-${n + 1}`);
    await expect(other.listen(...many)).rejects.toThrow('Subscription limit reached');
  });

  test('nothing is left when the last one is gone: no connection to the database listens', async () => {
    const admin = new pg.Client({ ...panes().database.admin, ssl: false });
    await admin.connect();
    const uri = await ask('Ten');
    const listeners = async () => {
      const { rows } = await admin.query(
        "select 1 from pg_stat_activity where datname = current_database() and query = 'listen deskhand_changed'",
      );
      return rows.length;
    };
    const { client, listen } = await connect();
    await listen(uri);
    await waitFor(async () => (await listeners()) === 1);
    await client.close();
    await waitFor(async () => (await listeners()) === 0);
    await admin.end();
  });
});
