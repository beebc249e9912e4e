import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { type Actor, levels, type ReadContext } from '../kernel/pipeline/context.ts';
import { mayCall, mayRead } from '../kernel/pipeline/roles.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { findNumbered } from '../kernel/search/by-number.ts';
import { type Found, mostCounted, type SearchHit, type Wish } from '../kernel/search/find-documents.ts';
import type { Indexed } from '../kernel/search/indexed.ts';
import { type Wanted, wordsOf } from '../kernel/search/query.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { localTime } from '../kernel/words/time.ts';
import { serviceNames } from '../services/names.ts';
import {
  type Functionality,
  type FunctionHit,
  type Functions,
  findFunctions,
  indexFunctions,
  listFunctions,
} from './functions.ts';
import { calendarOf } from './moments.ts';
import { findSpelt } from './spelt.ts';
import { maySpeakOfVisits, understand } from './understand.ts';
import { plainText, wantedOf } from './words.ts';

// What a search over everything finds: records and functions, by kind.

/** One thing a search over everything has found. */
export const searchRow = z.object({
  id: z.string(),
  /** `contact`, `ticket`; `action`, `workflow`, `view`, `page`, `domain` */
  kind: z.string(),
  /** What the kind is called as a heading: `contacts`, `actions`. */
  group: z.string(),
  reference: z.string().nullable(),
  title: z.string(),
  /** Whom it is about. */
  about: z.string().nullable(),
  /** What it is, in at most 100 characters. */
  text: z.string(),
  /** `contacts/C-1042`: the data type and its id; `ticket.cancel`: the action; `/review`: the page. */
  open: z.string(),
  /** Of an action, for whoever asks. */
  level: z.enum(levels).optional(),
});
export type SearchRow = z.infer<typeof searchRow>;

export type IsWanted = (kind: string) => boolean;

interface Group {
  score: number;
  rows: SearchRow[];
}

/** What is found of each kind, the kind with the best match first, and how much there is. */
export async function findGroups(
  context: ReadContext,
  {
    search,
    isWanted,
    perKind,
    isWhole,
  }: { search: string; isWanted: IsWanted; perKind: number; isWhole: boolean },
): Promise<{ groups: Group[]; counts: ReadonlyMap<string, number> }> {
  const [records, functions] = await Promise.all([
    findRecords(context, search, isWanted, { most: perKind, everything: isWhole }),
    findWanted(context, search, isWanted),
  ]);
  const counts = new Map(records.counts);
  for (const { found } of functions) counts.set(found.kind, (counts.get(found.kind) ?? 0) + 1);
  const most = isWhole ? Number.POSITIVE_INFINITY : perKind;
  const groups = [
    ...grouped(
      records.hits,
      hit => hit.kind,
      most,
      hit => showRecord(context, hit),
    ),
    ...grouped(functions, hit => hit.found.kind, most, showFunction),
  ];
  return { groups: groups.sort((a, b) => b.score - a.score), counts };
}

/** What can be done. Looked for while the database looks for the records, so behind what is sent to it in this turn. */
async function findWanted(context: ReadContext, search: string, isWanted: IsWanted): Promise<FunctionHit[]> {
  await setImmediate();
  const words = wordsOf(plainText(search)).filter(word => !between.has(word));
  return findFunctions(functionsFor(context), words).filter(hit => isWanted(hit.found.kind));
}

/** The best of each kind, then the next best of each kind that has more, and so on. */
export function inRounds(groups: readonly Group[], perKind: number): SearchRow[] {
  const rounds = Math.max(0, ...groups.map(({ rows }) => Math.ceil(rows.length / perKind)));
  return Array.from({ length: rounds }, (_, round) =>
    groups.flatMap(({ rows }) => rows.slice(round * perKind, (round + 1) * perKind)),
  ).flat();
}

