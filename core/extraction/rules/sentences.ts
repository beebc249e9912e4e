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

/** The sentences of a text, none longer than 400 characters, so that no pattern has much to try. */
export function sentencesOf(text: string): Sentence[] {
  const parts = text.replaceAll('’', "'").replace(abbreviations, withoutDots).split(ends);
  const sentences: Sentence[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const isQuestion = (parts[index + 1] ?? '').includes('?');
    for (const piece of pieces((parts[index] ?? '').trim())) sentences.push({ text: piece, isQuestion });
  }
  return sentences;
}

const withoutDots = (word: string) => word.replaceAll('.', '');

function pieces(text: string): string[] {
  if (text === '') return [];
  if (text.length <= longest) return [text];
  const cut = text.lastIndexOf(' ', longest);
  const end = cut > 0 ? cut : longest;
  return [text.slice(0, end), ...pieces(text.slice(end).trim())];
}
