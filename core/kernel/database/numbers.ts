import type pg from 'pg';
import { z } from 'zod';
import { type Got, kept_ms, Run } from './number-run.ts';
import type { Answered, Asked } from './turns.ts';

// Numbers that may have gaps (decision 045) are taken on connections of their own, each in a transaction of one statement, so
// that nobody who writes waits for another's commit to learn a number.

/** One kind of number of one business. */
export interface Counted {
  organization_id: string;
  kind: string;
  /** The first one there ever is. */
  start: number;
}

interface Waiting {
  count: number;
  resolve(first: number | undefined): void;
  reject(error: unknown): void;
}

/** Those who want the same kind of number. */
interface Line {
  counted: Counted;
  waiting: Waiting[];
  /** What is kept for whoever comes next. */
  run: Run;
  /** Gives it back. */
  over?: NodeJS.Timeout;
  isServed: boolean;
}

/** So many kinds are remembered; then a new one takes the place of the oldest, unless somebody wants one of its numbers. */
const mostLines = 1000;

const keyOf = ({ organization_id, kind }: Counted) => `${organization_id} ${kind}`;

const taken = z.object({ first: z.coerce.number().nullable() });

const take = {
  name: 'take_numbers',
  text: 'select take_numbers($1::uuid, $2::text, $3::bigint, $4::integer) as first',
};
const giveBack = {
  name: 'give_numbers_back',
  text: 'select give_numbers_back($1::uuid, $2::text, $3::bigint, $4::bigint, $5::integer)',
};

/** Runs a statement on a connection, under its name where the connection keeps what is prepared on it. */
type Ask = (client: pg.PoolClient, statement: Asked) => Promise<Answered>;

/** Takes numbers for a whole pool. Who asks for the same kind while an answer is on its way is answered by the next one. */
export class Numbers {
  readonly #pool: pg.Pool;
  readonly #ask: Ask;
  readonly #lines = new Map<string, Line>();

  constructor(pool: pg.Pool, ask: Ask) {
    this.#pool = pool;
    this.#ask = ask;
  }

  /**
   * The first of `count` numbers that are nobody else's, whatever becomes of the caller's transaction; undefined for a
   * business that only the caller's own transaction knows.
   */
  take(counted: Counted, count: number): Promise<number | undefined> {
    const line = this.#lineOf(counted);
    const spare = line.isServed ? undefined : line.run.hand(count);
    if (spare !== undefined) return Promise.resolve(spare);
    return new Promise((resolve, reject) => {
      line.waiting.push({ count, resolve, reject });
      void this.#serve(line);
    });
  }

  /** Numbers of a transaction that came to nothing, unless somebody has taken the next one since: then they stay a gap. */
  async giveBack(counted: Counted, first: number, count: number): Promise<void> {
    if (this.#lines.get(keyOf(counted))?.run.takesBack(first, count)) return;
    await this.#giveBack(counted, first, count);
  }

  /** Gives back what is kept for whoever comes next. */
  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(line => this.#giveSpareBack(line)));
  }

  #lineOf(counted: Counted): Line {
    const key = keyOf(counted);
    const known = this.#lines.get(key);
    if (known) return known;
    const [oldest] = this.#lines.values();
    if (oldest && this.#lines.size >= mostLines && !oldest.isServed && oldest.run.spare === 0)
      this.#lines.delete(keyOf(oldest.counted));
    const line: Line = { counted, waiting: [], run: new Run(), isServed: false };
    this.#lines.set(key, line);
    return line;
  }

  async #serve(line: Line): Promise<void> {
    if (line.isServed) return;
    line.isServed = true;
    for (let [next] = line.waiting; next; [next] = line.waiting) {
      const spare = line.run.hand(next.count);
      if (spare === undefined) await this.#serveTogether(line);
      else line.waiting.shift()?.resolve(spare);
    }
    line.isServed = false;
  }

