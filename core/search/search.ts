import { z } from 'zod';
import type { Level, ReadContext } from '../kernel/pipeline/context.ts';
import { type Action, defineView } from '../kernel/registry/define.ts';
import type { Registered, Registry } from '../kernel/registry/registry.ts';
import { mostCounted } from '../kernel/search/find-documents.ts';
import { firstPage, nextPage, readPlace, totalOf, writePlace } from '../kernel/search/pages.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { functionKinds } from './functions.ts';
import { findGroups, type IsWanted, inRounds, type SearchRow, searchRow } from './groups.ts';

/** The levels some actions have for whoever asks. */
export type LevelsOf = (
  context: ReadContext,
  actions: readonly Registered<Action>[],
) => Promise<ReadonlyMap<string, Level>>;

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
    row: searchRow,
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
      if (count === 0 && context.actor.kind === 'agent') context.warn(nothing);
      return {
        rows: await withLevels(context, page.rows, levelsOf),
        ...(page.place ? { next_cursor: writePlace(context, asked, page.place) } : {}),
        ...(count > 0 ? { totals: totalsOf(count, counts) } : {}),
      };
    },
  });

/** No rows read as if there were no such thing, where only one word of a sentence did not fit. */
const nothing =
  'Nothing has all of these words: fewer find more. crm_capabilities lists all that can be read and done.';

/** `{total: 14, kinds: [{kind: 'contact', total: 9}, …]}`; the kinds when there are several. */
const totalsOf = (count: number, counts: ReadonlyMap<string, number>) => ({
  total: totalOf(count),
  ...(counts.size > 1 ? { kinds: [...counts].map(([kind, each]) => ({ kind, total: totalOf(each) })) } : {}),
});

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
