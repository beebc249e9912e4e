import { distance } from 'fastest-levenshtein';
import { fold } from '../kernel/words/fold.ts';
import { formsOf } from './synonyms.ts';

/** An entry of the price list, of today or before. */
export interface NamedService {
  id: string;
  name: string;
}

/** What of some words names services. */
export interface ServiceWords {
  /** The services of each thing that was named, by id: "screens and windows" are two. */
  groups: string[][];
  /** The other words. */
  rest: string[];
}

/**
 * Finds the services that words name by any of their words, in the singular or plural and with a slip ("gutters done",
 * "screen claening"). Words that go together narrow it down; one that fits none of the services so far names another.
 */
export function readServices(words: readonly string[], catalog: readonly NamedService[]): ServiceWords {
  const vocabulary = vocabularyOf(catalog);
  const groups: ReadonlySet<string>[] = [];
  const rest: string[] = [];
  words.forEach((word, index) => {
    const named = isStreet(words[index + 1]) ? undefined : namedBy(word, vocabulary);
    const group = groups.at(-1);
    const narrowed = named && group && intersect(group, named);
    if (!named) rest.push(word);
    else if (narrowed && narrowed.size > 0) groups[groups.length - 1] = narrowed;
    else groups.push(named);
  });
  return { groups: groups.map(group => [...group]), rest };
}

const ignored = new Set(['and', 'or', 'of', 'the', 'a', 'for', 'with', 'per', 'to', 'in', 'on']);

/** The words of services' names, and the services by their stems. */
interface Vocabulary {
  words: ReadonlySet<string>;
  byStem: ReadonlyMap<string, ReadonlySet<string>>;
}

function vocabularyOf(catalog: readonly NamedService[]): Vocabulary {
  const words = new Set<string>();
  const byStem = new Map<string, Set<string>>();
  for (const { id, name } of catalog) {
    for (const word of fold(name).match(/\p{L}{2,}/gu) ?? []) {
      if (ignored.has(word)) continue;
      words.add(word);
      byStem.set(stem(word), (byStem.get(stem(word)) ?? new Set<string>()).add(id));
    }
  }
  return { words, byStem };
}

function namedBy(word: string, { words, byStem }: Vocabulary): ReadonlySet<string> | undefined {
  if (!/^\p{L}{3,}$/u.test(word)) return undefined;
  for (const form of formsOf(word)) {
    const named = byStem.get(stem(form));
    if (named) return named;
  }
  // One slip of six letters, two of eight: shorter words are somebody's name sooner than a service misspelt.
  const slips = word.length < 6 ? 0 : word.length < 8 ? 1 : 2;
  const near =
    slips === 0 ? undefined : [...words].find(known => known.length > 4 && distance(known, word) <= slips);
  return near === undefined ? undefined : byStem.get(stem(near));
}

/** cleaning, cleaned, cleans: clean. windows: window. */
function stem(word: string): string {
  const plain = word.replace(/(ss|sh|ch|x|z)es$/, '$1').replace(/([^s])s$/, '$1');
  return plain.length > 5 ? plain.replace(/(ing|ed)$/, '') : plain;
}

const streets = new Set(
  'st street rd road ln lane dr drive ave avenue ct court way blvd pl place trl trail pike'.split(' '),
);
const isStreet = (word: string | undefined) => word !== undefined && streets.has(word);

const intersect = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  new Set([...one].filter(id => other.has(id)));
