import { z } from 'zod';
import type { Reading } from '../database/replica.ts';
import { type Calling, meantBy, withReferences } from '../records/called-by.ts';
import { pointedFrom } from '../records/pointed-from.ts';
import { readAhead, resolveRefs } from '../records/references.ts';
import type { Ahead } from '../records/sight.ts';
import type { Totals } from '../records/totals.ts';
import type { ReadQuery, View, ViewQuery } from '../registry/define.ts';
import type { RegisteredView } from '../registry/registry.ts';
import { wordFilters } from '../registry/word-filters.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { invalid } from '../words/errors.ts';
import { type Aliases, memberNamed, parseInput } from '../words/parse-input.ts';
import { quoteStart } from '../words/quote.ts';
import { requireStorable } from '../words/storable.ts';
import { tellKnown } from './authenticate.ts';
import type { Caller, ReadContext, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';
import { readExpecting } from './known-callers.ts';
import { readContext } from './read-context.ts';
import { noteLook } from './read-log.ts';
import { requireReader } from './roles.ts';

export interface ReadResult {
  rows: Record<string, unknown>[];
  next_cursor?: string;
  warnings: string[];
  totals?: Totals;
  /** Whom and what words of the filters were taken to mean, when references were asked for. */
  meant?: Record<string, unknown>;
  /** The business time zone, for showing times as people read them. */
  time_zone: string;
}

/** A view, and what is asked of it. */
export interface Asked {
  type: string;
  query: ReadQuery;
}

/**
 * Reads a registered view in a read-only transaction. Throws DeskhandError; an outage is an error and never an empty list (PLT-32).
 */
export async function read(
  kernel: Kernel,
  caller: Caller,
  asked: Asked,
  request: RequestFacts,
): Promise<ReadResult> {
  const checked = await tellKnown(kernel.db, { caller, request }, () => check(kernel, asked));
  const reading: Reading =
    (checked.view.spec.from_replica && kernel.fromReplica) ||
    (work => kernel.db.transaction('read only', work));
  const open = async () => {
    const [answer] = await readAll(kernel, reading, { caller, request, checked: [checked] });
    if (!answer) throw new Error(`${asked.type} answered nothing`);
    return answer;
  };
  return asked.query.search === undefined ? open() : kernel.searches(caller, open);
}

/** Reads several views, none of them by words, in one transaction of one caller: what a page shows together. */
export async function readTogether(
  kernel: Kernel,
  caller: Caller,
  asked: readonly Asked[],
  request: RequestFacts,
): Promise<ReadResult[]> {
  const checked = await tellKnown(kernel.db, { caller, request }, () => asked.map(one => check(kernel, one)));
  if (asked.some(({ query }) => query.search !== undefined)) throw new Error('a search is read by itself');
  const reading: Reading = work => kernel.db.transaction('read only', work);
  return readAll(kernel, reading, { caller, request, checked });
}

interface ReadTogether {
  caller: Caller;
  request: RequestFacts;
  checked: readonly Checked[];
}

const readAll = (kernel: Kernel, reading: Reading, asked: ReadTogether): Promise<ReadResult[]> =>
  readExpecting(kernel, reading, asked, tx => {
    const ahead = asked.checked.map(one => readAhead(tx, kernel.registry, one.view.refs, one.wanted));
    return identity =>
      Promise.all(
        asked.checked.map((one, index) => {
          const warnings: string[] = [];
          const warn = (text: string) => warnings.push(text);
          const context = readContext(kernel, tx, { identity, request: asked.request, warn });
          return readOpen(context, one, { ahead: ahead[index], warnings });
        }),
      );
  });

interface Checked {
  view: RegisteredView;
  wanted: ViewQuery;
  /** Its relations as they were asked for: `line_items` are `lines`. */
  include: readonly string[];
  /** How ids are answered where something points to another record. */
  references: Calling | undefined;
}

function check({ registry }: Kernel, { type, query }: Asked): Checked {
  const view = registry.view(type);
  const asked = query.relations_as_fields
    ? withRelations(view.spec, query, registry.aliases)
    : withNamesakes(view.spec, query);
  return {
    view,
    wanted: checkQuery(view, asked, registry.aliases),
    include: asked.include ?? [],
    references: query.references,
  };
}

type AskedQuery = ReadQuery & Pick<ViewQuery, 'as_fields' | 'namesakes'>;

function withNamesakes({ includes = {} }: View, query: ReadQuery): AskedQuery {
  const namesakes = query.fields?.filter(name => Object.hasOwn(includes, name)) ?? [];
  return namesakes.length === 0 ? query : { ...query, namesakes };
}

/** Whoever asks for the notes of a customer as a field means these, whatever else is called so. */
function withRelations({ row, includes = {} }: View, query: ReadQuery, aliases: Aliases): AskedQuery {
  if (query.fields === undefined) return query;
  const properties = mapValues(includes);
  const isRelation = (name: string) =>
    Object.hasOwn(row.shape, name)
      ? Object.hasOwn(includes, name)
      : memberNamed({ properties }, name, aliases) !== undefined;
  const as_fields = query.fields.filter(isRelation);
  if (as_fields.length === 0) return query;
  const fields = query.fields.filter(name => Object.hasOwn(row.shape, name) || !isRelation(name));
  const include = [...new Set([...(query.include ?? []), ...as_fields])];
  return { ...query, fields: fields.length > 0 ? fields : ['id'], include, as_fields };
}

/** Reads what is known and checked. */
async function readOpen(
  context: ReadContext,
  { view, wanted, include, references }: Checked,
  { ahead, warnings }: { ahead: Ahead | undefined; warnings: string[] },
): Promise<ReadResult> {
  requireReader(context.actor, view.spec);
  const params =
    view.refs.length > 0
      ? await resolveRefs(context, view.refs, wanted.params, {
          isRead: true,
          having: havingRows(context, view, wanted),
          ahead,
        })
      : wanted.params;
  const page = await view.spec.run(context, params === wanted.params ? wanted : { ...wanted, params });
  for (const row of page.rows)
    for (const [index, name] of include.entries()) row[name] = row[wanted.include[index] ?? name];
  const shape = shapeOf(view.spec, wanted.fields, include);
  const rows = page.rows.map(row => shape.parse(row));
  noteLook(context, { what: view.spec.type, answer: page.rows, rows: page.rows.length });
  const said = references
    ? await withReferences(context, { rows, meant: meantBy(view.refs, wanted.params, params) }, references)
    : { rows, meant: {} };
  return {
    rows: said.rows,
    ...(Object.keys(said.meant).length > 0 ? { meant: said.meant } : {}),
    warnings,
    time_zone: context.organization.time_zone,
    ...(page.next_cursor === undefined ? {} : { next_cursor: page.next_cursor }),
    ...(page.totals === undefined ? {} : { totals: page.totals }),
  };
}

/** Whom the rows of a list are about, by the filter that names one of them, as the other filters have it. */
function havingRows(context: ReadContext, { spec, refs }: RegisteredView, { params, filter }: ViewQuery) {
  const record = [...context.registry.records.values()].find(({ plural }) => plural === spec.type);
  const named = new Set(refs.map(({ path: [name = ''] }) => name));
  const others = Object.fromEntries(Object.entries(params).filter(([name]) => !named.has(name)));
  return async (member: string) =>
    record?.refs.some(({ column }) => column === member)
      ? pointedFrom(context, record, member, { params: others, filter })
      : undefined;
}

/** Whoever asks for totals is shown a few rows, unless they ask for more. */
const rowsBesideTotals = 5;

function checkQuery(view: RegisteredView, query: AskedQuery, aliases: Aliases): ViewQuery {
  const { spec, paramsSchema } = view;
  const { limit = query.totals ? rowsBesideTotals : 20, params: _params, ...rest } = query;
  requireStorable(rest);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalid('limit', 'limit goes from 1 to 100.', { got: limit });
  }
  if (query.id !== undefined && !spec.by_id) {
    throw invalid('id', `${spec.type} has no single rows.`, { hint: 'Use its named filters.' });
  }
  if (query.totals && spec.totals === undefined) {
    throw invalid('totals', `${spec.type} is not summed up.`, { hint: 'Read it without totals.' });
  }
  if (query.search !== undefined && !spec.searchable) throw notSearched(view);
  if (query.sort !== undefined) oneOf('sort', query.sort, sortsOf(spec));
  if (query.filter !== undefined) oneOf('filter', query.filter, Object.keys(spec.filters ?? {}));
  const include = (query.include ?? []).map(name => includeNamed(spec, name, aliases));
  for (const name of query.fields ?? []) requireField(spec, name, aliases);
  const { id, search, filter, sort, cursor } = query;
  return {
    params: parseInput(spec.params, paramsSchema, query.params ?? {}, { aliases }),
    limit,
    include,
    fields: wantedFields(spec, query),
    ...(id === undefined ? {} : { id }),
    ...(search === undefined ? {} : { search }),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(query.totals ? { totals: true } : {}),
    ...(query.namesakes ? { namesakes: query.namesakes } : {}),
    ...(query.as_fields ? { as_fields: query.as_fields.map(name => includeNamed(spec, name, aliases)) } : {}),
  };
}

