import { z } from 'zod';
import {
  type Counts,
  compareParties,
  type Likeness,
  likenesses,
  sameFrom,
  whyUnsure,
} from '../contacts/compare.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { countValues, listPairs, listParties, type PartyRow } from './duplicate-queries.ts';

/** Two of a group that only a third one joins. */
const likeAThird = 'both look like a third one of this list';

/** How sure it is that the two are one, the surest first. */
const sureness = ['surely', 'likely', 'perhaps', 'one household?'] as const;

const party = z.object({ id: z.string(), reference: z.string(), full_name: z.string() });

export const duplicateRow = z.object({
  id: z.string(),
  keep: party,
  merge: party,
  why: z.array(z.enum([...likenesses, likeAThird])),
  likely: z.enum(sureness),
  score: z.number(),
});
export type Duplicate = z.infer<typeof duplicateRow>;

/** Customers that look like one (CON-24), surest first; of each group the oldest is the one to keep. */
export const duplicates = defineView({
  type: 'duplicates',
  domain: 'contact',
  summary:
    'Customers that look like the same one twice, with the reasons; contact.merge makes one of them. Surest first.',
  keywords: ['duplicate', 'twice', 'same customer', 'dedupe', 'merge'],
  row: duplicateRow,
  params: z.strictObject({ contact_id: ref('contact').optional() }),
  async run(context, { params, limit, cursor }) {
    const from = readOffset(cursor);
    const all = await findDuplicates(context, params.contact_id);
    const rows = all.slice(from, from + limit);
    return { rows, ...(all.length > from + limit ? { next_cursor: String(from + limit) } : {}) };
  },
});

function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,6}$/.test(cursor)) return Number(cursor);
  throw invalid('cursor', 'This cursor does not belong to this list.', {
    hint: 'Use next_cursor of the answer before, or leave it out to start anew.',
  });
}

/** One pair for each customer that is in the list already, by whoever of the group is the oldest. */
async function findDuplicates(context: ReadContext, contactId: string | undefined): Promise<Duplicate[]> {
  const pairs = await listPairs(context, contactId);
  if (pairs.length === 0) return [];
  const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const [rows, counted] = await Promise.all([listParties(context, ids), countValues(context)]);
  const parties = new Map(rows.map(row => [row.id, row]));
  const counts = countsOf(counted);
  const groups = new Groups();
  const alike = new Map<string, Likeness>();
  for (const { a, b } of pairs) {
    const [left, right] = [parties.get(a), parties.get(b)];
    if (!left || !right) continue;
    const likeness = compareParties(left, right, counts);
    if (likeness.score < sameFrom) continue;
    alike.set(`${a} ${b}`, likeness);
    groups.join(a, b);
  }
  const found = groups
    .all()
    .flatMap(group => pairsOf(group, parties, alike, counts))
    .filter(({ keep, merge }) => contactId === undefined || keep.id === contactId || merge.id === contactId);
  return found.sort(bySureness);
}

/** A family that shares everything but the name has many points, and is still less one customer than two alike by name. */
export const bySureness = (a: Duplicate, b: Duplicate): number =>
  sureness.indexOf(a.likely) - sureness.indexOf(b.likely) || b.score - a.score || (a.id < b.id ? -1 : 1);

function pairsOf(
  group: readonly string[],
  parties: ReadonlyMap<string, PartyRow>,
  alike: ReadonlyMap<string, Likeness>,
  counts: Counts,
): Duplicate[] {
  const [oldest, ...others] = group.flatMap(id => parties.get(id) ?? []);
  if (!oldest) return [];
  return others.map(other => {
    const direct = alike.get(`${oldest.id} ${other.id}`) ?? compareParties(oldest, other, counts);
    return {
      id: `${oldest.reference} ${other.reference}`,
      keep: nameOf(oldest),
      merge: nameOf(other),
      why: direct.reasons.length > 0 ? direct.reasons : [likeAThird],
      likely: likelihood(direct),
      score: Math.round(direct.score * 10) / 10,
    };
  });
}

const nameOf = ({ id, reference, full_name }: PartyRow) => ({ id, reference, full_name });

function likelihood(likeness: Likeness): Duplicate['likely'] {
  if (whyUnsure(likeness) === undefined) return 'surely';
  if (!likeness.names_agree) return likeness.score >= sameFrom ? 'one household?' : 'perhaps';
  return likeness.score >= sameFrom + 5 ? 'likely' : 'perhaps';
}

function countsOf(rows: readonly { part: string; value: string; with_it: number; of: number }[]): Counts {
  const counts = new Map(rows.map(({ part, value, ...count }) => [`${part} ${value}`, count]));
  const of = rows[0]?.of;
  // What was not counted is there once.
  return (part, value) => counts.get(`${part} ${value}`) ?? (of === undefined ? undefined : once(part, of));
}

const countedParts = new Set(['given', 'family', 'town', 'postal_code']);
const once = (part: string, of: number) => (countedParts.has(part) ? { with_it: 1, of } : undefined);

/** Who belongs together, by pairs; the smallest id of each group comes first, and that is the oldest. */
class Groups {
  readonly #parents = new Map<string, string>();

  join(a: string, b: string): void {
    const [left, right] = [this.#rootOf(a), this.#rootOf(b)];
    if (left !== right) this.#parents.set(left < right ? right : left, left < right ? left : right);
  }

  all(): string[][] {
    const groups = new Map<string, string[]>();
    for (const id of new Set([...this.#parents.keys(), ...this.#parents.values()])) {
      const root = this.#rootOf(id);
      groups.set(root, [...(groups.get(root) ?? []), id]);
    }
    return [...groups.values()].map(ids => ids.sort());
  }

  #rootOf(id: string): string {
    const parent = this.#parents.get(id);
    if (parent === undefined) return id;
    const root = this.#rootOf(parent);
    this.#parents.set(id, root);
    return root;
  }
}
