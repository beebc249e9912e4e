import { distance } from 'fastest-levenshtein';
import type { AnyCall, Registry } from '../kernel/registry/registry.ts';
import { capital } from '../kernel/words/capital.ts';
import { fold } from '../kernel/words/fold.ts';

/** What can be done and looked at besides records (UNI-05). */
export const functionKinds = ['action', 'workflow', 'view', 'page', 'domain'] as const;
export type FunctionKind = (typeof functionKinds)[number];

/** Something that can be done or opened, as search knows it. */
export interface Functionality {
  kind: FunctionKind;
  /** `ticket.cancel`, `tickets`, `/review` */
  id: string;
  title: string;
  summary: string;
  /** How much it says for it that one of these words was typed, by stem. */
  weights: ReadonlyMap<string, number>;
}

export interface FunctionHit {
  found: Functionality;
  score: number;
}

/** Everything that is registered, made from the registrations and from nothing else (UNI-03, UNI-06). */
export function listFunctions(registry: Registry): Functionality[] {
  const aliases = aliasesOf(registry);
  return [
    ...[...registry.actions.values()].map(action => describeCall(action, aliases)),
    ...[...registry.workflows.values()].map(workflow => describeCall(workflow, aliases)),
    ...[...registry.views.values()].map(({ spec }) =>
      describe({
        kind: 'view',
        id: spec.type,
        title: titled(spec.type),
        summary: spec.summary,
        said: [
          [name, spec.type],
          [registry.indexed.has(spec.domain) ? alias : word, ...(spec.keywords ?? [])],
          [alias, ...(aliases.get(spec.domain) ?? []), spec.domain],
        ],
      }),
    ),
    ...registry.pages.map(page =>
      describe({
        kind: 'page',
        id: page.path,
        title: page.label,
        summary: page.summary,
        said: [
          [name, page.label],
          [word, ...page.keywords],
        ],
      }),
    ),
    ...registry.domains.map(domain =>
      describe({
        kind: 'domain',
        id: domain.name,
        title: titled(domain.name),
        summary: domain.summary,
        said: [
          [name, domain.name],
          [alias, ...(aliases.get(domain.name) ?? [])],
        ],
      }),
    ),
  ];
}

function describeCall({ spec, id }: AnyCall, aliases: ReadonlyMap<string, readonly string[]>): Functionality {
  if (spec.kind === 'workflow') {
    return describe({
      kind: 'workflow',
      id,
      title: spec.title,
      summary: spec.summary,
      said: [
        [name, id, spec.title],
        [word, ...(spec.keywords ?? [])],
      ],
    });
  }
  return describe({
    kind: 'action',
    id,
    title: titled(`${spec.name} ${spec.domain}`),
    summary: spec.summary,
    said: [
      [name, spec.name],
      [word, ...(spec.keywords ?? []), spec.domain],
      [alias, ...(aliases.get(spec.domain) ?? [])],
    ],
  });
}

/** What people call the things of a domain: `ticket` is an appointment, a visit, a job. */
const aliasesOf = (registry: Registry): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...registry.records.values()].map(record => [record.name, [record.plural, ...(record.keywords ?? [])]]),
  );

// What it is called says more than what it is looked for by; that more than what its records are called or hold ("visit",
// "dog"), which is said of all that can be done with them; a word of its description says least.
const name = 1;
const word = 0.85;
const alias = 0.5;
const mentioned = 0.3;

function describe({
  kind,
  id,
  title,
  summary,
  said,
}: {
  kind: FunctionKind;
  id: string;
  title: string;
  summary: string;
  said: readonly (readonly [weight: number, ...texts: string[]])[];
}): Functionality {
  const weights = new Map<string, number>();
  for (const [weight, ...texts] of [...said, [mentioned, summary] as const]) {
    for (const stem of texts.flatMap(stemsOf)) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
  }
  return { kind, id, title, summary, weights };
}

const titled = (id: string) => {
  const text = id.replaceAll('_', ' ');
  return capital(text);
};

const stemsOf = (text: string): string[] => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);

/** invoices: invoice. Cancelled and cancelling: cancel. */
const stem = (text: string): string =>
  text
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(?<=\p{L}{3})(?:(l)l)?(ing|ed)$/u, '$1');

