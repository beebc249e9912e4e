/** What an answer must not say, as far as it says so and does not deny it: a pattern does as well. */
export interface Said {
  test(reply: string): boolean;
  toString(): string;
}

/**
 * As if it were done already, and not waiting. `Nothing was sent` and `I booked nothing` say that it was not done: a sentence
 * denies only what itself says, so that `Nothing was booked. The mail was sent.` still claims a mail.
 */
export const claims = (done: string): Said =>
  unlessDenied(
    new RegExp(
      `(has been|have been|is now|are now|I(’ve| have|'ve)|was|were) ${done}(?! (once|when|as soon|after))`,
      'i',
    ),
  );

/** A pattern that counts only where its own clause does not deny it. */
export function unlessDenied(pattern: RegExp): Said {
  return {
    test: reply => clausesOf(reply).some(clause => isSaid(clause, pattern)),
    toString: () => String(pattern),
  };
}

// What stands behind these begins a statement of its own.
const clausesOf = (reply: string): string[] =>
  reply.split(/[.!?;:,–—\n]+(?=\s|$)|\b(?:and|but|so|while|though)\b/i);

const doubts = '(?!doubts?\\b|problems?\\b|worr|matter\\b|questions?\\b|longer\\b|sooner\\b)';
/** The denial is the subject of what follows: `Nothing else`, `None of it`, `No mail of ours`. */
const deniedBefore = new RegExp(
  `\\b(?:nothing|nobody|no one|neither|none(?: of (?:it|them|this|that|these|those))?|no ${doubts}\\w+(?: of \\w+)?)(?: (?:else|more|yet|so far|of (?:it|this|that)))?(?: (?:is|was|has|have))?\\s*$`,
  'i',
);
/** The denial is its object: `I booked nothing`. */
const deniedBehind = /^\s*(?:nothing|nobody|no one|none|neither)\b/i;

function isSaid(clause: string, pattern: RegExp): boolean {
  const found = pattern.exec(clause);
  if (!found) return false;
  const before = clause.slice(0, found.index);
  const behind = clause.slice(found.index + found[0].length);
  if (!deniedBefore.test(before) && !deniedBehind.test(behind)) return true;
  // Denied here, it may still be said further on.
  return isSaid(behind, pattern);
}
