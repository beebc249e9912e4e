import { distance } from 'fastest-levenshtein';
import { fold } from '../kernel/fold.ts';
import type { AnyCall, Registry } from '../kernel/registry.ts';

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
      describe('view', spec.type, titled(spec.type), spec.summary, [
        [name, spec.type],
        [word, ...(spec.keywords ?? []), ...(aliases.get(spec.domain) ?? []), spec.domain],
      ]),
    ),
    ...registry.pages.map(page =>
      describe('page', page.path, page.label, page.summary, [
        [name, page.label],
        [word, ...page.keywords],
      ]),
    ),
    ...registry.domains.map(domain =>
      describe('domain', domain.name, titled(domain.name), domain.summary, [
        [name, domain.name],
        [word, ...(aliases.get(domain.name) ?? [])],
      ]),
    ),
  ];
}

function describeCall({ spec, id }: AnyCall, aliases: ReadonlyMap<string, readonly string[]>): Functionality {
  if (spec.kind === 'workflow') {
    return describe('workflow', id, spec.title, spec.summary, [
      [name, id, spec.title],
      [word, ...(spec.keywords ?? [])],
    ]);
  }
  return describe('action', id, titled(`${spec.name} ${spec.domain}`), spec.summary, [
    [name, spec.name],
    [word, ...(spec.keywords ?? []), spec.domain, ...(aliases.get(spec.domain) ?? [])],
  ]);
}

/** What people call the things of a domain: `ticket` is an appointment, a visit, a job. */
const aliasesOf = (registry: Registry): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...registry.records.values()].map(record => [record.name, [record.plural, ...(record.keywords ?? [])]]),
  );

// What it is called says more than what it is looked for by, and that more than a word of its description.
const name = 1;
const word = 0.85;
const mentioned = 0.3;

function describe(
  kind: FunctionKind,
  id: string,
  title: string,
  summary: string,
  said: readonly (readonly [weight: number, ...texts: string[]])[],
): Functionality {
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

/**
 * What fits all of some words, best first: by name, by a keyword or, last, by its description; the last letters of a word
 * may be missing. When nothing fits, a misspelt word is read as the nearest known one.
 */
export function findFunctions(all: readonly Functionality[], words: readonly string[]): FunctionHit[] {
  const stems = words.flatMap(stemsOf);
  if (stems.length === 0) return [];
  const hits = rank(all, stems);
  if (hits.length > 0) return hits;
  const known = [...new Set(all.flatMap(({ weights }) => [...weights.keys()]))].filter(
    stem => stem.length > 3,
  );
  const meant = stems.map(typed => nearest(typed, known));
  return meant.join() === stems.join() ? [] : rank(all, meant).map(hit => ({ ...hit, score: hit.score / 3 }));
}

/** The known word that is one or two slips away; the word itself when there is none, or when it is short. */
function nearest(typed: string, known: readonly string[]): string {
  if (typed.length < 5) return typed;
  const near = known
    .map(stem => ({ stem, slips: distance(stem, typed) }))
    .filter(({ slips }) => slips <= (typed.length < 7 ? 1 : 2))
    .sort((a, b) => a.slips - b.slips)[0];
  return near?.stem ?? typed;
}

function rank(all: readonly Functionality[], stems: readonly string[]): FunctionHit[] {
  return all
    .flatMap(found => {
      const weights = stems.map(typed => weightOf(found.weights, typed));
      if (weights.includes(0)) return [];
      const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
      // Of two that fit alike, the one that is about little else.
      return [{ found, score: 2.6 + mean - Math.min(0.05, found.weights.size / 1000) }];
    })
    .sort((a, b) => b.score - a.score || a.found.id.localeCompare(b.found.id));
}

function weightOf(weights: ReadonlyMap<string, number>, typed: string): number {
  const exact = weights.get(typed);
  if (exact !== undefined) return exact;
  if (typed.length < 3) return 0;
  let best = 0;
  for (const [stem, weight] of weights) if (stem.startsWith(typed)) best = Math.max(best, weight * 0.8);
  return best;
}