async function findRecords(
  context: ReadContext,
  search: string,
  isWanted: IsWanted,
  wish: Wish,
): Promise<Found> {
  const { registry } = context;
  const open = [...registry.indexed.values()].filter(
    ({ kind, view }) => isWanted(kind) && mayRead(context.actor, registry.view(view).spec),
  );
  const records = open.flatMap(({ kind }) => registry.records.get(kind) ?? []);
  const numbered = await findNumbered(context, { records, search }, async query => {
    const seen = inSightOf(context, open);
    const wide = seen.flatMap(({ indexed, among }) => (among ? [] : [indexed.kind]));
    return together(await askEach(context, seen, { plain: wide, query, wish }));
  });
  return numbered ?? findByWords(context, { open, search, wish });
}

async function findByWords(
  context: ReadContext,
  { open, search, wish }: { open: readonly Indexed[]; search: string; wish: Wish },
): Promise<Found> {
  const query = wantedOf(wordsOf(plainText(search)));
  const isAboutVisits = await speaksOfVisits(context, search);
  const seen = inSightOf(context, open);
  const wide = seen.flatMap(({ indexed, among }) => (among ? [] : [indexed]));
  const understands = isAboutVisits ? wide.filter(({ search }) => search) : [];
  const plain = wide.filter(indexed => !understands.includes(indexed)).map(({ kind }) => kind);
  const ask = (kinds: readonly string[], most = wish.most) =>
    findSpelt(context, { kinds, query, ...wish, most });
  const [first = none, ...others] = await askEach(context, seen, { plain, query, wish });
  const found = [await preferred(context, { found: first, wide, search, wish, ask }), ...others];
  for (const indexed of understands) {
    const understood = await indexed.search?.(context, search, wish);
    if (understood) found.push(understood);
  }
  return together(found);
}

const together = (found: readonly Found[]): Found => ({
  hits: found.flatMap(({ hits }) => hits),
  counts: new Map(found.flatMap(({ counts }) => [...counts].filter(([, count]) => count > 0))),
});

/** A kind, and what of it the caller sees, where that is not all. */
interface Seen {
  indexed: Indexed;
  among: Promise<readonly string[]> | undefined;
}

const inSightOf = (context: ReadContext, open: readonly Indexed[]): Seen[] =>
  open.map(indexed => ({ indexed, among: indexed.inSight?.(context) }));

/** Whoever sees a few of many records neither loses them behind those of others nor learns of these. */
const askEach = (
  context: ReadContext,
  seen: readonly Seen[],
  { plain, query, wish }: { plain: readonly string[]; query: Wanted; wish: Wish },
): Promise<Found[]> =>
  Promise.all([
    findSpelt(context, { kinds: plain, query, ...wish }),
    ...seen.flatMap(({ indexed: { kind }, among }) =>
      among ? [among.then(ids => findSpelt(context, { kinds: [kind], query, among: ids, ...wish }))] : [],
    ),
  ]);

const none: Found = { hits: [], counts: new Map() };

/**
 * Puts those first that are mostly meant, of each kind that knows: over all that were found, so that whoever is meant is not
 * left behind the page. More than can be counted are in no order anyway.
 */
async function preferred(
  context: ReadContext,
  {
    found,
    wide,
    search,
    wish,
    ask,
  }: {
    found: Found;
    wide: readonly Indexed[];
    search: string;
    wish: Wish;
    ask: (kinds: readonly string[], most?: number) => Promise<Found>;
  },
): Promise<Found> {
  let { hits } = found;
  for (const { kind, prefer, search: searchKind } of wide) {
    const own = hits.filter(hit => hit.kind === kind);
    if (!prefer || own.length < 2) continue;
    const isPart = (found.counts.get(kind) ?? 0) > own.length;
    if (isPart && searchKind) {
      // Found and put in order in one statement, and only as many are fetched as are shown.
      const best = await searchKind(context, search, { most: wish.most });
      hits = [...hits.filter(hit => hit.kind !== kind), ...best.hits];
      continue;
    }
    const all = isPart ? (await ask([kind], mostCounted)).hits : own;
    const best = all.length > mostCounted ? all : await prefer(context, all, search);
    const shown = wish.everything ? best : best.slice(0, wish.most);
    hits = [...hits.filter(hit => hit.kind !== kind), ...shown];
  }
  return { ...found, hits };
}

