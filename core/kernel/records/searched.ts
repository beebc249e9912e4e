import type { Sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { Page, ViewQuery } from '../registry/define.ts';
import { findNumbered } from '../search/by-number.ts';
import { findDocuments, mostCounted } from '../search/find-documents.ts';
import { firstPage, nextPage, readPlace, writePlace } from '../search/pages.ts';
import type { Wanted } from '../search/query.ts';
import { listRowsById } from './list-rows.ts';
import type { RecordSpec, StoredRow } from './record.ts';
import { idsInSight } from './sight.ts';

/** Rows of a record as its view answers them. */
export interface RecordPage extends Page {
  rows: StoredRow[];
}

/** The list of a record that is searched by words. */
export interface Searched {
  record: RecordSpec;
  query: ViewQuery;
  conditions: readonly Sql[];
  columns: readonly string[];
  words: string;
}

/**
 * The rows that words find, the best matches first and a page at a time. Filters are asked of all that was found, so that
 * none is lost behind better matches that do not fit.
 */
export async function searched(context: ReadContext, asked: Searched): Promise<RecordPage> {
  const { record, query, conditions, columns, words } = asked;
  const key = [record.name, words, query.params, query.filter ?? null];
  const place = readPlace(context, key, query.cursor);
  const everything = place !== undefined || conditions.length > 0;
  const { ids: found, count } = await findIds(context, record, words, { most: query.limit, everything });
  const ids = conditions.length > 0 ? await fitting(context, record, conditions, found) : found;
  const { limit } = query;
  const idOf = (id: string) => id;
  const all = { count: everything ? ids.length : count, isPart: !everything && count > mostCounted };
  const page = place ? nextPage(ids, place, { limit, idOf }) : firstPage(ids, { limit, idOf, ...all });
  return {
    rows: await listRowsById(context, record, { ids: page.rows, columns, conditions }),
    ...(page.place ? { next_cursor: writePlace(context, key, page.place) } : {}),
  };
}

async function findIds(
  context: ReadContext,
  record: RecordSpec,
  words: string,
  wish: { most: number; everything: boolean },
) {
  const among = await idsInSight(context, record);
  const find = (query: string | Wanted) =>
    findDocuments(context, { kinds: [record.name], query, among, ...wish });
  const { hits, counts } =
    (await findNumbered(context, { records: [record], search: words }, find)) ??
    (record.search && !among ? await record.search(context, words, wish) : await find(words));
  return { ids: hits.map(hit => hit.record_id), count: counts.get(record.name) ?? 0 };
}

/** Those of some ids for which the filters hold, in their order. */
async function fitting(
  context: ReadContext,
  record: RecordSpec,
  conditions: readonly Sql[],
  ids: readonly string[],
): Promise<string[]> {
  const rows = await listRowsById(context, record, { ids, columns: ['id'], conditions });
  return rows.map(row => row.id);
}
