import { areCompatible, type ComparableName } from '../../contacts/names.ts';
import { contactKeys, contactOf } from './contact.ts';
import { type DisjointSets, disjointSets } from './disjoint-sets.ts';
import { nameOf, type SquareRow } from './row.ts';
import { buckets, mostNamesShared, type SharedMarks } from './shared.ts';

/** `groups` by first line, each in the order of the file; `set_of` tells for each row which set it is in. */
export interface Grouping {
  groups: SquareRow[][];
  set_of: (index: number) => number;
}

/**
 * Sorts rows into persons and organizations. Two rows are one contact when
 * 1. they have the same Square Customer ID: Square itself says so;
 * 2. they have the same full name (case, accents, punctuation and order aside) **and** an e-mail or phone in common;
 * 3. they have an e-mail or phone in common and their names are compatible (`areCompatible`: nickname, initial, one
 *    part missing, a small typo), **and** nobody else is in play: when "J. Smith" shares a phone with John and with Jane
 *    Smith, it is joined to neither;
 * 4. they have neither id, e-mail nor phone and say exactly the same: the same line twice.
 * Never by a phone or an e-mail alone (households and offices share both), never by a name alone (the county has more
 * than one Vernon Smith). A contact doubled is a nuisance that a merge repairs; two people mixed into one is damage
 * that nobody can undo, so doubt keeps rows apart and becomes a notice.
 *
 * Joining only ever depends on sets of rows (union-find), so the order of the file does not matter. Rows meet in
 * buckets by id, e-mail and phone, and a bucket with more than 20 names is not compared pair by pair: the time is linear
 * in the rows.
 */
export function groupRows(rows: readonly SquareRow[], shared: SharedMarks): Grouping {
  const sets = disjointSets(rows.length);
  const reachable = [...shared.emails, ...shared.phones];
  for (const bucket of shared.square_ids) for (const index of bucket) sets.join(bucket[0] ?? index, index);
  for (const bucket of reachable) joinSameNames(bucket, sets, index => nameKey(rows, index));
  for (const bucket of buckets(rows, bareKeys))
    for (const index of bucket) sets.join(bucket[0] ?? index, index);
  const meetings = { rows, reachable, meeting: new Set([...shared.square_ids, ...reachable].flat()) };
  joinCompatible(meetings, sets);
  joinUntilKeysDiffer(meetings, sets);
  return { groups: groupsOf(rows, sets), set_of: sets.find };
}

/** The buckets by e-mail and phone, and every row that is in a bucket at all. */
interface Meetings {
  rows: readonly SquareRow[];
  reachable: readonly number[][];
  meeting: ReadonlySet<number>;
}

/** A row without id, e-mail and phone is known by everything it says. */
function bareKeys(row: SquareRow): string[] {
  const isBare = row.square_id === '' && row.emails.length === 0 && row.phones.length === 0;
  return isBare ? contactKeys(contactOf([row])) : [];
}

/** Joins those of a bucket that have one of their names in common. */
function joinSameNames(
  bucket: readonly number[],
  sets: DisjointSets,
  namesOf: (index: number) => readonly string[],
) {
  const firsts = new Map<string, number>();
  let joined = false;
  for (const index of bucket) {
    for (const name of namesOf(index)) {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, index);
      else joined = sets.join(first, index) || joined;
    }
  }
  return joined;
}

/** Rule 3: finds who could be who, then joins each circle of candidates only if all its names go together. */
function joinCompatible({ rows, reachable, meeting }: Meetings, sets: DisjointSets): void {
  const candidates = disjointSets(rows.length);
  const touched = new Set<number>();
  for (const bucket of reachable) {
    for (const [a, b] of compatiblePairs(rows, bucket)) {
      candidates.join(sets.find(a), sets.find(b));
      touched.add(sets.find(a)).add(sets.find(b));
    }
  }
  if (touched.size === 0) return;
  const names = namesOfSets(rows, meeting, sets);
  const circles = new Map<number, number[]>();
  for (const root of touched) {
    const circle = circles.get(candidates.find(root));
    if (circle === undefined) circles.set(candidates.find(root), [root]);
    else circle.push(root);
  }
  for (const roots of circles.values()) {
    const goTogether = allCompatible(roots.map(root => [...(names.get(root)?.values() ?? [])]));
    if (goTogether) for (const root of roots) sets.join(roots[0] ?? root, root);
  }
}

function compatiblePairs(rows: readonly SquareRow[], bucket: readonly number[]): [number, number][] {
  const byShape = new Map<string, { index: number; name: ComparableName }>();
  for (const index of bucket) {
    const row = rows[index];
    if (row !== undefined) byShape.set(nameOf(row).shape, { index, name: nameOf(row) });
    if (byShape.size > mostNamesShared) return [];
  }
  const distinct = [...byShape.values()];
  return distinct.flatMap((a, position) =>
    distinct
      .slice(position + 1)
      .filter(b => areCompatible(a.name, b.name))
      .map((b): [number, number] => [a.index, b.index]),
  );
}

/** The distinct names in each set, of the rows that meet others; the rest are alone with theirs. */
function namesOfSets(rows: readonly SquareRow[], meeting: ReadonlySet<number>, sets: DisjointSets) {
  const names = new Map<number, Map<string, ComparableName>>();
  for (const index of meeting) {
    const row = rows[index];
    if (row === undefined) continue;
    const name = nameOf(row);
    const known = names.get(sets.find(index));
    if (known === undefined) names.set(sets.find(index), new Map([[name.shape, name]]));
    else known.set(name.shape, name);
  }
  return names;
}

/** Every name of one set is compatible with every name of each other set, and there are not too many of them. */
function allCompatible(sets: ComparableName[][]): boolean {
  const all = sets.flatMap((names, set) => names.map(name => ({ name, set })));
  if (all.length > mostNamesShared) return false;
  return all.every(a => all.every(b => a.set === b.set || areCompatible(a.name, b.name)));
}

/**
 * A joined contact answers to each of its names with each of its e-mails and phones (`contactKeys`), so whoever else has
 * such a pair belongs to it. This is what makes sure that no two contacts have a key in common.
 */
function joinUntilKeysDiffer({ rows, reachable, meeting }: Meetings, sets: DisjointSets): void {
  for (let changed = true; changed; ) {
    changed = false;
    const severalNames = new Map<number, string[]>();
    for (const [root, names] of namesOfSets(rows, meeting, sets)) {
      const keys = new Set([...names.values()].map(name => name.key));
      const named = [...keys].filter(key => key !== '').sort();
      // The limit only keeps a forged file from costing names times marks.
      if (keys.size > 1) severalNames.set(root, named.slice(0, mostNamesShared + 1));
    }
    if (severalNames.size === 0) return;
    for (const bucket of reachable) {
      const roots = [...new Set(bucket.map(sets.find))];
      const namesOf = (index: number) => severalNames.get(index) ?? nameKey(rows, index);
      if (roots.length > 1) changed = joinSameNames(roots, sets, namesOf) || changed;
    }
  }
}

function nameKey(rows: readonly SquareRow[], index: number): string[] {
  const row = rows[index];
  return row === undefined ? [] : [nameOf(row).key];
}

function groupsOf(rows: readonly SquareRow[], sets: DisjointSets): SquareRow[][] {
  const groups = new Map<number, SquareRow[]>();
  for (const [index, row] of rows.entries()) {
    const group = groups.get(sets.find(index));
    if (group === undefined) groups.set(sets.find(index), [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
