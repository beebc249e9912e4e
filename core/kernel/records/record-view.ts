import { z } from 'zod';
import { isUuid } from '../database/ids.ts';
import type { Sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { defineView, type Page, type View, type ViewQuery } from '../registry/define.ts';
import { packPlace, pageOf, strangeCursor, unpackPlace } from '../registry/paging.ts';
import { isIndexed } from '../search/indexed.ts';
import { DeskhandError, invalid, notFound } from '../words/errors.ts';
import { quoteStart } from '../words/quote.ts';
import { countChildren, mostEach } from './child-queries.ts';
import { deletedPreset } from './derive.ts';
import { filtersWith } from './filters.ts';
import { includesOf } from './include.ts';
import { listRows } from './list-rows.ts';
import type { Include, RecordSpec, StoredRow } from './record.ts';
import { findRow } from './record-queries.ts';
import { resolveRef } from './references.ts';
import { type ChildRelation, nounsOf } from './relations.ts';
import { type RecordPage, searched } from './searched.ts';
import { followed } from './successor.ts';
import { summedUp, totalsOf } from './totals.ts';

/** The list and single read of a record: filters, presets, search, sorting, paging by key, includes. */
export function recordView(spec: RecordSpec, children: readonly ChildRelation[]): View {
  const record = { ...spec, ...filtersWith(spec, children) };
  const includes = includesOf(record, children);
  return defineView({
    type: record.plural,
    domain: record.domain ?? record.name,
    summary: record.summary,
    row: record.row,
    params: record.params,
    sorts: record.sorts,
    default_fields: record.default_fields,
    searchable: isIndexed(record),
    totals: totalsInWords(record),
    by_id: true,
    ...(record.filters
      ? {
          filters: Object.fromEntries(
            Object.entries(record.filters).map(([name, preset]) => [name, preset.summary]),
          ),
        }
      : {}),
    includes: Object.fromEntries(Object.entries(includes).map(([name, { summary }]) => [name, summary])),
    ...(record.readers ? { roles: record.readers } : {}),
    ...(record.reference ? { reference: record.reference } : {}),
    ...(record.keywords ? { keywords: record.keywords } : {}),
    ...(record.often ? { often: record.often } : {}),
    ...(record.card === undefined ? {} : { card: record.card }),
    async run(context, query) {
      const page =
        query.id === undefined
          ? { ...(await list(context, record, query)), ...(await summed(context, record, query)) }
          : await single(context, record, query.id, isAboutDeleted(record, query));
      await addIncludes(context, { children, includes }, query, page.rows);
      if (context.actor.kind === 'agent') {
        await tellNamesakes(context, children, query, page.rows);
        if (query.id === undefined) await record.tellMore?.(context, query.params);
      }
      return page;
    },
  });
}

/** Whether what is asked for are rows that were deleted: by `filter=deleted`, in lists and with an id alike. */
const isAboutDeleted = ({ soft_deletes }: RecordSpec, { filter }: ViewQuery): boolean =>
  soft_deletes && filter === deletedPreset;

async function single(
  context: ReadContext,
  record: RecordSpec,
  text: string,
  deleted: boolean,
): Promise<RecordPage> {
  const id = await resolveRef(context, record, text, 'id');
  const row =
    (await findRow(context, record, id, { deleted })) ??
    (deleted ? undefined : await findSuccessor(context, record, id, text.trim()));
  if (!row || (deleted && row.deleted_at === null)) throw notFound(record.name, text, { field: 'id' });
  return { rows: [row] };
}

/** The row that stays where the one that was asked for became part of another. */
async function findSuccessor(
  context: ReadContext,
  record: RecordSpec,
  id: string,
  asked: string,
): Promise<StoredRow | undefined> {
  const successor = await followed(context, record, id, asked);
  return successor === id ? undefined : findRow(context, record, successor);
}

/** What all rows that are asked for come to; every state counts when one was asked for. */
async function summed(
  context: ReadContext,
  record: RecordSpec,
  query: ViewQuery,
): Promise<Pick<Page, 'totals'>> {
  if (!query.totals) return {};
  if (query.search !== undefined)
    throw invalid('totals', 'What a search finds is not summed up.', {
      hint: 'Say what is meant by filters.',
    });
  const whole = query.filter !== undefined || query.params.status !== undefined;
  return {
    totals: await totalsOf(context, record, { conditions: conditionsOf(context, record, query), whole }),
  };
}

/** `count, total_cents; by status, day, technician` */
function totalsInWords(record: RecordSpec): string {
  const { sums, choices, day, groups } = summedUp(record);
  return `${['count', ...sums].join(', ')}; by ${[...choices, ...(day ? ['day'] : []), ...Object.keys(groups)].join(', ')}`;
}

async function list(context: ReadContext, record: RecordSpec, query: ViewQuery): Promise<RecordPage> {
  const conditions = conditionsOf(context, record, query);
  if (query.search !== undefined && query.search.trim() !== '') {
    const columns = columnsFor(record, query, 'id');
    return searched(context, { record, query, conditions, columns, words: query.search });
  }
  const sort = readSort(record, query.sort);
  const type = record.columns[sort.column] ?? '';
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, query.sort ?? '', type);
  const rows = await listRows(context, record, {
    columns: columnsFor(record, query, sort.column),
    conditions,
    sort,
    limit: query.limit + 1,
    deleted: isAboutDeleted(record, query),
    ...(after ? { after } : {}),
  });
  return pageOf(rows, query.limit, last => packPlace([query.sort ?? '', last[sort.column], last.id]));
}

