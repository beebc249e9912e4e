import { compareParties, type Likeness, type Party, sameFrom } from '../contacts/compare.ts';
import { nameOf } from '../contacts/names.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listNamedOrAt, listParties, type PartyRow } from './duplicate-queries.ts';

/** A customer who is here already and looks like somebody new, and how alike they are. */
export interface Alike {
  known: PartyRow;
  likeness: Likeness;
}

/**
 * For each of some people who are about to come in: the customer here who looks most like them by the same rules as the list
 * of duplicates (CON-24), or undefined. Whoever has neither the name nor the street of somebody here looks like nobody.
 */
export async function findAlike(
  context: ReadContext,
  parties: readonly Party[],
): Promise<(Alike | undefined)[]> {
  const names = [...new Set(parties.map(party => party.full_name.toLowerCase()))];
  const lines = [...new Set(parties.flatMap(linesOf))];
  const ids = await listNamedOrAt(context, { names, lines });
  if (ids.length === 0) return parties.map(() => undefined);
  const marked = new Map<string, PartyRow[]>();
  for (const row of await listParties(context, ids)) {
    for (const mark of marksOf(row)) marked.set(mark, [...(marked.get(mark) ?? []), row]);
  }
  return parties.map(party => bestOf(party, new Set(marksOf(party).flatMap(mark => marked.get(mark) ?? []))));
}

function bestOf(party: Party, candidates: Iterable<PartyRow>): Alike | undefined {
  let best: Alike | undefined;
  for (const known of candidates) {
    const likeness = compareParties(party, known);
    if (likeness.names_agree && likeness.score >= Math.max(sameFrom, best?.likeness.score ?? 0))
      best = { known, likeness };
  }
  return best;
}

const linesOf = ({ places }: Party): string[] => places.map(({ line1 }) => line1.toLowerCase());

const marksOf = (party: Party): string[] => [
  `name ${nameOf(party).key}`,
  ...linesOf(party).map(line => `line ${line}`),
];
