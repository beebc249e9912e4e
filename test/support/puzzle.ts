import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What the script of the page finds: the first number whose hash behind the stamp begins with enough zero bits. */
export async function solve(stamp: string, bits: number): Promise<string> {
  for (let proof = 0; ; proof += 1) {
    // The server under test runs in this process, and its connections must not grow old meanwhile.
    if (proof % 1000 === 999) await nextTurn();
    const first = createHash('sha256').update(`${stamp}:${proof}`).digest().readUInt32BE(0);
    if (first >>> (32 - bits) === 0) return String(proof);
  }
}

const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** What a person answers to the question of a page. */
export function sumIn(page: string): string {
  const [, a = '', b = ''] = /What is (\w+) plus (\w+)\?/.exec(page) ?? [];
  return String(numbers.indexOf(a) + numbers.indexOf(b));
}

/** The puzzle in a refusal of the API. */
export function puzzleIn(error: Record<string, unknown>): { stamp: string; bits: number } {
  const { puzzle } = error;
  if (typeof puzzle !== 'object' || puzzle === null) throw new Error('no puzzle was asked');
  return { stamp: String(Reflect.get(puzzle, 'stamp')), bits: Number(Reflect.get(puzzle, 'bits')) };
}