const sortsOf = ({ sorts = [] }: View): string[] => sorts.flatMap(name => [name, `-${name}`]);

function requireField({ row, includes = {}, type }: View, name: string, aliases: Aliases): void {
  if (Object.hasOwn(row.shape, name)) return;
  const relation = memberNamed({ properties: mapValues(includes) }, name, aliases);
  if (relation === undefined) oneOf('fields', name, Object.keys(row.shape));
  throw invalid('fields', `${relation} are no field of ${type}, but stand beside it.`, {
    got: name.slice(0, 80),
    hint: `Ask for them with include: ["${relation}"].`,
  });
}

/** `line_items` are `lines`, as everywhere; the answer calls them as they were asked for. */
function includeNamed({ includes = {} }: View, name: string, aliases: Aliases): string {
  const meant = memberNamed({ properties: mapValues(includes) }, name, aliases) ?? name;
  oneOf('include', meant, Object.keys(includes));
  return meant;
}

const mapValues = (names: object) => Object.fromEntries(Object.keys(names).map(name => [name, {}]));

/** Says which filters find by words in a list that has no search. */
function notSearched(view: RegisteredView) {
  const { spec } = view;
  const filters = wordFilters(view);
  const elsewhere = 'The list called search looks through everything.';
  return invalid('search', `${spec.type} cannot be searched by words.`, {
    valid_options: Object.keys(spec.params.shape),
    hint:
      filters.length === 0
        ? `It is short: read it without search. ${elsewhere}`
        : `Say it in where: ${filters.join(', ')}; a name will do. ${elsewhere}`,
  });
}

