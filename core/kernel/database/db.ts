import pg from 'pg';
import { DeskhandError, sqlState } from '../words/errors.ts';
import { Numbers, TakenNumbers } from './numbers.ts';
import { CommitUnknown, isAway, Outage } from './outage.ts';
import { isOurOwn, isStalePlan, StatementNames } from './prepared.ts';
import { typeParser } from './read-types.ts';
import { sql } from './sql.ts';
import { commitOn, plain, rollback, SentStatements, type Tx, transactionOn } from './transaction.ts';
import { isLeftOut, reasonOf, Turns } from './turns.ts';

export type { Tx } from './transaction.ts';

/** Where the database is. `host` may be the folder of a unix socket. */
export interface DatabaseAddress {
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  ssl?: boolean;
}

/** Moments and days are read as ISO has them, whatever a server or a database is set to; a pooler keeps this one for its callers. */
const readable = "set datestyle = 'ISO, YMD'";

/** The door to the database: transactions and nothing else. No domain ever sees it. */
export interface Database {
  /**
   * Runs the work in a transaction, and again when the database went away before it can have been kept: work does nothing but
   * ask `tx`. Throws CommitUnknown when it may have been kept.
   */
  transaction<T>(mode: 'read only' | 'read write', work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Asks whether the database answers now, and throws when it does not; waits for none that is away. */
  ping(): Promise<void>;
  /** One direct connection outside the pool (LISTEN needs a session of its own). */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Connections of a pool now. */
export interface PoolFigures {
  most: number;
  in_use: number;
  /** Transactions that wait for one. */
  waiting: number;
}

/** A door with a pool behind it. */
export interface PooledDatabase extends Database {
  pool(): PoolFigures;
}

/** Thrown by `work` to end the transaction without committing and still answer with `result`. */
export class RolledBack<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super('rolled back on purpose');
    this.result = result;
  }
}

export interface DatabaseOptions {
  address: DatabaseAddress;
  /** Connections in the pool. */
  connections?: number;
  /** Whether statements are prepared by name; left out, each connection is asked whether it keeps them. */
  prepares?: boolean;
  /** How many statements are prepared by name at most; 400 when left out. */
  most_prepared?: number;
  /** How long transactions wait for a database that has gone, in milliseconds; left out, they are refused at once. */
  patience_ms?: number;
  /** Starts a database that is ours and has died. */
  revive?: () => Promise<unknown>;
}

/** Opens a pool. Connections are made when first needed; a dead database fails the call, never the process. */
export function openDatabase(options: DatabaseOptions): PooledDatabase {
  const { address } = options;
  const config: pg.ClientConfig = {
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.ssl ? { ssl: { rejectUnauthorized: true } } : {}),
    types: { getTypeParser: typeParser },
    connectionTimeoutMillis: 5000,
    // `begin` and the context statement travel together: one round trip less on every call.
    pipeline: true,
  };
  const keeping = new WeakSet<pg.ClientBase>();
  const direct = new WeakSet<pg.ClientBase>();
  const names = new StatementNames(options.most_prepared);
  const opened = new WeakMap<pg.ClientBase, Turns>();
  const turnsOf = (client: pg.ClientBase): Turns => {
    const turns = opened.get(client) ?? new Turns(client, typeParser, { remembers: direct.has(client) });
    opened.set(client, turns);
    return turns;
  };
  const openPool = (max: number) => {
    const made = new pg.Pool({
      ...config,
      max,
      idleTimeoutMillis: 30_000,
      onConnect: async client => {
        // One that dies under a call fails the call; without a listener of its own it would end the process.
        client.on('error', () => undefined);
        // Both travel together.
        const [isDirect] = await Promise.all([isOurOwn(client), client.query(readable)]);
        outage.reached();
        if (isDirect) direct.add(client);
        if (options.prepares ?? isDirect) keeping.add(client);
      },
    });
    // A connection that dies while idle is replaced at the next checkout; without a listener it would end the process.
    made.on('error', () => undefined);
    return made;
  };
  const pool = openPool(options.connections ?? 10);
  // Apart from the others: all of them may be held by transactions that wait for a number.
  const beside = openPool(2);
  const numbers = new Numbers(beside, (client, { text, values, name }) =>
    turnsOf(client).ask({ text, values, name: keeping.has(client) ? name : undefined }),
  );

  const connect = async () => {
    const client = new pg.Client({ ...config, pipeline: false });
    await client.connect();
    return client;
  };
  const outage = new Outage({
    patience_ms: options.patience_ms ?? 0,
    revive: options.revive,
    async knock() {
      const client = await connect();
      client.on('error', () => undefined);
      await client.query('select').finally(() => client.end().catch(() => undefined));
    },
  });

  const once: Database['transaction'] = async (mode, work) => {
    const client = await pool.connect();
    let isCommitting = false;
    const turns = turnsOf(client);
    const sent = new SentStatements();
    const kept = keeping.has(client) ? names : undefined;
    // A pooler may have lent all it has to transactions that wait for a number: there each counts for itself.
    const taken = new TakenNumbers(direct.has(client) ? numbers : undefined);
    try {
      sent.add(turns.ask(plain(`begin ${mode}`, kept)));
      const result = await work(transactionOn(turns, { sent, names: kept, taken }));
      isCommitting = true;
      // What was read stays read however the transaction ends.
      if (mode === 'read only' && direct.has(client)) {
        turns.owe(plain('commit', kept));
        client.release();
      } else {
        const committed = commitOn(turns, sent, kept);
        if (mode === 'read write') await committed;
        committed.then(
          () => client.release(),
          () => client.release(true),
        );
      }
      await taken.giveBackUnasked();
      return result;
    } catch (error) {
      turns.flush();
      const isLost = await rollback(client);
      client.release(isLost);
      // Whether a lost connection has committed nobody knows.
      if (!isLost) {
        await taken.giveBack();
        await taken.giveBackUnasked();
      }
      const reason = isLeftOut(error) && sent.failed ? sent.failed.error : reasonOf(error);
      if (reason instanceof RolledBack) return reason.result;
      // A statement that failed by itself has taken the rest along, whatever was sent after it.
      const isRefused = sent.failed !== undefined && !isAway(sent.failed.error);
      if (isLost && isCommitting && !isRefused) throw new CommitUnknown(error);
      if (isStalePlan(reason)) names.giveUp(reason);
      throw reason;
    }
  };

  return {
    transaction: (mode, work) =>
      outage.waitOut(() =>
        // What only reads may simply be read again; who writes knows whether it may (`isTransient`).
        once(mode, work).catch(error => {
          if (mode === 'read only' && isStalePlan(error)) return once(mode, work);
          throw error;
        }),
      ),
    async ping() {
      await once('read only', tx => tx.run(sql`select`));
    },
    connect,
    async close() {
      outage.close();
      await numbers.close();
      await Promise.all([pool.end(), beside.end()]);
    },
    pool: () => ({
      most: pool.options.max,
      in_use: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
  };
}

/**
 * Whether running the whole transaction once more can succeed: a deadlock, a lost serialization race, or a statement
 * that was prepared before the schema changed.
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40P01' || state === '40001' || isStalePlan(error);
}

/** The name of the constraint a statement broke, for mapping it to a refusal people understand. */
export function brokenConstraint(error: unknown): string | undefined {
  if (error instanceof DeskhandError || typeof error !== 'object' || error === null) return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}
