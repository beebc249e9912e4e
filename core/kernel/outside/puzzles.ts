import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What is asked of whoever comes too often, instead of being sent away. */
export interface Puzzle {
  /** Ours, signed; good once, and for ten minutes. */
  stamp: string;
  /** SHA-256 of `<stamp>:<proof>` has to begin with so many zero bits. */
  bits: number;
  /** For people without scripts: a sum in words. */
  question: string;
}

/** What came back: a proof found by a script, or an answer typed by a person. */
export interface PuzzleAnswer {
  stamp: string;
  proof: string;
  answer: string;
}

/** The names of these members in a form; no form of a website has such fields of its own. */
export const puzzleFields = {
  stamp: 'puzzle_stamp',
  proof: 'puzzle_proof',
  answer: 'puzzle_answer',
} as const;

/** The answer among the fields of a form; undefined when it has none. */
export function readPuzzleAnswer(fields: Readonly<Record<string, unknown>>): PuzzleAnswer | undefined {
  const text = (name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 300).trim() : '';
  };
  const { stamp, proof, answer } = puzzleFields;
  return text(stamp) === '' ? undefined : { stamp: text(stamp), proof: text(proof), answer: text(answer) };
}

export interface Puzzles {
  /** `about` is whose puzzle it is; `excess` how many times more often than usual somebody came. */
  issue(about: string, excess: number): Puzzle;
  /** How an answer is right; undefined when it is not. Every stamp is good for one try. */
  check(about: string, answer: PuzzleAnswer | undefined): 'proof' | 'answer' | undefined;
}

const life_ms = 10 * 60_000;
const fewestBits = 16;
const mostBits = 19;
const remembered = 100_000;

/**
 * Puzzles that cost a visitor's browser less than a second and a flood a processor. Nothing is kept of one until it is solved:
 * `sign` is a keyed hash, the same in every process of an installation; each process remembers what was solved there.
 */
export function createPuzzles(sign: (text: string) => string = signHere()): Puzzles {
  const spent = new Map<string, number>();
  const macOf = (about: string, body: string) => sign(`puzzle ${about} ${body}`);
  return {
    issue(about, excess) {
      const bits = Math.min(mostBits, fewestBits + Math.floor(Math.log2(Math.max(1, excess))));
      const body = `${Date.now() + life_ms}.${bits}.${randomBytes(12).toString('base64url')}`;
      const stamp = `${body}.${macOf(about, body)}`;
      const [a, b] = numbersOf(sign, body);
      return { stamp, bits, question: `What is ${words[a]} plus ${words[b]}?` };
    },
    check(about, given) {
      if (given === undefined) return undefined;
      const { stamp, proof, answer } = given;
      const [until = '', bits = '', nonce = '', mac = ''] = stamp.split('.');
      const body = `${until}.${bits}.${nonce}`;
      if (!isSame(mac, macOf(about, body)) || Number(until) < Date.now() || spent.has(nonce))
        return undefined;
      spend(spent, nonce, Number(until));
      if (/^\d{1,12}$/.test(proof) && zeroBits(`${stamp}:${proof}`) >= Number(bits)) return 'proof';
      const [a, b] = numbersOf(sign, body);
      return /^\d{1,3}$/.test(answer) && Number(answer) === a + b ? 'answer' : undefined;
    },
  };
}

const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Two numbers from 1 to 9 that only who signs can tell from a stamp. */
function numbersOf(sign: (text: string) => string, body: string): [number, number] {
  const [a = 0, b = 0] = createHash('sha256')
    .update(sign(`question ${body}`))
    .digest();
  return [1 + (a % 9), 1 + (b % 9)];
}

function spend(spent: Map<string, number>, nonce: string, until_ms: number): void {
  const now = Date.now();
  for (const [other, end] of spent) {
    if (end > now && spent.size < remembered) break;
    spent.delete(other);
  }
  spent.set(nonce, until_ms);
}

function zeroBits(text: string): number {
  let zeros = 0;
  for (const byte of createHash('sha256').update(text).digest()) {
    zeros += byte === 0 ? 8 : Math.clz32(byte) - 24;
    if (byte !== 0) break;
  }
  return zeros;
}

/** The hashes have one length, and comparing them takes the same time wherever they differ. */
const isSame = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

function signHere(): (text: string) => string {
  const key = randomBytes(32);
  return text => createHmac('sha256', key).update(text).digest('base64url');
}
