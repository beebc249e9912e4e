import type { Context } from '../kernel/pipeline/context.ts';
import { listTouchedSince } from '../kernel/records/put-back.ts';
import type { RecordSpec, RowIn, StoredRow } from '../kernel/records/record.ts';
import { listByIds, setDeleted } from '../kernel/records/record-queries.ts';
import { deleteAlong, historyOf } from '../kernel/records/relations.ts';
import { markForSearch } from '../kernel/search/indexed.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import type { importRecord } from './import.ts';
import { forgetImported, listOfImport, takeBackBills, takeBackVisits } from './queries.ts';

/** What one import brought besides customers: how many of it went, and what stays and why. */
interface TakenBack {
  removed: number;
  stays: string[];
}

/**
 * Takes back what an import brought and no `import_batch_id` says: visits, for good, and records that can be deleted.
 * Throws INVALID_STATE for what was billed, used or changed since, unless that may stay (`partly`).
 */
export async function takeBackOthers(
  context: Context,
  batch: RowIn<typeof importRecord>,
  partly: boolean,
): Promise<TakenBack> {
  const visits = await takeBackVisits(context, batch.id);
  const bills = await takeBackBills(context, batch.id);
  for (const { contact_id } of [...visits, ...bills]) context.reindex('contact', contact_id);
  for (const { id } of visits) context.reindex('ticket', id);
  for (const { id } of bills) context.reindex('invoice', id);
  const standing = [...visits, ...bills].filter(({ why }) => why !== null);
  const stays = standing.map(
    ({ reference, why }) => `${reference}: ${why === 'used' ? 'in use' : why} since`,
  );
  let removed = visits.length + bills.length - standing.length;
  for (const name of ['note', 'lead', 'service', 'company']) {
    const record = context.registry.records.get(name);
    if (!record) throw new Error(`there is no record ${name}`);
    const rows = await listByIds(context, record, await listOfImport(context, batch.id, name), {
      lock: 'change',
    });
    const touched = await listTouchedSince(context, {
      name,
      ids: rows.map(row => row.id),
      after: batch.created_at,
      maker: 'import.csv',
    });
    const gone: string[] = [];
    for (const row of rows) {
      const id = row.id;
      const why = touched.includes(id) ? 'changed since' : await inUse(context, record, id);
      if (why === undefined) {
        await remove(context, record, row);
        gone.push(id);
        removed++;
      } else stays.push(`${String(row.reference)}: ${why}`);
    }
    await forgetImported(context, name, gone);
  }
  if (stays.length > 0 && !partly) {
    throw new DeskhandError('INVALID_STATE', 'Some of what this import brought is in use by now.', {
      records: stays.slice(0, 100),
      hint: 'Say as_far_as_possible: true to keep those and remove the others.',
    });
  }
  return { removed, stays };
}

async function inUse(context: Context, record: RecordSpec, id: string): Promise<string | undefined> {
  const why = record.history ? await record.history(context, id) : await historyOf(context, record, id);
  return why === undefined ? undefined : `in use, ${why}`;
}

async function remove(context: Context, record: RecordSpec, row: StoredRow): Promise<void> {
  const id = row.id;
  await setDeleted(context, record, id, true);
  await deleteAlong(context, record, id);
  await record.afterDelete?.(context, id, row);
  markForSearch(context, record, row);
}
