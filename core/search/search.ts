import { z } from 'zod';
import { type Actor, type Level, levels, type ReadContext } from '../kernel/pipeline/context.ts';
import { mayCall, mayRead } from '../kernel/pipeline/roles.ts';
import { type Action, defineView } from '../kernel/registry/define.ts';
import type { Registered, Registry } from '../kernel/registry/registry.ts';
import {
  type Found,
  findDocuments,
  mostCounted,
  type SearchHit,
  type Wish,
} from '../kernel/search/find-documents.ts';
import { firstPage, nextPage, readPlace, totalOf, writePlace } from '../kernel/search/pages.ts';
import { wordsOf } from '../kernel/search/query.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { localTime } from '../kernel/words/time.ts';
import { serviceNames } from '../services/names.ts';
import {
  type Functionality,
  type FunctionHit,
  type Functions,
  findFunctions,
  functionKinds,
  indexFunctions,
  listFunctions,
} from './functions.ts';
import { calendarOf } from './moments.ts';
import { maySpeakOfVisits, understand } from './understand.ts';
import { plainText, wantedOf } from './words.ts';

/** The levels some actions have for whoever asks. */
export type LevelsOf = (
  context: ReadContext,
  actions: readonly Registered<Action>[],
) => Promise<ReadonlyMap<string, Level>>;

const row = z.object({
  id: z.string(),
  /** `contact`, `ticket`; `action`, `workflow`, `view`, `page`, `domain` */
  kind: z.string(),
  /** What the kind is called as a heading: `contacts`, `actions`. */
  group: z.string(),
  reference: z.string().nullable(),
  title: z.string(),
  /** What it is, in at most 100 characters. */
  text: z.string(),
  /** `contacts/C-1042`: the data type and its id; `ticket.cancel`: the action; `/review`: the page. */
  open: z.string(),
  /** Of an action, for whoever asks. */
  level: z.enum(levels).optional(),
});
type SearchRow = z.infer<typeof row>;

/**
 * Everything by words (UNI-01…08): the records a caller may read and the actions, workflows, data types, pages and areas
 * they may use, grouped by kind, the kind with the best match first.
 */
export const searchView = (levelsOf?: LevelsOf) =>
  defineView({
    type: 'search',
    domain: 'search',
    summary: 'Everything by words: records of every kind, and what can be done and opened; grouped by kind.',
    keywords: ['find', 'look up', 'universal search', 'everything', 'where is', 'how do I'],
    row,
    params: z.strictObject({
      /** `contact`, `ticket`, `action`, … */
      kinds: z.array(z.string().max(200)).max(30).optional(),
      /** Results of one kind; 5 when left out. */
      per_kind: z.int().min(1).max(20).optional(),
    }),
    default_fields: ['kind', 'group', 'reference', 'title', 'text', 'open', 'level'],
    searchable: true,
    roles: ['owner', 'admin', 'member', 'technician'],
    async run(context, { params, search = '', limit, cursor }) {
      if (search.trim() === '') {
        throw invalid('search', 'Say what to look for.', { hint: 'Give the words as search.' });
      }
      const perKind = params.per_kind ?? 5;
      const asked = ['search', search, params.kinds ?? null, perKind];
      const place = readPlace(context, asked, cursor);
      const isWanted = readKinds(context.registry, params.kinds);
      const { groups, counts } = await findGroups(context, {
        search,
        isWanted,
        perKind,
        isWhole: place !== undefined,
      });
      const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
      const idOf = ({ kind, id }: SearchRow) => `${kind} ${id}`;
      const isPart = count > mostCounted;
      const page = place
        ? nextPage(inRounds(groups, perKind), place, { limit, idOf })
        : firstPage(inRounds(groups, perKind), { limit, count, isPart, idOf });
      return {
        rows: await withLevels(context, page.rows, levelsOf),
        ...(page.place ? { next_cursor: writePlace(context, asked, page.place) } : {}),
        ...(count > 0 ? { totals: totalsOf(count, counts) } : {}),
      };
    },
  });

/** `{total: 14, kinds: [{kind: 'contact', total: 9}, …]}`; the kinds when there are several. */
const totalsOf = (count: number, counts: ReadonlyMap<string, number>) => ({
  total: totalOf(count),
  ...(counts.size > 1 ? { kinds: [...counts].map(([kind, each]) => ({ kind, total: totalOf(each) })) } : {}),
});

