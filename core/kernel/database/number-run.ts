/** So long numbers are kept for whoever comes next. */
export const kept_ms = 25;

/** So many statements in a row, each within that time of the one before and nobody else between: then more will come. */
const statementsBefore = 16;

/** So many are kept at most. */
const mostSpare = 16;

/** What a statement has taken: `count` for those who asked, and `ahead` behind these. */
export interface Got {
  first: number;
  count: number;
  ahead: number;
}

/**
 * One kind of number of one business while this process takes one after the other: some are then taken ahead (decision 045). Each is
 * the next one all the same, for as soon as another process takes any, none is taken ahead.
 */
export class Run {
  #next = 0;
  #end = 0;
  #statements = 0;
  #handed = 0;
  #asked_at = Number.NEGATIVE_INFINITY;

  /** How many are kept. */
  get spare(): number {
    return this.#end - this.#next;
  }

  /** Whether each statement so far has taken the numbers behind those of the one before. */
  get goesOn(): boolean {
    return this.#statements > 0;
  }

  /** The first of `count` that are kept; undefined when there are fewer. */
  hand(count: number): number | undefined {
    if (this.spare < count) return undefined;
    const first = this.#next;
    this.#next += count;
    this.#handed += count;
    return first;
  }

  /** How many to take ahead now: half of what is asked for in the time they are kept, and none before there is a run. */
  ahead(now = performance.now()): number {
    const since_ms = now - this.#asked_at;
    if (since_ms >= kept_ms) this.#statements = 0;
    const ahead =
      this.#statements < statementsBefore
        ? 0
        : Math.min(mostSpare, Math.floor((this.#handed * kept_ms) / Math.max(since_ms, 1) / 2));
    this.#asked_at = now;
    this.#handed = 0;
    return ahead;
  }

  /** Tells what a statement has taken. */
  note({ first, count, ahead }: Got): void {
    this.#statements = first === this.#end ? this.#statements + 1 : 0;
    this.#handed += count;
    this.#next = first + count;
    this.#end = this.#next + ahead;
  }

  /** Whether nothing has to be done about numbers that came to nothing: they are kept again, or stay a gap. */
  takesBack(first: number, count: number): boolean {
    if (this.spare === 0) return false;
    if (first + count === this.#next) this.#next = first;
    return true;
  }

  /** What is kept, which is kept no longer. */
  end(): { first: number; count: number } {
    const left = { first: this.#next, count: this.spare };
    if (left.count > 0) this.#statements = 0;
    this.#end = this.#next;
    return left;
  }
}
