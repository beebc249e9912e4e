import { isCardNumber } from './card-numbers.ts';
import type { RedactionKind } from './number-scan.ts';
import { findSpans, isHarmless } from './redaction.ts';

interface Part {
  text: string;
  /** The list the text is an item of, if it is one. */
  list: string | undefined;
}

interface Rest {
  text: string;
  kinds: RedactionKind[];
}

/** Nobody spreads one number over more members than this; four codes in a row are four codes. */
const mostMembers = 3;
const fewestDigits = 4;

/**
 * Finds numbers that are spread over neighbouring texts: half a card number in one member and half in the next, or a list
 * of its groups. Each text by itself has been redacted before. Answers what is left of the texts that held a part, by index.
 */
export function redactTogether(parts: readonly Part[]): Map<number, Rest> {
  const rests = new Map<number, Rest>();
  if (parts.length < 2) return rests;
  const starts = startsOf(parts);
  const joined = parts.map(({ text }) => text).join('\n');
  const found = isHarmless(joined) ? [] : findSpans(joined, { steps: 0 }, false);
  const spans = [...found, ...halves(parts, starts)];
  let after = 0;
  const spread = spans
    .sort((a, b) => a.start - b.start)
    .flatMap(span => {
      const [first, last] = [indexAt(starts, span.start), indexAt(starts, span.end - 1)];
      if (span.start < after || first === last || !isOneHand(parts, first, last)) return [];
      after = span.end;
      return [{ ...span, first, last }];
    });
  // From behind, so that what stands before a number keeps its place.
  for (const { start, end, label, kind, first, last } of spread.reverse()) {
    for (let index = first; index <= last; index += 1) {
      const { text, kinds } = rests.get(index) ?? { text: parts[index]?.text ?? '', kinds: [] };
      const offset = starts[index] ?? 0;
      rests.set(index, {
        text: text.slice(0, Math.max(0, start - offset)) + label + text.slice(end - offset),
        kinds: [...kinds, kind],
      });
    }
  }
  return rests;
}

/** A number written as two: both texts are digits alone, four at least, and a card number together. */
function halves(parts: readonly Part[], starts: readonly number[]) {
  const digits = parts.map(({ text }) => digitsOf(text));
  return digits.flatMap((left, index) => {
    const right = digits[index + 1] ?? '';
    if (Math.min(left.length, right.length) < fewestDigits || !isCardNumber(left + right)) return [];
    const start = starts[index] ?? 0;
    const end = (starts[index + 1] ?? 0) + (parts[index + 1]?.text.length ?? 0);
    return [{ kind: 'CARD' as const, start, end, label: `[REDACTED CARD ..${(left + right).slice(-4)}]` }];
  });
}

/** The digits of a text that has nothing but digits and what separates them, in any script; '' for another. */
function digitsOf(text: string): string {
  if (!/\p{N}/u.test(text)) return '';
  const plain = text.normalize('NFKC').replace(/[\s./_-]/g, '');
  return plain.length <= 19 && /^[0-9]+$/.test(plain) ? plain : '';
}

const isOneHand = (parts: readonly Part[], first: number, last: number): boolean =>
  last - first < mostMembers ||
  (parts[first]?.list !== undefined && parts[first]?.list === parts[last]?.list);

function startsOf(parts: readonly Part[]): number[] {
  let at = 0;
  return parts.map(({ text }) => {
    const start = at;
    at += text.length + 1;
    return start;
  });
}

/** Which text a place in the joined text lies in. */
function indexAt(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
