import type { Meaning } from './meaning.ts';
import { questionsAboutFacts } from './questions-facts.ts';
import { questionsAboutNames } from './questions-names.ts';
import { questionsAboutPlaces } from './questions-places.ts';
import { questionsOfSecondRound } from './questions-second.ts';
import { questionsOfThirdRound } from './questions-third.ts';
import { questionsAboutVisits } from './questions-visits.ts';

/** What somebody in the office types, and whom they mean. */
export interface Question {
  asks: string;
  /** The keys of the known customers it is about: all of them must be among the first five. */
  expects: readonly string[];
  /** The same, spelt exactly. */
  means: Meaning;
}

/** A question, the keys of whom it is about (with spaces between), and what it means. */
export type Written = readonly [asks: string, expects: string, means: Meaning];

/** What is asked on 2026-11-18, written by hand. */
export const questions: readonly Question[] = [
  ...questionsAboutNames,
  ...questionsAboutPlaces,
  ...questionsAboutFacts,
  ...questionsAboutVisits,
  ...questionsOfSecondRound,
  ...questionsOfThirdRound,
].map(([asks, expects, means]) => ({ asks, expects: expects.split(' '), means }));
