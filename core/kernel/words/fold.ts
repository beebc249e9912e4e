/** Lower case without accents, for comparing only: `Núñez` and `NUNEZ`, `Łukasz` and `Lukasz` are alike. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøđðßæœþı]/g, letter => letters[letter] ?? letter);
}

const letters: Record<string, string> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ı: 'i',
};
const ascii = /^\p{ASCII}*$/u;