/** What was asked for with the id; else everything of a single row and the telling members of a list. */
function wantedFields(view: View, { id, fields }: ReadQuery): readonly string[] {
  if (fields && fields.length > 0) return ['id', ...fields];
  const all = Object.keys(view.row.shape);
  return id === undefined ? (view.default_fields ?? all) : all;
}

function oneOf(field: string, got: string, options: readonly string[]): void {
  if (options.includes(got)) return;
  throw invalid(field, `${field} cannot be ${quoteStart(got, 80)} here.`, {
    got: got.slice(0, 80),
    valid_options: options,
    did_you_mean: didYouMean(got, options),
  });
}

const shapes = new WeakMap<View, Map<string, z.ZodType<Record<string, unknown>>>>();

/** The schema of the answer's rows: the wanted fields and nothing else, so that no other column ever leaves. */
function shapeOf(view: View, fields: readonly string[], include: readonly string[]) {
  const byKey = shapes.get(view) ?? new Map<string, z.ZodType<Record<string, unknown>>>();
  shapes.set(view, byKey);
  const key = JSON.stringify([fields, include]);
  const known = byKey.get(key);
  if (known) return known;
  const members = Object.entries(view.row.shape).filter(([name]) => fields.includes(name));
  const shape = z.object({
    ...Object.fromEntries(members),
    ...Object.fromEntries(include.map(name => [name, z.unknown()])),
  });
  if (byKey.size < 100) byKey.set(key, shape);
  return shape;
}
