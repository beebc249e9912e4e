// "No pets", "does not need a ladder", "dog passed away": words that turn what stands beside them around.

/** Says no, and yet the thing is there: "do not let the dog out", "no problem with". */
const harmless =
  /\b(?:(?:do not|don't|dont|never|not to) (?:let|feed|pet|leave|approach|forget)|no (?:problems?|issues?|worries|trouble)|not only)\b/giu;

const before =
  /\b(?:no|not|never|without|none|neither|nor|cannot|cant|\p{L}+n't|dont|doesnt|didnt|isnt|wont|no longer|used to|instead of|rather than|afraid of|scared of|allergic to|neighbou?r'?s?'?|next door|former|sold|if)\b/iu;

const after =
  /^[^,]{0,30}?\b(?:passed(?: away)?|died|deceased|put down|(?:is|are|was|were) (?:now )?gone|no longer|not (?:needed|necessary|required|working)|isn't (?:needed|necessary|required)|unnecessary|(?:was|were|been) (?:removed|replaced)|doesn't work|allerg(?:y|ies))\b/iu;

/** Whether the words at `start` to `end` of a sentence are said not to be so. */
export function isNegated(sentence: string, start: number, end: number): boolean {
  return before.test(scopeBefore(sentence, start, end)) || after.test(sentence.slice(end));
}

/** The words a "no" would have to stand among: back to the last comma, or further in a list that ends with "or". */
function scopeBefore(sentence: string, start: number, end: number): string {
  const words = sentence.slice(0, start).replace(harmless, '');
  const isList =
    /^(?:,[^,]{0,25})*,? or\b/iu.test(sentence.slice(end)) || /\bor\s+(?:\p{L}+\s+)?$/iu.test(words);
  const parts = words.split(
    isList
      ? /[:(]|\bbut\b|\bthough\b/iu
      : /[,:(–—]|\bbut\b|\bthough\b|\band (?:she |he |they )?(?:has|have|is|had)\b/iu,
  );
  return (parts.at(-1) ?? '').slice(-60);
}
