import { escapeHtml } from '../core/kernel/words/escape-html.ts';

/** Text that is HTML already. Only `html` and `raw` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. `false`, `null` and `undefined` leave nothing, so `condition && html` works. */
export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/**
 * The template tag every page is written with. Whatever is put in is escaped, in text and in quoted attributes, and
 * characters nobody can see are spelt out (security.md), so that forgetting is not possible. Attributes are always
 * quoted.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += toText(value) + (strings[index + 1] ?? '');
  return new Markup(text);
}

/** Our own text as HTML, untouched. Never for anything that came from outside. */
export const raw = (text: string): Markup => new Markup(text);

/** Escaped but otherwise exactly as it is: for the values of form fields, which come back to us as they stand. */
export const asTyped = (text: string): Markup => new Markup(escapeHtml(text));

/**
 * Spells out invisible and bidirectional characters: `a\u202Eb` becomes `a[U+202E]b`. Line breaks and tabs stay, and so
 * do the joiners that emoji and scripts such as Persian and Hindi need. Text without such characters comes back as is.
 */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unseen, spellOut);
}

// Control, format, lone surrogate, line and paragraph separators, and everything a font may draw as nothing.
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const joinsLetters = /^[\u200c\u200d]$/;
const joinedLetter = /^(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic})[\p{L}\p{M}]$/u;
const pictograph = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const emoji = /^\p{Emoji}$/u;

function spellOut(character: string, at: number, text: string): string {
  const before = lastCharacter(text.slice(Math.max(0, at - 2), at));
  const after = String.fromCodePoint(text.codePointAt(at + character.length) ?? 0);
  if (joinsLetters.test(character) && joinedLetter.test(before) && joinedLetter.test(after)) return character;
  if (character === '\u200d' && pictograph.test(before) && pictograph.test(after)) return character;
  if (character === '\ufe0f' && emoji.test(before)) return character;
  const code = character.codePointAt(0) ?? 0;
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}

const lastCharacter = (text: string): string => [...text].at(-1) ?? '';

function toText(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(visible(value));
  if (typeof value === 'number') return String(value);
  return value.map(toText).join('');
}
