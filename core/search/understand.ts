import type { Wanted } from '../kernel/search/query.ts';
import { wordsOf } from '../kernel/search/query.ts';
import { type Calendar, mayHoldPeriod, type Period, readPeriod } from './period.ts';
import { type NamedService, readServices } from './services.ts';
import { plainText, wantedOf } from './words.ts';

/** Visits that somebody has to have had. */
export interface VisitsAsked {
  /** Any time when left out. */
  period?: Period | undefined;
  /** Of each group one of these services, by id; any visit when there is none. */
  services: readonly (readonly string[])[];
  /** Those who had no such visit are meant. */
  isMissing: boolean;
}

/** What a query means. */
export interface Understood {
  /** What the documents must hold; no terms when nothing is left to ask of them. */
  wanted: Wanted;
  /** The visits it speaks of; left out when it speaks of none. */
  visits?: VisitsAsked | undefined;
}

/** Whether a query may speak of visits, so that the price list is needed to understand it. */
export const maySpeakOfVisits = (query: string): boolean => {
  const text = plainText(query);
  return mayHoldPeriod(text) || cue.test(text);
};

/** Words that say what was done, so that the name of a service means the service and not a word of a note. */
const cue =
  /\b(had|got|gotten|booked|ordered|received|services?|serviced|did|done|visits?|visited|appointments?)\b/;

/** Words about visits that no record is told from another by. */
const visitWords = new Set(
  `had got gotten booked ordered received service services serviced did done visit visits visited appointment appointments
  schedule scheduled job jobs seen been came come coming went work worked time times done last since`.split(
    /\s+/,
  ),
);

/**
 * Understands a query about customers (SRC-01, SRC-06): the period and the services it speaks of are visits, everything
 * else is looked for in the documents. The name of a service means the service only together with a period, or behind a
 * word such as "had" or "got"; the name of a month only in its place (`readPeriod`).
 */
export async function understand(
  query: string,
  calendar: Calendar,
  catalog: readonly NamedService[],
): Promise<Understood> {
  const text = plainText(query);
  const dated =
    (await readPeriod(text, calendar)) ??
    (namesService(text, catalog) ? await readPeriod(text, calendar, true) : undefined);
  const words = wordsOf(dated?.rest ?? text);
  if (!dated && !cue.test(text)) return { wanted: wantedOf(words) };
  const { groups, rest } = readServices(words, catalog);
  if (!dated && groups.length === 0) return { wanted: wantedOf(words) };
  const { isMissing, others } = readMissing(rest);
  const telling = others.filter(word => !visitWords.has(word));
  return {
    wanted: wantedOf(telling, false),
    visits: { period: dated?.period, services: groups, isMissing },
  };
}

const namesService = (text: string, catalog: readonly NamedService[]) =>
  readServices(wordsOf(text), catalog).groups.length > 0;

const negations = new Set([
  'without',
  'no',
  'not',
  'never',
  'havent',
  'hasnt',
  'didnt',
  'wasnt',
  'werent',
  'nobody',
  'none',
]);

/** Whether what was said is said not to have been: "without a visit", "not seen", "never had". */
function readMissing(words: readonly string[]): { isMissing: boolean; others: string[] } {
  const at = words.findIndex(
    (word, index) =>
      negations.has(word) &&
      (index === words.length - 1 ||
        words.slice(index + 1, index + 4).some(next => visitWords.has(next) || next === 'a')),
  );
  return at < 0
    ? { isMissing: false, others: [...words] }
    : { isMissing: true, others: words.filter((_, index) => index !== at) };
}
