import type pg from 'pg';
import { z } from 'zod';
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
  readonly #lines = new Map<string, Waiting[]>();

  constructor(pool: pg.Pool, ask: Ask) {
    this.#pool = pool;
    this.#ask = ask;
  }

  /**
   * The first of `count` numbers that are nobody else's, whatever becomes of the caller's transaction; undefined for a
   * business that only the caller's own transaction knows.
   */
  take(counted: Counted, count: number): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const key = `${counted.organization_id} ${counted.kind}`;
      const line = this.#lines.get(key);
      const waiting = { count, resolve, reject };
      if (line) {
        line.push(waiting);
      } else {
        this.#lines.set(key, [waiting]);
        void this.#serve(key, counted);
      }
    });
  }

  /** Numbers of a transaction that came to nothing, unless somebody has taken the next one since: then they stay a gap. */
  async giveBack({ organization_id, kind, start }: Counted, first: number, count: number): Promise<void> {
    await this.#query(giveBack, [organization_id, kind, start, first, count]);
  }

  async #serve(key: string, { organization_id, kind, start }: Counted): Promise<void> {
    for (;;) {
      const line = this.#lines.get(key) ?? [];
      if (line.length === 0) break;
      this.#lines.set(key, []);
      try {
        const count = line.reduce((sum, waiting) => sum + waiting.count, 0);
        const { rows } = await this.#query(take, [organization_id, kind, start, count]);
        let { first } = taken.parse(rows[0]);
        for (const waiting of line) {
          waiting.resolve(first ?? undefined);
          if (first !== null) first += waiting.count;
        }
      } catch (error) {
        for (const waiting of line) waiting.reject(error);
      }
    }
    this.#lines.delete(key);
  }

  async #query(statement: Omit<Asked, 'values'>, values: unknown[]): Promise<Answered> {
    const client = await this.#pool.connect();
    try {
      const result = await this.#ask(client, { ...statement, values });
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
