import { z } from 'zod';
import { identifier, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { searchDocuments } from '../search/find-documents.ts';
import type { Candidate, RecordSpec, Row } from './record.ts';
import { listByIds } from './record-queries.ts';

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

/** So many are offered to choose from. */
export const mostOffered = 6;

interface Wanted {
  /** A condition on the living rows. */
  where: Sql;
  /** Best first. */
  order: Sql;
  /** Six when left out. */
  most?: number;
  /** The column by which rows without references are told apart; that of the label when left out. */
  told_by?: string;
  /** Only among these rows, when the caller sees no others. */
  among?: readonly string[] | undefined;
  /** How a row is called, when no column says it. */
  label?: Sql;
}

/** Living rows that somebody may mean, as they are offered. */
export function listCandidates(
  context: ReadContext,
  record: Pick<RecordSpec, 'table' | 'fields' | 'reference' | 'soft_deletes'>,
  { where, order, most = mostOffered, told_by, among, label }: Wanted,
): Promise<Candidate[]> {
  const [named = 'id'] = Object.entries(record.fields).find(([, field]) => field.label) ?? [];
  return context.tx.many(
    candidate,
    sql`
    select id, ${identifier(record.reference ? 'reference' : (told_by ?? named))} as reference,
      ${label ?? identifier(named)} as label
    from ${identifier(record.table)}
    where organization_id = ${context.organization.id}::uuid
      ${raw(record.soft_deletes ? 'and deleted_at is null' : '')}
      and ${where}
      ${among ? sql`and id = any (${[...among]}::uuid[])` : raw('')}
    order by ${order}, id
    limit ${most}::integer`,
  );
}

/** Living rows by id, in the order of the ids, as they are offered. */
export async function candidatesOf<R extends Row>(
  context: ReadContext,
  record: RecordSpec<R>,
  ids: readonly string[],
): Promise<Candidate[]> {
  const rows = new Map((await listByIds(context, record, ids)).map(row => [row.id, row]));
  return ids.flatMap(id => {
    const row = rows.get(id);
    return row ? [{ id, reference: String(row.reference), label: record.label(row) }] : [];
  });
}

/** The rows of a record that a search finds, as they are offered. */
export async function searchCandidates<R extends Row>(
  context: ReadContext,
  record: RecordSpec<R>,
  query: Parameters<typeof searchDocuments>[1]['query'],
  among?: readonly string[],
): Promise<Candidate[]> {
  const hits = await searchDocuments(context, { kinds: [record.name], query, most: mostOffered, among });
  return candidatesOf(
    context,
    record,
    hits.map(hit => hit.record_id),
  );
}

/** What somebody wrote, anywhere in a text: a pattern for `ilike`. */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
