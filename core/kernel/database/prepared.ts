import type pg from 'pg';
import { sqlState } from '../words/errors.ts';

// A statement with a name is parsed once per connection, and after some runs planned once; without one PostgreSQL does
// both every time, which costs a create as much as its inserts do.

/** Uses before a statement is named: what comes once or twice (an import's thousand cells) is not worth keeping. */
const usesBefore = 3;
/** Names in all, unless somebody says otherwise. Each costs every connection some tens of kilobytes. */
const usualMost = 400;
const mostCounted = 2_000;
const longestText = 8_000;

/** Names for the statements that come again: one set for a pool, since each of its connections may use the same names. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  readonly #most: number;
  #given = 0;
  #isOff = false;

  /** `most` names at most: 400 when left out. */
  constructor(most: number = usualMost) {
    this.#most = most;
  }

  /** The name of a statement, or undefined while it has not come often enough. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#isOff || this.#names.size >= this.#most || text.length > longestText) return undefined;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses < usesBefore) {
      if (this.#uses.size >= mostCounted) this.#uses.clear();
      this.#uses.set(text, uses);
      return undefined;
    }
    this.#uses.delete(text);
    this.#given += 1;
    const name = `deskhand_${this.#given}`;
    this.#names.set(text, name);
    return name;
  }

  /** After a stale statement every connection has to prepare anew; one that loses what it prepared never does again. */
  giveUp(error: unknown): void {
    this.#names.clear();
    if (sqlState(error) !== schemaChanged) this.#isOff = true;
  }
}

/**
 * Whether this connection is one server process for as long as it lives, so that what is prepared on it is still there in the next
 * transaction. A pooler that lends connections by the transaction (PgBouncer) shows a process number of its own making instead
 * of the server's.
 */
export async function isOurOwn(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return 'processID' in client && client.processID === rows[0]?.pid;
}

const schemaChanged = '0A000';

/**
 * Whether a statement failed only because it was prepared: the schema changed since (a migration while the server runs),
 * or another server process got it than the one it was prepared on. The next try runs it.
 */
export function isStalePlan(error: unknown): boolean {
  const state = sqlState(error);
  if (state === '26000' || state === '42P05') return true;
  return state === schemaChanged && error instanceof Error && error.message.includes('cached plan');
}
