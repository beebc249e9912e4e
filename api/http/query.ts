import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { budgets } from '../../core/kernel/words/budgets.ts';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';

/** Members of every read; all other query members are named filters of the data type (GAP-12). */
export const queryMembers = [
  'id',
  'search',
  'filter',
  'sort',
  'limit',
  'cursor',
  'include',
  'fields',
  'totals',
  'format',
] as const;

const shared: ReadonlySet<string> = new Set(queryMembers);

/**
 * The read that a query string asks for. `exclude` names a member that is none of the read's own (`type`). A named
 * filter that comes several times is a list; an empty member counts as not given, except `id`. Throws VALIDATION_ERROR.
 */
export function readQuery(search: URLSearchParams, exclude?: string): ReadQuery {
  if (search.size === 0) return {};
  if (search.size > budgets.query_members) throw tooManyMembers();
  const params: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    if (name === exclude || shared.has(name)) continue;
    const values = search.getAll(name).filter(value => value !== '');
    if (values.length > 0) define(params, name, values.length === 1 ? values[0] : values);
  }
  const one = (name: string) => single(search, name);
  const [id, words, filter, sort, cursor] = ['id', 'search', 'filter', 'sort', 'cursor'].map(one);
  const limit = readLimit(one('limit'));
  const include = readNames(search, 'include');
  const fields = readNames(search, 'fields');
  if (search.has('id') && id === undefined) {
    throw invalid('id', '"id" is empty.', { hint: 'Leave it out to read the list.' });
  }
  return {
    params,
    ...(id === undefined ? {} : { id }),
    ...(words === undefined ? {} : { search: words }),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(include === undefined ? {} : { include }),
    ...(fields === undefined ? {} : { fields }),
    ...(readTotals(one('totals')) ? { totals: true } : {}),
  };
}

const tooManyMembers = () =>
  new DeskhandError('VALIDATION_ERROR', `An address may have at most ${budgets.query_members} members.`, {
    hint: 'Leave out what is no filter of this data type.',
  });

/** The value of a member that may be given once; undefined when it is missing or empty. */
export function single(search: URLSearchParams, name: string): string | undefined {
  const values = search.getAll(name);
  if (values.length > 1) throw invalid(name, `"${name}" is given ${values.length} times.`);
  return values[0] === '' ? undefined : values[0];
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid('limit', 'limit goes from 1 to 100.', { got: text.slice(0, 80) });
}

function readTotals(text: string | undefined): boolean {
  if (text === undefined || text === 'true' || text === 'false') return text === 'true';
  throw invalid('totals', 'totals is true or false.', { got: text.slice(0, 80) });
}

function readNames(search: URLSearchParams, name: string): string[] | undefined {
  if (!search.has(name)) return undefined;
  const names = search
    .getAll(name)
    .flatMap(list => list.split(','))
    .map(item => item.trim())
    .filter(item => item !== '');
  return names.length > 0 ? [...new Set(names)] : undefined;
}

// A plain assignment to "__proto__" would reach into JavaScript instead of being refused as unknown.
function define(params: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(params, name, { value, enumerable: true, writable: true, configurable: true });
}
