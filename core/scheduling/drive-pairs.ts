/** A postal code as it stands in an address; null or undefined where nobody wrote one down. */
export type PostalCode = string | null | undefined;

/** Two postal codes or beginnings of them, and how long the drive between them is. */
export interface Pair {
  from: string;
  to: string;
  minutes: number;
}

/**
 * Reads `35758-35801: 20, 357-358: 25`: pairs of postal codes, or of their beginnings, with the minutes between them. The
 * longest first, so that a town comes before its region; undefined for anything else.
 */
export function readPairs(text: string): Pair[] | undefined {
  const written = text
    .split(/[,;\n]/)
    .map(part => part.trim())
    .filter(Boolean);
  const pairs = written.flatMap(part => {
    const [, from = '', to = '', minutes = ''] =
      /^([a-z0-9 ]{2,10}?)\s*[-–]\s*([a-z0-9 ]{2,10}?)\s*:\s*(\d{1,3})$/i.exec(part) ?? [];
    return minutes === '' ? [] : [{ from: plainCode(from), to: plainCode(to), minutes: Number(minutes) }];
  });
  if (pairs.length < written.length) return undefined;
  return pairs.sort((a, b) => b.from.length + b.to.length - (a.from.length + a.to.length));
}

/** `35758-1234` and `35758` are one place; `sw1a 1aa` and `SW1A1AA` too. */
export const plainCode = (code: PostalCode): string =>
  (code ?? '')
    .trim()
    .replace(/^(\d{5})-\d{4}$/, '$1')
    .replaceAll(' ', '')
    .toUpperCase();
