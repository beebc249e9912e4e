import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase, RolledBack, type Tx } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { type Business, useOffice } from '../support/office.ts';

const office = useOffice();
let pool: Database;

beforeAll(() => {
  pool = openDatabase({ address: office().database.address, connections: 2 });
});
afterAll(() => pool.close());

const seen = z.object({ name: z.string() });

/** The names of all businesses a connection can see at this moment. */
const businessesSeenBy = (tx: Tx) => tx.many(seen, sql`select name from organizations`);

const enterAs = (tx: Tx, caller: Caller) => authenticate(tx, caller, { request_id: newId() });

const settings = z.object({
  organization: z.string().nullable(),
  actor: z.string().nullable(),
  timeout: z.string(),
  role: z.string(),
});

const currentSettings = (tx: Tx) =>
  tx.one(
    settings,
    sql`
    select nullif(current_setting('app.current_organization_id', true), '') as organization,
      nullif(current_setting('app.actor', true), '') as actor,
      current_setting('statement_timeout') as timeout,
      current_setting('role') as role`,
  );

/** Ways in which the work of a transaction can end. */
const endings: readonly ((tx: Tx) => Promise<unknown>)[] = [
  async () => 'committed',
  async () => {
    throw new Error('the work failed');
  },
  async () => {
    throw new RolledBack('a preview');
  },
  tx => tx.run(sql`select 1 / 0`),
  async tx => {
    // A failed statement that nobody minds leaves an aborted transaction behind, which must not pass for done.
    await tx.run(sql`select no_such_column`).catch(() => undefined);
  },
  async tx => {
    await tx.run(sql`set local statement_timeout = 5`);
    return tx.run(sql`select pg_sleep(1)`);
  },
];

describe('two businesses that share two connections', () => {
  test('never see each other in 200 rounds of errors, aborts and timeouts', async () => {
    const visit = async (business: Business, name: string, round: number) => {
      const work = pool.transaction('read write', async tx => {
        await enterAs(tx, round % 2 === 0 ? business.owner : business.agent);
        expect(await businessesSeenBy(tx)).toEqual([{ name }]);
        return endings[round % endings.length]?.(tx);
      });
      return work.then(
        () => 'done' as const,
        () => 'failed' as const,
      );
    };
    const { bright, clear } = office();
    const counts = { done: 0, failed: 0 };
    for (let round = 0; round < 200; round++) {
      const results = await Promise.all([
        visit(bright, 'Bright Panes Window Cleaning', round),
        visit(clear, 'Clear View Co', round + 1),
        visit(bright, 'Bright Panes Window Cleaning', round + 3),
      ]);
      for (const result of results) counts[result] += 1;
    }
    // Four of six endings are failures: they did happen, and so did the others.
    expect(counts).toEqual({ done: 200, failed: 400 });
  });

  test('are entered the same way where Citus is loaded, in statements that reach its other nodes', async () => {
    const { bright } = office();
    const request = { request_id: newId(), user_agent: "O'Brien's \\ browser" };
    const entered = (isLoaded: boolean) =>
      pool.transaction('read write', async tx => {
        // What Citus defines when it is loaded.
        if (isLoaded) await tx.run(sql`select set_config('citus.propagate_set_commands', 'local', true)`);
        await authenticate(tx, bright.agent, request);
        return currentSettings(tx);
      });
    const plain = await entered(false);
    expect(plain).toMatchObject({ organization: bright.id, timeout: '10s', role: 'deskhand_app' });
    expect(JSON.parse(plain.actor ?? '')).toMatchObject({ kind: 'agent', ...request });
    expect(await entered(true)).toEqual(plain);
  });

  test('leave nothing behind on either connection', async () => {
    const waiting: (() => void)[] = [];
    const both = Promise.all(
      [1, 2].map(() =>
        pool.transaction('read only', async tx => {
          const found = await currentSettings(tx);
          // Held until the other one has looked too, so that it is the other connection.
          await new Promise<void>(resolve => {
            waiting.push(resolve);
            if (waiting.length === 2) for (const go of waiting) go();
          });
          return found;
        }),
      ),
    );
    const clean = { organization: null, actor: null, timeout: '0', role: 'none' };
    expect(await both).toEqual([clean, clean]);
  });

  test('a transaction that forgot to say who it is for raises instead of answering an empty list', async () => {
    const forgetful = (statement: ReturnType<typeof sql>) =>
      pool.transaction('read write', tx => tx.many(z.looseObject({}), statement));
    await expect(forgetful(sql`select id from contacts`)).rejects.toThrow(
      /uuid|app\.current_organization_id/,
    );
    await expect(
      forgetful(sql`
        insert into counters (organization_id, kind, value)
        values (${office().bright.id}::uuid, 'X', 1)
        returning kind`),
    ).rejects.toThrow(/uuid|app\.current_organization_id/);
    const remembered = await pool.transaction('read only', async tx => {
      await enterAs(tx, office().bright.owner);
      return tx.many(z.looseObject({}), sql`select id from members`);
    });
    expect(remembered).toHaveLength(4);
  });

  test('a key that is not good sees nothing and sets nothing', async () => {
    const work = pool.transaction('read only', async tx => {
      await enterAs(tx, { via: 'key', key: 'dh_wrong' }).catch(() => undefined);
      return businessesSeenBy(tx);
    });
    await expect(work).rejects.toThrow(/uuid/);
  });

  test('a row cannot be written for another business', async () => {
    const { bright, clear } = office();
    const write = (organization: string) =>
      pool.transaction('read write', async tx => {
        await enterAs(tx, bright.owner);
        return tx.run(
          sql`insert into counters (organization_id, kind, value) values (${organization}::uuid, 'X', 1)`,
        );
      });
    await expect(write(clear.id)).rejects.toThrow('row-level security');
    expect(await write(bright.id)).toBe(1);
  });
});
