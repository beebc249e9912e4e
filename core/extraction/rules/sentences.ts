import { budgets } from '../../kernel/words/budgets.ts';
import { readable } from './readable.ts';

/** One statement of a text. Rules look at sentences one by one, so that no pattern reaches from one into the next. */
export interface Sentence {
  text: string;
  /** Asked, not said: "Does she have a dog?" is no fact. */
  isQuestion: boolean;
}

const abbreviations =
  /\b(mrs?|ms|dr|st|ave|rd|blvd|ln|ct|ft|apt|ste|approx|incl|min|hrs?|a\.m|p\.m)\.(?=\s|,)/gi;
const ends = /([.!?;]+(?=\s|$)|\n+|\r|•)/u;
const longest = 400;

/**
 * The different sentences of a text, none longer than 400 characters, so that no pattern has much to try, and no more of
 * them than anybody writes: every rule looks at each.
 */
export function sentencesOf(text: string): Sentence[] {
  const parts = readable(text).replaceAll('’', "'").replace(abbreviations, withoutDots).split(ends);
  const sentences = new Map<string, Sentence>();
  for (let index = 0; index < parts.length; index += 2) {
    const end = parts[index + 1] ?? '';
    for (const piece of pieces((parts[index] ?? '').trim())) {
      const isQuestion = end.includes('?');
      sentences.set(`${piece}${isQuestion ? '?' : ''}`, { text: piece, isQuestion });
    }
    if (sentences.size >= budgets.read_sentences) break;
  }
  return [...sentences.values()].slice(0, budgets.read_sentences);
}

const withoutDots = (word: string) => word.replaceAll('.', '');

function pieces(text: string): string[] {
  if (text === '') return [];
  if (text.length <= longest) return [text];
  const cut = text.lastIndexOf(' ', longest);
  const end = cut > 0 ? cut : longest;
  return [text.slice(0, end), ...pieces(text.slice(end).trim())];
}
