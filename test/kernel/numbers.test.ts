import type pg from 'pg';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { type BrightPanes, useBrightPanes } from '../support/bright-panes.ts';
import { openApp } from '../support/business.ts';
import { soon } from '../support/patience.ts';

// Who writes takes a number and does not wait for whoever took the one before; bills alone wait (decision 045).

const panes = useBrightPanes();
const gate = 4711;

beforeAll(async () => {
  // What is called «Held» stays in its transaction, with its number, until somebody opens the gate.
  await panes().database.owner.query(`
    create function wait_at_gate() returns trigger language plpgsql as $$
    begin
      if to_jsonb(new) ->> tg_argv[0] = 'Held' then perform pg_advisory_xact_lock(${gate}); end if;
      return new;
    end
    $$;
    create trigger wait_at_gate before insert on contacts for each row execute function wait_at_gate('full_name');
    create trigger wait_at_gate before insert on leads for each row execute function wait_at_gate('full_name');
    create trigger wait_at_gate before insert on invoices for each row execute function wait_at_gate('notes')`);
});

/** Runs `work` while the gate is closed, and opens it again. */
async function behindGate(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await panes().database.owner.connect();
  await client.query('select pg_advisory_lock($1)', [gate]);
  try {
    await work(client);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [gate]);
    client.release();
  }
}

/** Connections of this database that wait for a lock of this kind. */
const waiting = async (kind: 'advisory' | 'transactionid') => {
  const { rows } = await panes().database.owner.query<{ count: number }>(
    `select count(*)::integer as count
     from pg_locks as l
     join pg_stat_activity as a on a.pid = l.pid and a.datname = current_database()
     where not l.granted and l.locktype = $1`,
    [kind],
  );
  return rows[0]?.count;
};

const customer = (full_name: string, who = panes().dana) =>
  panes().done(who, 'contact.create', { full_name });
const numberOf = (row: Record<string, unknown>) => Number(/\d+$/.exec(String(row.reference))?.[0]);

describe('two who write at the same time', () => {
  test('do not wait for each other when they add customers, or take in inquiries', async () => {
    const inquiry = (full_name: string) => panes().done(panes().dana, 'lead.create', { full_name });
    for (const add of [customer, inquiry]) {
      let held: Promise<Record<string, unknown>> | undefined;
      await behindGate(async () => {
        held = add('Held');
        await vi.waitFor(async () => expect(await waiting('advisory')).toBe(1), soon);
        // Answered while the other one is still in its transaction.
        const first = await add('Quick One');
        const second = await add('Quick Two');
        expect(numberOf(second)).toBe(numberOf(first) + 1);
        expect(await waiting('advisory')).toBe(1);
        expect(await waiting('transactionid')).toBe(0);
      });
      const [late, next] = [await held, await add('Afterwards')];
      // In the order in which they began.
      expect(numberOf(next)).toBe(numberOf(late ?? {}) + 3);
    }
  });

  test('wait for each other when they draft bills, whose numbers may have no gap', async () => {
    const bill = (notes: string) =>
      panes().done(panes().dana, 'invoice.create', {
        contact_id: 'C-1001',
        notes,
        lines: [{ description: 'Ladder rental', unit_price_cents: 2500 }],
      });
    const answered: string[] = [];
    let both: Promise<Record<string, unknown>[]> | undefined;
    await behindGate(async () => {
      const held = bill('Held').finally(() => answered.push('held'));
      await vi.waitFor(async () => expect(await waiting('advisory')).toBe(1), soon);
      const next = bill('Next').finally(() => answered.push('next'));
      both = Promise.all([held, next]);
      await vi.waitFor(async () => expect(await waiting('transactionid')).toBe(1), soon);
      expect(answered).toEqual([]);
    });
    const [held, next] = (await both) ?? [];
    // Kept in this order, which the numbers tell: the answers to both may arrive in one turn.
    expect(answered.toSorted()).toEqual(['held', 'next']);
    expect(numberOf(next ?? {})).toBe(numberOf(held ?? {}) + 1);
  });
});

