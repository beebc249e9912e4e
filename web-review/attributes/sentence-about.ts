import { shorten } from '../format.ts';

/** The sentence of a text that a fact comes from: the one with the most words of it; its beginning where none has any. */
export function sentenceAbout(
  text: string,
  { key, value, details }: { key: string; value: unknown; details: Readonly<Record<string, unknown>> },
): string {
  const said = wordsOf([value, ...Object.values(details)].map(String).join(' '));
  const named = wordsOf(key.replaceAll('_', ' '));
  const sentences = text
    .split(/(?<=[.!?])\s+|\n+/)
    .map(sentence => sentence.trim())
    .filter(Boolean);
  let best = '';
  let most = -1;
  for (const sentence of sentences) {
    const words = new Set(wordsOf(sentence));
    const fits = (own: readonly string[]) => own.filter(word => words.has(word)).length;
    const score = fits(said) * 2 + fits(named);
    if (score > most) [best, most] = [sentence, score];
  }
  return shorten(best, 240);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
