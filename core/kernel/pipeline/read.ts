import { z } from 'zod';
import { resolveRefs, withReferences } from '../records/references.ts';
import type { ReadQuery, View, ViewQuery } from '../registry/define.ts';
import type { RegisteredView } from '../registry/registry.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { invalid } from '../words/errors.ts';
import { type Aliases, parseInput } from '../words/parse-input.ts';
import { quoteStart } from '../words/quote.ts';
import { requireStorable } from '../words/storable.ts';
import { authenticate, sessionOf, tellKnown } from './authenticate.ts';
import type { Caller, ReadContext, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';
import { noteLook } from './read-log.ts';
import { requireReader } from './roles.ts';

export interface ReadResult {
  rows: Record<string, unknown>[];
  next_cursor?: string;
  warnings: string[];
  /** The business time zone, for showing times as people read them. */
  time_zone: string;
}

/**
 * Reads a registered view in a read-only transaction. Throws DeskhandError; an outage is an error and never an empty list (PLT-32).
 */
export async function read(
  kernel: Kernel,
  caller: Caller,
  { type, query }: { type: string; query: ReadQuery },
  request: RequestFacts,
): Promise<ReadResult> {
  const { view, checked } = await tellKnown(kernel.db, caller, request, () => {
    const view = kernel.registry.view(type);
    return { view, checked: checkQuery(view, query, kernel.registry.aliases) };
  });
  const open = () => readOpen(kernel, caller, { view, checked, query }, request);
  return query.search === undefined ? open() : kernel.searches(caller, open);
}

/** Reads in a transaction of its own what is known and checked. */
function readOpen(
  kernel: Kernel,
  caller: Caller,
  { view, checked, query }: { view: RegisteredView; checked: ViewQuery; query: ReadQuery },
  request: RequestFacts,
): Promise<ReadResult> {
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, caller, request);
    const warnings: string[] = [];
    const context: ReadContext = {
      tx,
      registry: kernel.registry,
      organization: identity.organization,
      actor: identity.actor,
      request,
      now: kernel.clock(),
      session: sessionOf(identity),
      warn: text => warnings.push(text),
    };
    requireReader(context.actor, view.spec);
    const params =
      view.refs.length > 0
        ? await resolveRefs(context, view.refs, kernel.registry.records, checked.params, { isRead: true })
        : checked.params;
    const page = await view.spec.run(context, { ...checked, params });
    const shape = shapeOf(view.spec, checked.fields, checked.include);
    const rows = page.rows.map(row => shape.parse(row));
    noteRead(context, view.spec.type, page.rows);
    return {
      rows: query.references ? await withReferences(context, rows) : rows,
      warnings,
      time_zone: identity.organization.time_zone,
      ...(page.next_cursor === undefined ? {} : { next_cursor: page.next_cursor }),
    };
  });
}

/** What a view hands to an agent is remembered for a while, by reference. */
function noteRead({ actor, organization, now }: ReadContext, what: string, rows: readonly unknown[]): void {
  if (actor.kind !== 'agent' || actor.id === null) return;
  const reader = { organization_id: organization.id, agent_id: actor.id };
  noteLook(reader, { what, answer: rows, rows: rows.length, at: now.toString() });
}

function checkQuery(view: RegisteredView, query: ReadQuery, aliases: Aliases): ViewQuery {
  const { spec, paramsSchema } = view;
  const { limit = 20, params: _params, ...rest } = query;
  requireStorable(rest);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalid('limit', 'limit goes from 1 to 100.', { got: limit });
  }
  if (query.id !== undefined && !spec.by_id) {
    throw invalid('id', `${spec.type} has no single rows.`, { hint: 'Use its named filters.' });
  }
  if (query.search !== undefined && !spec.searchable) {
    throw invalid('search', `${spec.type} cannot be searched by words.`, {
      valid_options: Object.keys(spec.params.shape),
    });
  }
  const sorts = (spec.sorts ?? []).flatMap(name => [name, `-${name}`]);
  if (query.sort !== undefined) oneOf('sort', query.sort, sorts);
  if (query.filter !== undefined) oneOf('filter', query.filter, Object.keys(spec.filters ?? {}));
  for (const name of query.include ?? []) oneOf('include', name, Object.keys(spec.includes ?? {}));
  for (const name of query.fields ?? []) oneOf('fields', name, Object.keys(spec.row.shape));
  const { id, search, filter, sort, cursor } = query;
  return {
    params: parseInput(spec.params, paramsSchema, query.params ?? {}, aliases),
    limit,
    include: query.include ?? [],
    fields: wantedFields(spec, query),
    ...(id === undefined ? {} : { id }),
    ...(search === undefined ? {} : { search }),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(cursor === undefined ? {} : { cursor }),
  };
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
