/**
 * Marks text as somebody's words, so that no sentence of ours carries them unmarked (architecture §6): customers and
 * strangers choose them, and an agent reads the sentence. Marks inside, and what looks like them, are made harmless.
 */
export const quote = (text: string): string => `«${text.replace(marks, '"')}»`;

const marks = /[«»≪≫《》⟪⟫]/g;

/** The same, at most so many characters of it. */
export function quoteStart(text: string, longest: number): string {
  if (text.length <= longest) return quote(text);
  // Half of a surrogate pair is nobody's word.
  return quote(`${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`);
}

/** Takes off the marks of a text that is handed back as it was answered; what is marked in part stays as it is. */
export const unquote = (text: string): string => /^«([^«»]*)»$/.exec(text)?.[1] ?? text;