/** Whether it is about visits, so that kinds that understand more than words are asked one by one. */
async function speaksOfVisits(context: ReadContext, search: string): Promise<boolean> {
  if (!maySpeakOfVisits(search)) return false;
  const { visits } = await understand(search, calendarOf(context), await serviceNames(context));
  return visits !== undefined;
}

/** So many of each kind, best first, with what the best of them scored. */
function grouped<T extends { score: number }>(
  hits: readonly T[],
  kindOf: (hit: T) => string,
  most: number,
  show: (hit: T) => SearchRow,
): Group[] {
  const byKind = new Map<string, T[]>();
  for (const hit of hits) {
    const known = byKind.get(kindOf(hit));
    if (known) known.push(hit);
    else byKind.set(kindOf(hit), [hit]);
  }
  return [...byKind.values()].map(group => {
    const best = [...group].sort((a, b) => b.score - a.score).slice(0, most);
    return { score: best[0]?.score ?? 0, rows: best.map(show) };
  });
}

function showRecord({ organization, registry }: ReadContext, hit: SearchHit): SearchRow {
  const group = registry.indexed.get(hit.kind)?.view ?? hit.kind;
  const detail = hit.detail
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, moment => localTime(moment, organization.time_zone))
    .replace(/\+\d{8,15}/g, number => formatPhone(number, organization.country));
  return {
    id: hit.record_id,
    kind: hit.kind,
    group,
    reference: hit.reference,
    title: hit.title,
    about: hit.about,
    text: cut([hit.about, detail].filter(Boolean).join(', ')),
    open: `${group}/${hit.reference ?? hit.record_id}`,
  };
}

const showFunction = ({ found }: FunctionHit): SearchRow => ({
  id: found.id,
  kind: found.kind,
  group: `${found.kind}s`,
  reference: null,
  title: found.title,
  about: null,
  text: cut(found.summary),
  open: found.id,
});

const cut = (text: string) =>
  text.length > 100 ? `${text.slice(0, 99).replace(/[\ud800-\udbff]$/, '')}…` : text;

const functionsOf = new WeakMap<Registry, Map<string, Functions>>();

/** What somebody may do and open, made once for each sort of caller. */
function functionsFor({ actor, registry }: ReadContext): Functions {
  const known = functionsOf.get(registry) ?? new Map<string, Functions>();
  functionsOf.set(registry, known);
  const sort = `${actor.kind} ${actor.role ?? ''}`;
  const before = known.get(sort);
  if (before) return before;
  const open = listFunctions(registry).filter(one => isOpenTo(actor, registry, one));
  const made = indexFunctions(open);
  known.set(sort, made);
  return made;
}

function isOpenTo(actor: Actor, registry: Registry, { kind, id }: Functionality): boolean {
  if (kind === 'action') return mayCall(actor, registry.action(id));
  if (kind === 'workflow') return mayCall(actor, registry.workflow(id));
  if (kind === 'view') return mayRead(actor, registry.view(id).spec);
  if (kind === 'domain') {
    return (
      [...registry.views.values()].some(({ spec }) => spec.domain === id && mayRead(actor, spec)) ||
      [...registry.actions.values()].some(action => action.spec.domain === id && mayCall(actor, action))
    );
  }
  const page = registry.pages.find(({ path }) => path === id);
  if (!page || !mayRead(actor, registry.view(page.view).spec)) return false;
  if (actor.kind === 'user' && page.roles && !page.roles.some(role => role === actor.role)) return false;
  return !page.decides || actor.role === 'owner' || actor.role === 'admin';
}

/** Words around what one wants to do; "call" and "find" are no such words here. */
const between = new Set(
  'a an the of to for in on at by with from and or my our me i we us is are was be how do does can please that this it'.split(
    ' ',
  ),
);