describe('numbers that many want one after the other', () => {
  /** The clock stands still, so that whoever asks does so at once, and a while passes when the test says so. */
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    return () => vi.useRealTimers();
  });

  const takeBy = (door: Pick<Database, 'transaction'>, kind: string): Promise<number> =>
    door.transaction(
      'read write',
      async tx => (await tx.numbers.take({ organization_id: panes().bright.id, kind, start: 1 }, 1)) ?? 0,
    );

  /** The last number that was taken, handed out or not. */
  async function lastOf(kind: string): Promise<number> {
    const { rows } = await panes().database.owner.query<{ value: number }>(
      'select value::integer from counters where organization_id = $1 and kind = $2',
      [panes().bright.id, kind],
    );
    return rows[0]?.value ?? 0;
  }

  /** Takes numbers until some are taken ahead; answers those that were handed out. */
  async function takeUntilAhead(door: Pick<Database, 'transaction'>, kind: string): Promise<number[]> {
    const handed: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      handed.push(await takeBy(door, kind));
      if ((await lastOf(kind)) > (handed.at(-1) ?? 0)) break;
    }
    expect(await lastOf(kind)).toBeGreaterThan(handed.length);
    return handed;
  }

  test('are taken ahead, stand in their order without a gap, and are given back when nobody comes', async () => {
    const { db } = panes();
    const handed = await takeUntilAhead(db, 'X');
    for (let turn = 0; turn < 30; turn += 1) handed.push(await takeBy(db, 'X'));
    expect(handed).toEqual(handed.map((_, index) => index + 1));
    vi.advanceTimersByTime(25);
    await expect.poll(() => lastOf('X')).toBe(handed.length);
  });

  test('are given back when the process ends', async () => {
    const other = openDatabase({ address: panes().database.address });
    const handed = await takeUntilAhead(other, 'Y').finally(() => other.close());
    expect(await lastOf('Y')).toBe(handed.length);
  });

  test('are nobody else’s: another process has the next one after them, and then none is taken ahead', async () => {
    const { db, database } = panes();
    const other = openDatabase({ address: database.address });
    try {
      const mine = await takeUntilAhead(db, 'Z');
      const kept = await lastOf('Z');
      const theirs = await takeBy(other, 'Z');
      expect(theirs).toBe(kept + 1);
      while ((mine.at(-1) ?? 0) < theirs) mine.push(await takeBy(db, 'Z'));
      // Those that were kept, and then the one after theirs.
      expect(mine).toEqual(mine.map((_, index) => (index < kept ? index + 1 : kept + 2)));
      expect(await lastOf('Z')).toBe(kept + 2);
    } finally {
      await other.close();
    }
  });
});

describe('a number', () => {
  test('is taken back from what comes to nothing: a preview, and a refusal', async () => {
    const { act, dana } = panes();
    const before = await customer('Ann Before');
    await act(dana, 'contact.create', { full_name: 'Just Looking' }, { preview: true });
    await expect(act(dana, 'contact.create', { full_name: 'Ann', company_id: 'CO-9999' })).rejects.toThrow();
    expect(numberOf(await customer('Ann After'))).toBe(numberOf(before) + 1);
  });

  test('stays a gap when another one was taken since, and is never given twice', async () => {
    const { database, dana } = panes();
    await database.owner.query(`
      create function refuse_doomed() returns trigger language plpgsql as $$
      begin
        if new.full_name = 'Doomed' then
          perform pg_advisory_xact_lock(${gate});
          raise exception 'doomed';
        end if;
        return new;
      end
      $$;
      create trigger a_doomed before insert on contacts for each row execute function refuse_doomed()`);
    const before = await customer('Ben Before');
    let doomed: Promise<unknown> | undefined;
    let meanwhile: Record<string, unknown> = {};
    await behindGate(async () => {
      doomed = customer('Doomed').catch(error => error);
      await vi.waitFor(async () => expect(await waiting('advisory')).toBe(1), soon);
      meanwhile = await customer('Ben Meanwhile');
    });
    expect(await doomed).toBeInstanceOf(Error);
    const after = await customer('Ben After');
    expect([meanwhile, after].map(row => numberOf(row) - numberOf(before))).toEqual([2, 3]);
    // Nothing of ours minds the gap: it is found, listed and named like any other.
    expect(
      await panes().done(dana, 'contact.update', { contact_id: after.reference, nickname: 'B' }),
    ).toMatchObject({
      nickname: 'B',
    });
  });

  test('is nobody else’s: eight who write in two processes’ pools at once, and another business counts for itself', async () => {
    const { database, bright, clear, now } = panes();
    const other = openDatabase({ address: database.address });
    try {
      const app = openApp(other, now);
      const elsewhere: BrightPanes['done'] = async (caller, action, data = {}) =>
        (await app.execute(caller, { action, data }, { request_id: newId() })).data;
      const writer = async (number: number) => {
        const done = number % 2 === 0 ? panes().done : elsewhere;
        const made = [];
        for (let turn = 0; turn < 5; turn += 1)
          made.push(
            numberOf(await done(bright.owner, 'contact.create', { full_name: `Customer ${number} ${turn}` })),
          );
        // Whoever comes later has the higher number.
        expect(made).toEqual([...made].sort((one, two) => one - two));
        return made;
      };
      const all = (await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)))).flat();
      expect(new Set(all).size).toBe(40);
      expect(Math.max(...all) - Math.min(...all)).toBe(39);
      expect((await customer('First There', clear.owner)).reference).toBe('C-1001');
    } finally {
      await other.close();
    }
  });

  test('is not taken for a business that nobody else knows yet: who founds it counts for itself', async () => {
    const nobody = { organization_id: newId(), kind: 'C', start: 1001 };
    const first = await panes().db.transaction('read write', tx => tx.numbers.take(nobody, 1));
    expect(first).toBeUndefined();
    const { rows } = await panes().database.owner.query(
      'select organization_id from counters where organization_id = $1',
      [nobody.organization_id],
    );
    expect(rows).toEqual([]);
  });
});