/** Functions with the words they are found by. */
export interface Functions {
  /** Of each stem the functions it says something for, and how much. */
  byStem: ReadonlyMap<string, readonly (readonly [Functionality, weight: number])[]>;
  /** Every stem, in order: those that begin alike stand together. */
  stems: readonly string[];
}

export function indexFunctions(all: readonly Functionality[]): Functions {
  const byStem = new Map<string, [Functionality, number][]>();
  for (const found of all) {
    for (const [stem, weight] of found.weights) {
      const known = byStem.get(stem);
      if (known) known.push([found, weight]);
      else byStem.set(stem, [[found, weight]]);
    }
  }
  return { byStem, stems: [...byStem.keys()].sort() };
}

/**
 * What fits all of some words, best first: by name, by a keyword or, last, by its description; the last letters of a word
 * may be missing. When nothing fits, a misspelt word is read as the nearest known one.
 */
export function findFunctions(functions: Functions, words: readonly string[]): FunctionHit[] {
  const stems = words.flatMap(stemsOf);
  if (stems.length === 0) return [];
  const hits = rank(functions, stems);
  if (hits.length > 0) return hits;
  // A sentence: "here is my Jobber export, bring it in".
  const telling = stems.filter(typed => !small.has(typed));
  if (telling.length > 1 && telling.length < stems.length) {
    const meant = rank(functions, telling);
    if (meant.length > 0) return meant.map(hit => ({ ...hit, score: hit.score / 2 }));
  }
  const meant: string[] = [];
  for (const typed of stems) {
    const near = nearest(typed, functions);
    // Most searches are for somebody's name.
    if (near === undefined) return [];
    meant.push(near);
  }
  return rank(functions, meant).map(hit => ({ ...hit, score: hit.score / 3 }));
}

/** Words that say nothing of what is to be done. */
const small = new Set(
  'a all an and are can could do for from have here how i in into is it its let me my of on our please some that the their them there these they this those to us want we what where with would you your'.split(
    ' ',
  ),
);

/** The known word of four letters and more that begins like this one, or is one or two slips away. */
function nearest(typed: string, { byStem, stems }: Functions): string | undefined {
  const isLong = (stem: string) => stem.length > 3;
  if (typed.length < 5 || /\d/.test(typed)) return isLong(typed) && byStem.has(typed) ? typed : undefined;
  if (begunBy(typed, stems).length > 0) return typed;
  const most = typed.length < 7 ? 1 : 2;
  return stems
    .filter(stem => isLong(stem) && Math.abs(stem.length - typed.length) <= most)
    .map(stem => ({ stem, slips: distance(stem, typed) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips)[0]?.stem;
}

/** Those of some words in order that begin with these letters. */
function begunBy(letters: string, stems: readonly string[]): readonly string[] {
  let [start, end] = [0, stems.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if ((stems[middle] ?? '') < letters) start = middle + 1;
    else end = middle;
  }
  while (stems[end]?.startsWith(letters)) end += 1;
  return stems.slice(start, end);
}

function rank(functions: Functions, stems: readonly string[]): FunctionHit[] {
  const [first = new Map<Functionality, number>(), ...others] = stems.map(typed =>
    weightsOf(functions, typed),
  );
  const hits: FunctionHit[] = [];
  for (const [found, weight] of first) {
    const weights = [weight, ...others.flatMap(other => other.get(found) ?? [])];
    if (weights.length < stems.length) continue;
    const sum = weights.reduce((before, one) => before + one);
    // Of two that fit alike, the one that is about little else.
    const score = 2.5 + sum / stems.length - Math.min(0.05, found.weights.size / 1000);
    hits.push({ found, score });
  }
  return hits.sort((a, b) => b.score - a.score || a.found.id.localeCompare(b.found.id));
}

/** How much a word says for each function that has it; of three letters and more also where others begin with it. */
function weightsOf({ byStem, stems }: Functions, typed: string): ReadonlyMap<Functionality, number> {
  const exact = new Map(byStem.get(typed));
  if (typed.length < 3) return exact;
  const weights = new Map(exact);
  for (const stem of begunBy(typed, stems)) {
    for (const [found, weight] of byStem.get(stem) ?? []) {
      if (!exact.has(found)) weights.set(found, Math.max(weights.get(found) ?? 0, weight * 0.8));
    }
  }
  return weights;
}
