/** `visits`, `companies`, `addresses`. */
export const pluralOf = (noun: string): string => {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
};

/** `visit`, `company`, `address`: what one of several is called. */
export const singularOf = (noun: string): string => {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(noun)) return noun.slice(0, -2);
  return noun.replace(/([^s])s$/, '$1');
};

/** `1,200`. */
export const inFigures = (count: number): string => count.toLocaleString('en-US');

/** `1 visit`, `12 visits`, `1,200 addresses`. */
export const counted = (count: number, one: string, many = pluralOf(one)): string =>
  `${inFigures(count)} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export function together(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
