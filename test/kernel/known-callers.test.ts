import { beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../core/app.ts';
import { type Database, openDatabase, type Tx } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { openApp } from '../support/business.ts';
import { refusal } from '../support/refusal.ts';

// An agent that called before is expected to be the same: what it reads, and the number of what it adds, are asked for in the turn in
// which the database is asked who calls (decision 063). Who calls is said by the database all the same, each time.

const panes = useBrightPanes();
let heard: string[] = [];
let app: App;

const told = (text: string) => (text.includes('enter(') ? 'who calls' : 'rows');

/** Notes what is asked and what is told, in their order. */
function overheard(db: Database): Database {
  const listen = (tx: Tx): Tx => ({
    ...tx,
    async one(row, statement) {
      heard.push(`asked ${told(statement.text)}`);
      const found = await tx.one(row, statement);
      heard.push(`told ${told(statement.text)}`);
      return found;
    },
    async many(row, statement) {
      heard.push(`asked ${told(statement.text)}`);
      return tx.many(row, statement);
    },
  });
  return { ...db, transaction: (mode, work) => db.transaction(mode, tx => work(listen(tx))) };
}

const list = (caller = panes().agent) =>
  app.read(caller, 'contacts', { fields: ['full_name'] }, { request_id: newId() });
const names = async (caller = panes().agent) => (await list(caller)).rows.map(row => row.full_name);

beforeEach(() => {
  app = openApp(overheard(panes().db), panes().now);
  heard = [];
});

describe('an agent that is known', () => {
  test('reads its list in the turn in which the database is asked who calls; one that is new, and a person, after it', async () => {
    const after = ['asked who calls', 'told who calls', 'asked rows'];
    expect(await names()).toContain('Jane Smith');
    expect(heard).toEqual(after);
    heard = [];
    expect(await names()).toContain('Jane Smith');
    expect(heard).toEqual(['asked who calls', 'asked rows', 'told who calls']);
    for (const turn of ['first', 'second']) {
      heard = [];
      expect(await names(panes().dana), turn).toContain('Jane Smith');
      expect(heard).toEqual(after);
    }
  });

  test('is known no more when its key is revoked, and reads nothing', async () => {
    const { done, olivia } = panes();
    const agent = await done(olivia, 'agent.create', { name: 'Helper' });
    const { key, prefix } = await done(olivia, 'agent.create_key', { agent_id: agent.id });
    const helper = { via: 'key', key: String(key) } as const;
    for (let turn = 0; turn < 2; turn += 1) expect(await names(helper)).toContain('Jane Smith');
    await done(olivia, 'agent.revoke_key', { key: prefix });
    for (let turn = 0; turn < 2; turn += 1)
      expect(await refusal(list(helper))).toMatchObject({ code: 'UNAUTHENTICATED' });
    // Others are not touched by it.
    expect(await names()).toContain('Jane Smith');
  });

  test('reads anew when anything has changed that is known of it', async () => {
    const { database, bright } = panes();
    const move = (zone: string) =>
      database.owner.query(`
        begin;
        select set_config('app.actor', '{"kind": "system", "name": "installation"}', true);
        update organizations set time_zone = '${zone}' where id = '${bright.id}';
        commit`);
    const asks = () => heard.filter(what => what === 'asked rows').length;
    await names();
    await move('America/New_York');
    heard = [];
    expect((await list()).time_zone).toBe('America/New_York');
    expect(asks()).toBe(2);
    expect((await list()).time_zone).toBe('America/New_York');
    expect(asks()).toBe(3);
    await move('America/Chicago');
  });

  test('is refused what went wrong with its own list, and not what went wrong with another’s', async () => {
    const { agent, clear } = panes();
    await names();
    expect(
      await refusal(app.read(agent, 'contacts', { id: 'C-9999' }, { request_id: newId() })),
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await names(clear.agent)).not.toContain('Jane Smith');
    expect(await names()).toContain('Jane Smith');
  });

  test('is understood once, as long as the same is said of it; a person is each time', async () => {
    const { db, agent, dana } = panes();
    const ask = (caller: Caller) =>
      db.transaction('read only', tx => authenticate(tx, caller, { request_id: newId() }));
    const [first, second] = [await ask(agent), await ask(agent)];
    expect(second).toBe(first);
    expect(() => Object.assign(first.actor, { name: 'Somebody else' })).toThrow(TypeError);
    const [before, after] = [await ask(dana), await ask(dana)];
    expect(after).toEqual(before);
    expect(after).not.toBe(before);
  });
});

describe('a number that is taken while the database is asked who calls', () => {
  const add = async (data: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    app.execute(panes().agent, { action: 'contact.create', data, ...more }, { request_id: newId() });
  const numberOf = ({ data }: { data: Record<string, unknown> }) =>
    Number(/\d+$/.exec(String(data.reference))?.[0]);

  test('is the next one, and comes back from a call that is refused, repeated or waits for the owner', async () => {
    const { done, olivia } = panes();
    await names();
    const first = numberOf(await add({ full_name: 'Ann First' }));
    expect(numberOf(await add({ full_name: 'Ann Second' }))).toBe(first + 1);
    await refusal(add({ full_name: 'Ann Nobody', company_id: 'CO-9999' }));
    const once = { idempotency_key: 'once' };
    expect(numberOf(await add({ full_name: 'Ann Third' }, once))).toBe(first + 2);
    expect(numberOf(await add({ full_name: 'Ann Third' }, once))).toBe(first + 2);
    await done(olivia, 'authorization.set_level', {
      action: 'contact.create',
      level: 'requires_authorization',
    });
    expect(await add({ full_name: 'Ann Waiting' })).toMatchObject({ status: 'pending_authorization' });
    await done(olivia, 'authorization.set_level', { action: 'contact.create', level: 'unrestricted' });
    expect(numberOf(await add({ full_name: 'Ann Fourth' }))).toBe(first + 3);
  });

  test('is given back when nobody asks for it', async () => {
    const { database, bright } = panes();
    const db = openDatabase({ address: database.address });
    const counted = { organization_id: bright.id, kind: 'C', start: 1001 };
    const next = () => db.transaction('read write', tx => tx.numbers.take(counted, 1));
    try {
      const before = (await next()) ?? 0;
      const taken = await db.transaction('read write', async tx => {
        tx.numbers.takeAhead(counted);
        return [await tx.numbers.take(counted, 1), await tx.numbers.take(counted, 1)];
      });
      expect(taken).toEqual([before + 1, before + 2]);
      await db.transaction('read write', async tx => tx.numbers.takeAhead(counted));
      await db.transaction('read only', async tx => tx.numbers.takeAhead(counted));
      expect(await next()).toBe(before + 3);
    } finally {
      await db.close();
    }
  });
});
