import { signed } from '../support/stripe/server.ts';

/** An event on its way to a business. */
export interface Letter {
  event: { id: string };
  /** The business whose address it goes to, and the secret it is signed by. */
  slug: string;
  secret: string;
}

/** Numbers from 0 to 1 that are the same in every run. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many are on their way at any time. */
const lanes = 6;
/** No letter comes back so often from a server that works. */
const mostTries = 100;

/**
 * Brings events as Stripe does: several at once and in no order, each signed when it is sent, and again until somebody has taken it
 * with 2xx. `happen` is asked for more events now and then; it answers false when nothing will happen any more.
 */
export class Postman {
  /** What was taken: the ids of events, by business. */
  readonly accepted = new Map<string, Set<string>>();
  /** How many letters were taken, doubles among them. */
  taken = 0;
  /** How many came back because nobody answered. */
  cameBack = 0;
  /** Answers that were no 2xx. */
  readonly refused: number[] = [];
  isDone = false;
  #arrive: (baseUrl: string) => void = () => undefined;
  #at = this.#somewhere();
  readonly #waiting: Letter[] = [];
  readonly #late: Letter[] = [];
  readonly #random: () => number;
  readonly #happen: () => boolean;

  constructor(random: () => number, happen: () => boolean) {
    this.#random = random;
    this.#happen = happen;
  }

  /** Takes a letter along; one that is late arrives after all others. */
  post(letter: Letter, { isLate = false } = {}): void {
    (isLate ? this.#late : this.#waiting).push(letter);
  }

  /** Nobody will be there until `back`. */
  away(): void {
    this.#at = this.#somewhere();
  }

  back(baseUrl: string): void {
    this.#arrive(baseUrl);
  }

  /** Brings everything there is and will be. */
  async work(): Promise<void> {
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    this.isDone = true;
  }

  #somewhere(): Promise<string> {
    return new Promise(resolve => {
      this.#arrive = resolve;
    });
  }

  async #lane(): Promise<void> {
    for (let letter = this.#take(); letter; letter = this.#take()) await this.#bring(letter);
  }

  #take(): Letter | undefined {
    while ((this.#waiting.length < lanes || this.#random() < 0.3) && this.#happen());
    if (this.#waiting.length === 0) this.#waiting.push(...this.#late.splice(0));
    const [taken] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    return taken;
  }

  async #bring(letter: Letter): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const status = await send(await this.#at, letter).catch(() => undefined);
      if (status === undefined) {
        this.cameBack += 1;
      } else if (status < 200 || status > 299) {
        this.refused.push(status);
      } else {
        this.#keep(letter);
        return;
      }
    }
    throw new Error(`nobody has taken ${letter.event.id}: ${this.refused.join(' ')}`);
  }

  #keep({ slug, event }: Letter): void {
    this.taken += 1;
    const known = this.accepted.get(slug) ?? new Set();
    this.accepted.set(slug, known.add(event.id));
  }
}

async function send(baseUrl: string, { event, slug, secret }: Letter): Promise<number> {
  const { headers, body } = signed(event, secret);
  const answer = await fetch(`${baseUrl}/api/webhooks/stripe/${slug}`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}
