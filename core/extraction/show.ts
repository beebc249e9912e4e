import type { ProposedAttribute } from './record.ts';

/** A fact as people read it: `pet: dog (name: Biscuit)`. */
export function showAttribute({ key, value, details }: ProposedAttribute): string {
  const more = Object.entries(details ?? {}).map(([name, member]) => `${name}: ${inWords(member)}`);
  return `${key}: ${inWords(value)}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

const inWords = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
