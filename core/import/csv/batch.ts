import { newId } from '../../kernel/database/ids.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import type { RowIn } from '../../kernel/records/record.ts';
import { getRow, insertRow, updateRow } from '../../kernel/records/record-queries.ts';
import { DeskhandError } from '../../kernel/words/errors.ts';
import { importRecord } from '../import.ts';
import { hashOf } from '../parts.ts';
import { insertImported, keepMapping } from '../queries.ts';
import { fingerprintOf } from './mapping.ts';
import { matchedRows, type Taken } from './report.ts';
import type { Sheet } from './sheet.ts';

/** So many refused rows and remarks an import's row keeps. */
const most_kept = 5000;

interface Batch {
  id: string;
  reference: string;
}

/** A file, or a part of one. */
interface FileOfBatch {
  bytes: Buffer;
  file_name?: string | undefined;
  /** The import it goes on with. */
  part_of?: string | undefined;
  /** Which part it is; none is taken twice. */
  part?: number | undefined;
  /** Whether others follow. */
  more?: boolean | undefined;
  /** Of the whole file. */
  file_bytes?: number | undefined;
}

/** Begins an import, or goes on with the one a large file was begun with; what the columns are read as is remembered. Throws INVALID_STATE for another one. */
export async function beginBatch(
  context: Context,
  sheet: Sheet,
  { bytes, file_name, part_of, part, more, file_bytes }: FileOfBatch,
): Promise<Batch> {
  await keepMapping(context, {
    kind: sheet.kind,
    fingerprint: fingerprintOf(sheet.table.columns),
    mapping: sheet.mapping,
    answers: sheet.answers,
  });
  if (part_of !== undefined) {
    const before = await getRow(context, importRecord, part_of, { lock: true });
    if (part !== undefined && part !== before.parts + 1) {
      throw new DeskhandError(
        'INVALID_STATE',
        `Part ${part} of ${before.reference} was taken already, or is not the next.`,
        {
          field: 'part',
          hint: `The next one is part ${before.parts + 1}; somebody else may be importing the same file.`,
        },
      );
    }
    if (before.undone_at === null && before.kind === sheet.kind) {
      return updateRow(context, importRecord, before.id, {
        file_hash: hashOf(bytes, before.file_hash),
        parts: before.parts + 1,
        is_finished: more !== true,
        read_kb: before.read_kb + kilobytes(bytes.length),
      });
    }
    throw new DeskhandError('INVALID_STATE', `${before.reference} is another import, or was undone.`, {
      field: 'part_of',
      hint: 'Leave part_of out to begin a new import.',
    });
  }
  return insertRow(context, importRecord, {
    id: newId(),
    source: sheet.source?.name ?? 'csv',
    kind: sheet.kind,
    file_name: file_name ?? null,
    file_hash: hashOf(bytes),
    parts: 1,
    is_finished: more !== true,
    read_kb: kilobytes(bytes.length),
    file_kb: kilobytes(file_bytes ?? bytes.length),
    rows_read: 0,
    created_count: 0,
    known_count: 0,
    taken_rows: 0,
    matched_rows: 0,
    refused_count: 0,
    columns: sheet.table.columns.map(({ name }) => name),
    refused: [],
    notices: [],
  });
}

const kilobytes = (bytes: number) => Math.ceil(bytes / 1000);

/** Writes down what came of a file, or of this part of it; answers what came of all parts so far. */
export async function endBatch(
  context: Context,
  sheet: Sheet,
  { batch, taken }: { batch: Batch; taken: Taken },
): Promise<RowIn<typeof importRecord>> {
  await insertImported(context, batch.id, taken.imported);
  const before = await getRow(context, importRecord, batch.id, { lock: true });
  const room = (has: number) => Math.max(0, most_kept - has);
  return updateRow(context, importRecord, batch.id, {
    rows_read: before.rows_read + sheet.rows_read,
    created_count: before.created_count + taken.created,
    known_count: before.known_count + taken.known.length,
    taken_rows: before.taken_rows + taken.taken_rows,
    matched_rows: before.matched_rows + matchedRows(taken),
    refused_count: before.refused_count + sheet.refused.length,
    refused: [...before.refused, ...sheet.refused.slice(0, room(before.refused.length))],
    notices: [...before.notices, ...sheet.notices.slice(0, room(before.notices.length))],
  });
}