/** What is answered and what the page is sorted by, and no other column. */
const columnsFor = (record: RecordSpec, query: ViewQuery, sort: string): string[] =>
  [...new Set(['id', sort, ...query.fields])].filter(name => name in record.columns);

function conditionsOf(context: ReadContext, record: RecordSpec, query: ViewQuery): Sql[] {
  const restriction = record.restrict?.(context);
  const preset = query.filter === undefined ? undefined : record.filters?.[query.filter];
  return [
    ...(restriction ? [restriction] : []),
    ...(preset ? [typeof preset.where === 'function' ? preset.where(context) : preset.where] : []),
    ...record.where(query.params, context),
  ];
}

function readSort(record: RecordSpec, sort: string | undefined): { column: string; descending: boolean } {
  const text = sort ?? record.sorts[0] ?? 'id';
  return { column: text.replace(/^-/, ''), descending: text.startsWith('-') };
}

const cursorShape = z.tuple([
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
  z.string(),
]);

/** `type` is the database's for the column that is sorted by. */
function readCursor(cursor: string, sort: string, type: string): { value: unknown; id: string } {
  const [sorted, value, id] = unpackPlace(cursor, cursorShape);
  if (sorted !== sort || !isUuid(id) || !couldBe(type, value)) throw strangeCursor();
  return { value, id };
}

/** Whether a value could have come out of a column of this type; a made-up cursor must not reach the database. */
function couldBe(type: string, value: unknown): boolean {
  if (value === null) return true;
  if (type === 'timestamptz') return z.iso.datetime().safeParse(value).success;
  if (type === 'date') return z.iso.date().safeParse(value).success;
  if (type === 'text') return typeof value === 'string' && !value.includes('\0');
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'number' && Number.isSafeInteger(value);
}

interface Included {
  children: readonly ChildRelation[];
  includes: Readonly<Record<string, Include>>;
}

async function addIncludes(
  context: ReadContext,
  { children, includes }: Included,
  { include, as_fields = [] }: ViewQuery,
  rows: readonly StoredRow[],
): Promise<void> {
  const ids = rows.map(row => row.id);
  for (const name of include) {
    const relation = includes[name];
    if (!relation)
      throw new DeskhandError('VALIDATION_ERROR', `"${name}" cannot be included here.`, { field: 'include' });
    const loaded = ids.length > 0 ? await relation.load(context, ids) : new Map<string, unknown>();
    const child = children.find(({ to }) => to.as === name);
    if (context.actor.kind === 'agent' && !as_fields.includes(name)) tellHidden(context, name, rows);
    for (const row of rows) {
      const found = loaded.get(row.id) ?? [];
      row[name] =
        as_fields.includes(name) && child && Array.isArray(found)
          ? await besideOwn(context, { row, name, child, found, most: rows.length > 5 ? 5 : 20 })
          : found;
    }
  }
}

const mostHidden = 5;

/** What a row says itself stands nowhere once rows called the same stand in its place: an agent would take these for all. */
function tellHidden(context: ReadContext, name: string, rows: readonly StoredRow[]): void {
  for (const row of rows.filter(each => says(each[name])).slice(0, mostHidden))
    context.warn(
      `The field ${name} of ${String(row.reference ?? row.id)} says: ${quoteStart(String(row[name]), 500)}`,
    );
}

const says = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** An empty field says nothing of the rows that are called the same: an agent is told that there are some. */
async function tellNamesakes(
  context: ReadContext,
  children: readonly ChildRelation[],
  { namesakes = [], include }: ViewQuery,
  rows: readonly StoredRow[],
): Promise<void> {
  for (const name of namesakes.filter(each => !include.includes(each))) {
    const child = children.find(({ to }) => to.as === name);
    if (!child || rows.some(row => (row[name] ?? null) !== null)) continue;
    const counts = await Promise.all(rows.map(row => countChildren(context, child, row.id)));
    const count = counts.reduce((sum, each) => sum + each, 0);
    if (count > 0)
      context.warn(
        `The field ${name} is empty, but there are ${nounsOf(child)} (${count}): include=${name}.`,
      );
  }
}

/** Children where a member of the row was asked for, with its own words first: some of them, and how many more there are. */
async function besideOwn(
  context: ReadContext,
  {
    row,
    name,
    child,
    found,
    most,
  }: { row: StoredRow; name: string; child: ChildRelation; found: readonly unknown[]; most: number },
): Promise<unknown> {
  const own = row[name] ?? null;
  if (found.length === 0) return own ?? found;
  // An include ends after so many; how many there are is asked only then.
  const all =
    found.length < mostEach || child.child.restrict?.(context)
      ? found.length
      : await countChildren(context, child, row.id);
  const more = all - Math.min(most, found.length);
  return [
    ...(own === null ? [] : [{ [`own_${name}`]: own }]),
    ...found.slice(0, most),
    ...(more > 0
      ? [{ more, hint: `All of them: crm_query ${child.child.plural}, where ${child.column}.` }]
      : []),
  ];
}
