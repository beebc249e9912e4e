import { distance } from 'fastest-levenshtein';
import type { AnyCall, Registry } from '../kernel/registry/registry.ts';
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
  return text.slice(0, 1).toUpperCase() + text.slice(1);
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
  all: readonly Functionality[];
  /** Every stem of four letters and more. */
  stems: readonly string[];
}

export const indexFunctions = (all: readonly Functionality[]): Functions => ({
  all,
  stems: [...new Set(all.flatMap(({ weights }) => [...weights.keys()]))].filter(stem => stem.length > 3),
});

/**
 * What fits all of some words, best first: by name, by a keyword or, last, by its description; the last letters of a word
 * may be missing. When nothing fits, a misspelt word is read as the nearest known one.
 */
export function findFunctions({ all, stems: known }: Functions, words: readonly string[]): FunctionHit[] {
  const stems = words.flatMap(stemsOf);
  if (stems.length === 0) return [];
  const hits = rank(all, stems);
  if (hits.length > 0) return hits;
  const meant = stems.map(typed => nearest(typed, known));
  if (meant.includes(undefined)) return [];
  return rank(
    all,
    meant.filter(stem => stem !== undefined),
  ).map(hit => ({ ...hit, score: hit.score / 3 }));
}

/** The known word that begins like this one, or is one or two slips away; undefined when there is none. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  if (typed.length < 5 || /\d/.test(typed)) return known.includes(typed) ? typed : undefined;
  if (known.some(stem => stem.startsWith(typed))) return typed;
  const most = typed.length < 7 ? 1 : 2;
  return known
    .filter(stem => Math.abs(stem.length - typed.length) <= most)
    .map(stem => ({ stem, slips: distance(stem, typed) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips)[0]?.stem;
}

function rank(all: readonly Functionality[], stems: readonly string[]): FunctionHit[] {
  const hits: FunctionHit[] = [];
  for (const found of all) {
    let sum = 0;
    for (const typed of stems) {
      const weight = weightOf(found.weights, typed);
      if (weight === 0) {
        sum = 0;
        break;
      }
      sum += weight;
    }
    // Of two that fit alike, the one that is about little else.
    if (sum > 0) {
      hits.push({ found, score: 2.5 + sum / stems.length - Math.min(0.05, found.weights.size / 1000) });
    }
  }
  return hits.sort((a, b) => b.score - a.score || a.found.id.localeCompare(b.found.id));
}

function weightOf(weights: ReadonlyMap<string, number>, typed: string): number {
  const exact = weights.get(typed);
  if (exact !== undefined) return exact;
  if (typed.length < 3) return 0;
  let best = 0;
  for (const [stem, weight] of weights) if (stem.startsWith(typed)) best = Math.max(best, weight * 0.8);
  return best;
}
