import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { create, type Font } from 'fontkit';
import { packageRoot } from '../kernel/database/package-root.ts';

/** What is bundled, with the licences beside it: one family that looks alike, and one for Chinese, Japanese and Korean. */
const files = {
  regular: 'NotoSans-Regular',
  bold: 'NotoSans-Bold',
  arabic: 'NotoSansArabic-Regular',
  'arabic bold': 'NotoSansArabic-Bold',
  hebrew: 'NotoSansHebrew-Regular',
  'hebrew bold': 'NotoSansHebrew-Bold',
  korean: 'NanumGothicCoding',
  chinese: 'DroidSansFallback',
} as const;
export type FontName = keyof typeof files;
export type Weight = 'regular' | 'bold';

/** Which fonts are tried for a character, in this order. */
const tried: Readonly<Record<Weight, readonly FontName[]>> = {
  regular: ['regular', 'arabic', 'hebrew', 'chinese', 'korean'],
  bold: ['bold', 'arabic bold', 'hebrew bold', 'chinese', 'korean'],
};

/** Beside this file, and in what is built of it. */
const places = ['core', path.join('dist', 'core')].map(at => path.join(packageRoot, at, 'paper', 'fonts'));
const folder = places.find(existsSync) ?? packageRoot;
const bytes = new Map<FontName, Buffer>();
const fonts = new Map<FontName, Font>();

/** The bytes of a font, read once. */
export function bytesOf(name: FontName): Buffer {
  const read = bytes.get(name) ?? readFileSync(path.join(folder, `${files[name]}.ttf`));
  bytes.set(name, read);
  return read;
}

/**
 * The font a character is set in. A space, a digit or a mark stays in the font of the text before it, where that has it: Arabic
 * and Hebrew words stay together with what stands between them. What no font has is set as the empty box of the first one.
 */
export function fontFor(codePoint: number, weight: Weight, before: FontName | undefined): FontName {
  if (before !== undefined && !isLetter(codePoint) && has(before, codePoint)) return before;
  const [first = 'regular', ...others] = tried[weight];
  return [first, ...others].find(name => has(name, codePoint)) ?? first;
}

const has = (name: FontName, codePoint: number): boolean => fontOf(name).hasGlyphForCodePoint(codePoint);

function fontOf(name: FontName): Font {
  const known = fonts.get(name);
  if (known) return known;
  const made = create(bytesOf(name));
  // A file with several fonts in it is none of ours.
  if (!('hasGlyphForCodePoint' in made)) throw new Error(`${files[name]} holds more than one font`);
  fonts.set(name, made);
  return made;
}

const isLetter = (codePoint: number): boolean => /\p{L}/u.test(String.fromCodePoint(codePoint));