  /** All who wait, by one statement. */
  async #serveTogether(line: Line): Promise<void> {
    const waiting = line.waiting.splice(0);
    try {
      await this.#giveSpareBack(line);
      const { organization_id, kind, start } = line.counted;
      const count = waiting.reduce((sum, { count }) => sum + count, 0);
      const ahead = count === waiting.length ? line.run.ahead() : 0;
      const { rows } = await this.#query(take, [organization_id, kind, start, count + ahead]);
      const { first } = taken.parse(rows[0]);
      if (first !== null) await this.#keep(line, { first, count, ahead });
      let next = first;
      for (const one of waiting) {
        one.resolve(next ?? undefined);
        if (next !== null) next += one.count;
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async #keep(line: Line, got: Got): Promise<void> {
    line.run.note(got);
    if (line.run.spare === 0) return;
    if (!line.run.goesOn) return this.#giveSpareBack(line);
    line.over = setTimeout(() => void this.#giveSpareBack(line), kept_ms);
    line.over.unref();
  }

  /** Never throws: a gap is harmless. */
  async #giveSpareBack(line: Line): Promise<void> {
    clearTimeout(line.over);
    const { first, count } = line.run.end();
    if (count > 0) await this.#giveBack(line.counted, first, count).catch(() => undefined);
  }

  async #giveBack({ organization_id, kind, start }: Counted, first: number, count: number): Promise<void> {
    await this.#query(giveBack, [organization_id, kind, start, first, count]);
  }

  async #query(statement: Omit<Asked, 'values'>, values: unknown[]): Promise<Answered> {
    const client = await this.#pool.connect();
    try {
      const result = await this.#ask(client, { values, ...statement });
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

interface Taken {
  counted: Counted;
  count: number;
  first: Promise<number | undefined>;
}

/** The numbers one transaction has taken, to be given back when it comes to nothing. */
export class TakenNumbers {
  readonly #numbers: Numbers | undefined;
  readonly #taken: Taken[] = [];
  /** Taken and not asked for yet. */
  readonly #ahead: Taken[] = [];

  /** Without `numbers` the transaction counts for itself. */
  constructor(numbers: Numbers | undefined) {
    this.#numbers = numbers;
  }

  /** How often numbers were taken; what was taken later is given back by `giveBack(so_far)`. */
  get so_far(): number {
    return this.#taken.length;
  }

  /** The first of `count` numbers; undefined where the transaction counts for itself, as for a business that it founds. */
  async take(counted: Counted, count: number): Promise<number | undefined> {
    if (!this.#numbers) return undefined;
    const first = this.#askedFor(counted, count) ?? this.#numbers.take(counted, count);
    this.#taken.push({ counted, count, first });
    return first;
  }

  /** Takes a number that will be asked for soon. One that nobody asks for is given back. */
  takeAhead(counted: Counted): void {
    const first = this.#numbers?.take(counted, 1);
    if (!first) return;
    // Whoever asks for it hears of it.
    first.catch(() => undefined);
    this.#ahead.push({ counted, count: 1, first });
  }

  #askedFor({ organization_id, kind }: Counted, count: number): Promise<number | undefined> | undefined {
    const at = this.#ahead.findIndex(
      ({ counted }) => counted.organization_id === organization_id && counted.kind === kind,
    );
    return count === 1 && at >= 0 ? this.#ahead.splice(at, 1)[0]?.first : undefined;
  }

  /** What nobody asked for, as `giveBack`. */
  giveBackUnasked(): Promise<void> {
    return this.#giveBack(this.#ahead.splice(0));
  }

  /** The last first, so that all of them are given back when nobody else has taken any. Never throws: a gap is harmless. */
  giveBack(from = 0): Promise<void> {
    return this.#giveBack(this.#taken.splice(from));
  }

  async #giveBack(taken: readonly Taken[]): Promise<void> {
    for (const { counted, count, first } of taken.toReversed()) {
      try {
        const number = await first;
        if (number !== undefined) await this.#numbers?.giveBack(counted, number, count);
      } catch {
        return;
      }
    }
  }
}
