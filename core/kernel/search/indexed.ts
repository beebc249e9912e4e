import { z } from 'zod';
import { eachById } from '../database/each-by-id.ts';
import { identifier, raw, sql } from '../database/sql.ts';
import type { Context, ReadContext } from '../pipeline/context.ts';
import type { RecordSpec, Row, StoredRow } from '../records/record.ts';
import { idsInSight } from '../records/sight.ts';
import type { SearchDocument } from './document.ts';
import type { Found, SearchHit, Wish } from './find-documents.ts';

/** One kind of thing that search finds (UNI-02): the rows of a record, or of a table that is no record. */
export interface Indexed {
  /** As the search documents name it: `contact`. */
  kind: string;
  /** The view that shows these things: whoever may read it may find them. */
  view: string;
  /** Makes the documents of some rows; rows that must not be found have none. */
  documents(context: ReadContext, ids: readonly string[]): Promise<SearchDocument[]>;
  /** The ids after one, in their order, of deleted rows too: what a rebuild goes through. */
  listIds(context: ReadContext, after: string | undefined, limit: number): Promise<string[]>;
  /** The ids of all that this caller sees; undefined, at once, for whoever sees all. Left out where every reader does. */
  inSight?(context: ReadContext): Promise<readonly string[]> | undefined;
  /** Understands more than words (periods, services); plain words when left out. Best first. */
  search?(context: ReadContext, query: string, wish: Wish): Promise<Found>;
  /** Which of those that words fit alike come first. */
  prefer?(context: ReadContext, hits: readonly SearchHit[], query: string): Promise<SearchHit[]>;
}

/** Whether the rows of a record are found by words. */
export const isIndexed = ({ documents, documentOf }: Pick<RecordSpec, 'documents' | 'documentOf'>): boolean =>
  documents !== undefined || documentOf !== undefined;

/** A record as search sees it; undefined for one without search documents. */
export function indexedRecord(record: RecordSpec): Indexed | undefined {
  const { documentOf, search, prefer } = record;
  if (!isIndexed(record)) return undefined;
  return {
    kind: record.name,
    view: record.plural,
    async documents(context, ids) {
      if (record.documents) return record.documents(context, ids);
      return documentOf ? (await listLiving(context, record, ids)).map(documentOf) : [];
    },
    listIds: (context, after, limit) => listIds(context, record.table, after, limit),
    ...(record.restrict ? { inSight: context => idsInSight(context, record) } : {}),
    ...(search ? { search } : {}),
    ...(prefer ? { prefer } : {}),
  };
}

/** Marks the search documents that hold this row's words; `own` is the row's own one when it is known already. */
export function markForSearch(
  context: Context,
  record: RecordSpec,
  row: StoredRow,
  own?: SearchDocument,
): void {
  if (isIndexed(record)) context.reindex(record.name, row.id, own);
  markOwners(context, record, row);
}

/** As `markForSearch`, for a row that this transaction has made: nobody has to look whether it has a document. */
export function markNewForSearch(
  context: Context,
  record: RecordSpec,
  row: StoredRow,
  own: SearchDocument | undefined,
): void {
  if (isIndexed(record)) context.reindex(record.name, row.id, own, 'new');
  markOwners(context, record, row);
}

/** Marks the documents of other records that hold this row's words: those it belongs to, or belonged to before. */
export function markOwners(context: Context, record: RecordSpec, row: Row): void {
  for (const { column, field } of record.refs) {
    const id = row[column];
    if (field.to?.in_parent_document && typeof id === 'string') context.reindex(field.to.record, id);
  }
}

const idRow = z.object({ id: z.string() });

/** The ids of a table of the organization after one, in their order. */
export async function listIds(
  context: ReadContext,
  table: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select id
    from ${identifier(table)}
    where organization_id = ${context.organization.id}::uuid
      ${after === undefined ? raw('') : sql`and id > ${after}::uuid`}
    order by id
    limit ${limit}::integer`,
  );
  return rows.map(row => row.id);
}

function listLiving(context: ReadContext, record: RecordSpec, ids: readonly string[]): Promise<StoredRow[]> {
  return context.tx.many(
    record.parsed,
    sql`
    select ${raw(Object.keys(record.columns).join(', '))}
    from ${eachById({ table: record.table, alias: 'r', organization: context.organization, ids })}
    ${record.soft_deletes ? raw('where deleted_at is null') : raw('')}`,
  );
}
