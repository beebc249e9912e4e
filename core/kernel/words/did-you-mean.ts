import { distance } from 'fastest-levenshtein';
import { budgets } from './budgets.ts';

/** The nearest of some known words to a misspelt one, best first, at most three; empty when nothing is near. */
export function didYouMean(word: string, known: Iterable<string>): string[] {
  if (word.length > budgets.compared_characters) return [];
  const wanted = word.toLowerCase();
  return [...new Set(known)]
    .map(candidate => ({ candidate, far: howFar(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= furthest(Math.min(wanted.length, candidate.length)))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

// Of two letters, two changed ones leave nothing: "am" is not "any".
const furthest = (length: number) => (length < 4 ? 1 : Math.max(2, Math.ceil(length / 3)));

// A word that contains the other one is nearer than its length says: "phone" for "phones", "reschedule" for
// "ticket.reschedule".
function howFar(wanted: string, candidate: string): number {
  if (wanted.length >= 3 && (candidate.includes(wanted) || wanted.includes(candidate))) return 1;
  return distance(wanted, candidate);
}