interface Group {
  score: number;
  rows: SearchRow[];
}

/** What is found of each kind, the kind with the best match first, and how much there is. */
async function findGroups(
  context: ReadContext,
  {
    search,
    isWanted,
    perKind,
    isWhole,
  }: { search: string; isWanted: IsWanted; perKind: number; isWhole: boolean },
): Promise<{ groups: Group[]; counts: ReadonlyMap<string, number> }> {
  const records = await findRecords(context, search, isWanted, { most: perKind, everything: isWhole });
  const words = wordsOf(plainText(search)).filter(word => !between.has(word));
  const functions = findFunctions(functionsFor(context), words).filter(hit => isWanted(hit.found.kind));
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

/** The best of each kind, then the next best of each kind that has more, and so on. */
function inRounds(groups: readonly Group[], perKind: number): SearchRow[] {
  const rounds = Math.max(0, ...groups.map(({ rows }) => Math.ceil(rows.length / perKind)));
  return Array.from({ length: rounds }, (_, round) =>
    groups.flatMap(({ rows }) => rows.slice(round * perKind, (round + 1) * perKind)),
  ).flat();
}

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

type IsWanted = (kind: string) => boolean;

/** `contact`, `contacts` and "contact,ticket" are understood. Throws VALIDATION_ERROR. */
function readKinds(registry: Registry, given: readonly string[] | undefined): IsWanted {
  const kinds = given?.flatMap(text => text.split(',')).flatMap(text => text.trim() || []) ?? [];
  if (kinds.length === 0) return () => true;
  const all = new Map<string, string>(
    functionKinds.flatMap(kind => [[kind, kind] as const, [`${kind}s`, kind] as const]),
  );
  for (const { kind, view } of registry.indexed.values()) all.set(kind, kind).set(view, kind);
  const wanted = kinds.map(kind => {
    const meant = all.get(kind.toLowerCase());
    if (meant !== undefined) return meant;
    const options = [...new Set(all.values())];
    throw invalid('kinds', 'There is no such kind.', {
      got: kind.slice(0, 80),
      did_you_mean: didYouMean(kind.slice(0, 80), options),
      valid_options: options,
    });
  });
  return kind => wanted.includes(kind);
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
  const wanted = wantedOf(wordsOf(plainText(search)));
  const isAboutVisits = await speaksOfVisits(context, search);
  const seen = open.map(indexed => ({ indexed, among: indexed.inSight?.(context) }));
  const wide = seen.flatMap(({ indexed, among }) => (among ? [] : [indexed]));
  const understands = isAboutVisits ? wide.filter(({ search }) => search) : [];
  const plain = wide.filter(indexed => !understands.includes(indexed)).map(({ kind }) => kind);
  const ask = (kinds: readonly string[], among?: readonly string[]) =>
    findDocuments(context, { kinds, query: wanted, among, ...wish });
  // Whoever sees a few of many records neither loses them behind those of others nor learns of these.
  const found = await Promise.all([
    ask(plain),
    ...seen.flatMap(({ indexed, among }) => (among ? [among.then(ids => ask([indexed.kind], ids))] : [])),
  ]);
  for (const indexed of understands) {
    const understood = await indexed.search?.(context, search, wish);
    if (understood) found.push(understood);
  }
  return {
    hits: found.flatMap(({ hits }) => hits),
    counts: new Map(found.flatMap(({ counts }) => [...counts].filter(([, count]) => count > 0))),
  };
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
  text: cut(found.summary),
  open: found.id,
});

const cut = (text: string) =>
  text.length > 100 ? `${text.slice(0, 99).replace(/[\ud800-\udbff]$/, '')}…` : text;

async function withLevels(
  context: ReadContext,
  rows: readonly SearchRow[],
  levelsOf: LevelsOf | undefined,
): Promise<SearchRow[]> {
  const actions = rows.flatMap(({ kind, id }) => (kind === 'action' ? [context.registry.action(id)] : []));
  if (actions.length === 0 || !levelsOf || context.actor.kind !== 'agent') return [...rows];
  const known = await levelsOf(context, actions);
  return rows.map(found => {
    const level = found.kind === 'action' ? known.get(found.id) : undefined;
    return level === undefined ? found : { ...found, level };
  });
}
