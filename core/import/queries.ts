import { z } from 'zod';
import { rowsAs } from '../kernel/database/many-rows.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';

const knownRow = z.object({ key: z.string(), record_id: z.string() });

/** Which records came of rows with these keys, by key. */
export async function listImported(
  context: ReadContext,
  recordType: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const rows = await context.tx.many(
    knownRow,
    sql`
    select wanted.key, i.record_id
    from unnest(${[...keys]}::text[]) as wanted (key)
    cross join lateral (
      select record_id
      from imported_rows
      where organization_id = ${context.organization.id}::uuid
        and record_type = ${recordType}
        and key = wanted.key
      offset 0
    ) as i`,
  );
  return new Map(rows.map(({ key, record_id }) => [key, record_id]));
}

export interface ImportedRow {
  record_type: string;
  key: string;
  record_id: string;
}

const importedColumns = [
  ['record_type', 'text'],
  ['key', 'text'],
  ['record_id', 'uuid'],
] as const;

/** Keeps which records came of which rows; a row whose record is gone by now gets its new one. */
export async function insertImported(
  context: ReadContext,
  batchId: string,
  rows: readonly ImportedRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += 1000) {
    const part = rows.slice(start, start + 1000);
    await context.tx.run(sql`
      insert into imported_rows (organization_id, record_type, key, record_id, import_batch_id)
      select ${context.organization.id}::uuid, record_type, key, record_id, ${batchId}::uuid
      from ${rowsAs(importedColumns, part)}
      on conflict (organization_id, record_type, key)
      do update set record_id = excluded.record_id, import_batch_id = excluded.import_batch_id`);
  }
}

/** The records that came with an import, by their kind. */
export function listOfImport(context: ReadContext, batchId: string, recordType: string): Promise<string[]> {
  return context.tx
    .many(
      z.object({ record_id: z.string() }),
      sql`
      select distinct record_id
      from imported_rows
      where organization_id = ${context.organization.id}::uuid
        and import_batch_id = ${batchId}::uuid
        and record_type = ${recordType}`,
    )
    .then(rows => rows.map(({ record_id }) => record_id));
}

/** Forgets the rows of records that are gone, so that the file may bring them again. */
export async function forgetImported(
  context: ReadContext,
  recordType: string,
  ids: readonly string[],
): Promise<void> {
  await context.tx.run(sql`
    delete from imported_rows
    where organization_id = ${context.organization.id}::uuid
      and record_type = ${recordType}
      and record_id = any (${[...ids]}::uuid[])`);
}

const takenBack = z.object({
  id: z.string(),
  contact_id: z.string(),
  reference: z.string(),
  /** `billed`, `changed` or `used` since, for those that stay; null for what is gone. */
  why: z.string().nullable(),
});

export const takeBackVisits = (context: ReadContext, batchId: string) =>
  context.tx.many(
    takenBack,
    sql`select id, contact_id, reference, why from take_back_imported_visits(${batchId}::uuid)`,
  );

export const takeBackBills = (context: ReadContext, batchId: string) =>
  context.tx.many(
    takenBack,
    sql`select id, contact_id, reference, why from take_back_imported_invoices(${batchId}::uuid)`,
  );

const remembered = z.object({
  mapping: z.record(z.string(), z.string()),
  answers: z.record(z.string(), z.unknown()),
});

/** What the columns of such a file were read as the last time. */
export const findMapping = (context: ReadContext, kind: string, fingerprint: string) =>
  context.tx.maybe(
    remembered,
    sql`
    select mapping, answers
    from import_mappings
    where organization_id = ${context.organization.id}::uuid
      and kind = ${kind}
      and fingerprint = ${fingerprint}`,
  );

const kindRow = z.object({ kind: z.string() });

/** As what such a file was taken the last time. */
export const findKind = (context: ReadContext, fingerprint: string) =>
  context.tx.maybe(
    kindRow,
    sql`
    select kind
    from import_mappings
    where organization_id = ${context.organization.id}::uuid
      and fingerprint = ${fingerprint}
    order by updated_at desc
    limit 1`,
  );

export async function keepMapping(
  context: Context,
  {
    kind,
    fingerprint,
    mapping,
    answers,
  }: { kind: string; fingerprint: string; mapping: Record<string, string>; answers: Record<string, unknown> },
): Promise<void> {
  await context.tx.run(sql`
    insert into import_mappings (organization_id, kind, fingerprint, mapping, answers, updated_at)
    values (
      ${context.organization.id}::uuid, ${kind}, ${fingerprint}, ${JSON.stringify(mapping)}::jsonb,
      ${JSON.stringify(answers)}::jsonb, ${context.now.toString()}::timestamptz
    )
    on conflict (organization_id, kind, fingerprint)
    do update set mapping = excluded.mapping, answers = excluded.answers, updated_at = excluded.updated_at`);
}

/**
 * Has tables that have grown counted again, so that what is planned from here on, the checks of foreign keys above all, goes by the
 * index meant for it: planned for an empty table, each row of an import makes the checks of the rows behind it slower.
 */
export const countGrown = ({ tx }: Pick<ReadContext, 'tx'>): void => tx.send(sql`select analyze_grown()`);
