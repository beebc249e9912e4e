import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { recordFindings } from '../kernel/pipeline/redact-input.ts';
import { getRow, insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { redact } from '../kernel/words/redaction.ts';
import { asCode, line } from '../kernel/words/text-schemas.ts';
import { answers, question } from './csv/answers.ts';
import { askOfKind } from './csv/ask.ts';
import { readContacts } from './csv/contacts.ts';
import { fingerprintOf } from './csv/mapping.ts';
import { takePlain } from './csv/plain.ts';
import type { Take, Taken } from './csv/report.ts';
import type { Sheet } from './csv/sheet.ts';
import { takeContacts } from './csv/take-contacts.ts';
import { takeNotes } from './csv/take-notes.ts';
import { takeVisits } from './csv/take-visits.ts';
import { kinds } from './csv/targets.ts';
import { understand } from './csv/understand.ts';
import { importRecord } from './import.ts';
import { insertImported, keepMapping } from './queries.ts';
import { readSquareExport } from './square/read.ts';
import { toUtf8 } from './square/text.ts';
import { withoutNumbers } from './square.ts';

export const fileInput = {
  content: z.string().min(1).max(90_000_000).meta(asCode),
  encoding: z.enum(['text', 'base64']).optional(),
  kind: z
    .enum(kinds)
    .optional()
    .meta({ description: 'what its rows are; told by its columns when left out' }),
};

export const mappingInput = z.record(z.string(), z.string());

const report = z.object({
  import: z.string().nullable(),
  dry_run: z.boolean(),
  kind: z.enum(kinds),
  source: z.string(),
  rows_read: z.number(),
  taken_rows: z.number(),
  matched_rows: z.number(),
  refused_rows: z.number(),
  created: z.number(),
  customers_made: z.number(),
  addresses: z.number(),
  notes: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  known: z.array(z.object({ rows: z.array(z.number()), name: z.string(), record: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ refused: z.number(), known: z.number(), notices: z.number() }),
  custom_fields: z.array(z.string()),
  /** What must be said in `answers` before it can be taken. */
  questions: z.array(question),
});

/** Longer lists are cut in the answer, with their true length beside them; the import's row keeps more. */
const most_listed = 100;
const most_kept = 5000;

/**
 * Takes over a file of another program (IMX-01, IMX-02, TKT-16): customers, companies, services, visits, inquiries
 * or notes, everything in one transaction. By an agent this is a bulk action and waits for the owner (IMX-06).
 */
export const importCsv = defineAction({
  domain: 'import',
  name: 'csv',
  summary:
    'Import a file of another program (CSV, vCard, ICS): contacts, companies, services, past visits, leads, notes. dry_run first.',
  input: z.strictObject({
    ...fileInput,
    file_name: line.optional(),
    mapping: mappingInput
      .optional()
      .meta({ description: 'column: field, custom or skip; import.preview_csv proposes it' }),
    answers: answers.optional().meta({ description: 'to the questions of import.preview_csv' }),
    dry_run: z.boolean().optional(),
    part_of: ref('import').optional().meta({ description: 'the import a large file was begun with' }),
    first_row: z.int().min(1).optional().meta({ description: 'of a part: its first line in the whole file' }),
  }),
  output: report,
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'import.undo',
  verb: 'import',
  past: 'imported',
  object: 'a file',
  example: {
    content: 'Name,E-mail,Phone,Street,City,Zip\nAda Byron,ada@example.com,,12 Elm St,Madison,35758\n',
    kind: 'contacts',
  },
  many: true,
  keywords: [
    ...[
      'csv',
      'migrate',
      'upload',
      'jobber',
      'housecall pro',
      'google contacts',
      'outlook',
      'hubspot',
      'quickbooks',
    ],
    ...[
      'vcard',
      'ics',
      'spreadsheet',
      'past visits',
      'history',
      'take over',
      'bring in',
      'export',
      'customers',
    ],
  ],
  // A memo's card number must not wait in the queue and its history until the owner decides (SAN-06).
  kept: input => ({
    ...input,
    content: redact(toUtf8(bytesOf(input)).utf8.toString()).text,
    encoding: 'text' as const,
  }),
  async run(context, input) {
    const bytes = bytesOf(input);
    const sheet = await understand(context, { ...input, bytes });
    await askOfKind(context, sheet);
    shift(sheet, (input.first_row ?? 1) - 1);
    const dry_run = input.dry_run === true;
    if (!dry_run) {
      requireAnswers(sheet);
      await recordFindings(context, 'import.csv', sheet.findings);
    }
    // Of two imports of the same file the second finds everything here.
    await lockInBusiness(context, 'import');
    const batch = dry_run ? null : await beginBatch(context, sheet, { ...input, bytes });
    const file = { bytes, is_whole: input.first_row === undefined && input.part_of === undefined };
    const taken = await takeKind(context, sheet, { batch_id: batch?.id ?? null, dry_run }, file);
    sheet.refused.sort((a, b) => a.row - b.row);
    sheet.notices.sort((a, b) => a.row - b.row);
    if (batch) await endBatch(context, sheet, { batch, taken });
    return reportOf(sheet, { taken, reference: batch?.reference ?? null, dry_run });
  },
});

export const bytesOf = ({
  content,
  encoding,
}: {
  content: string;
  encoding?: 'text' | 'base64' | undefined;
}) => Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');

/** Of a part of a file, lines count as in the whole of it. */
function shift(sheet: Sheet, by: number): void {
  if (by === 0) return;
  for (const list of [sheet.rows, sheet.table.rows]) for (const row of new Set(list)) row.line += by;
  for (const row of [...sheet.refused, ...sheet.notices]) row.row += by;
}

function requireAnswers({ questions }: Sheet): void {
  const [first] = questions;
  if (!first) return;
  throw new DeskhandError('VALIDATION_ERROR', first.asks, {
    field: `answers.${first.answer}`,
    valid_options: first.options,
    hint: `Ask whoever knows the file, and say it in answers: {"${first.answer}": "…"}. In the file: ${first.examples.join(' | ')}.`,
    questions,
  });
}

async function takeKind(
  context: Context,
  sheet: Sheet,
  take: Take,
  file: { bytes: Buffer; is_whole: boolean },
): Promise<Taken> {
  if (sheet.kind === 'contacts')
    return takeContacts(context, sheet, contactsOf(context, sheet, file.bytes, file.is_whole), take);
  if (sheet.kind === 'tickets') return takeVisits(context, sheet, take);
  if (sheet.kind === 'notes') return takeNotes(context, sheet, take);
  return takePlain({ ...context, warn: () => undefined }, sheet, take);
}

/** Square's export is read by what is known of Square, unless somebody has said what its columns are. */
function contactsOf(context: Context, sheet: Sheet, bytes: Buffer, isWhole: boolean) {
  if (sheet.source?.name !== 'square' || !sheet.is_as_proposed || !isWhole)
    return readContacts(context, sheet);
  const { reading } = withoutNumbers(
    readSquareExport(bytes, { default_country: context.organization.country }),
  );
  const cellsOf = (row: number) => sheet.rows.find(({ line: at }) => at === row)?.cells;
  const before = new Map(sheet.refused.map(one => [one.row, one]));
  sheet.refused = reading.refused.map(one => {
    const cells = before.get(one.row)?.cells ?? cellsOf(one.row);
    return { ...one, ...(cells ? { cells } : {}) };
  });
  sheet.rows_read = reading.rows_read;
  sheet.notices.push(...reading.notices);
  return reading.contacts;
}

interface Batch {
  id: string;
  reference: string;
}

async function beginBatch(
  context: Context,
  sheet: Sheet,
  {
    bytes,
    file_name,
    part_of,
  }: { bytes: Buffer; file_name?: string | undefined; part_of?: string | undefined },
): Promise<Batch> {
  await keepMapping(context, {
    kind: sheet.kind,
    fingerprint: fingerprintOf(sheet.table.columns),
    mapping: sheet.mapping,
    answers: sheet.answers,
  });
  if (part_of !== undefined) {
    const before = await getRow(context, importRecord, part_of, { lock: true });
    if (before.undone_at === null && before.kind === sheet.kind) return before;
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
    file_hash: createHash('sha256').update(bytes).digest('hex'),
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

async function endBatch(
  context: Context,
  sheet: Sheet,
  { batch, taken }: { batch: Batch; taken: Taken },
): Promise<void> {
  await insertImported(context, batch.id, taken.imported);
  const before = await getRow(context, importRecord, batch.id, { lock: true });
  const room = (has: number) => Math.max(0, most_kept - has);
  await updateRow(context, importRecord, batch.id, {
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

const matchedRows = ({ known }: Taken) => known.reduce((sum, { rows }) => sum + rows.length, 0);

function reportOf(
  sheet: Sheet,
  { taken, reference, dry_run }: { taken: Taken; reference: string | null; dry_run: boolean },
): z.output<typeof report> {
  const beyond = (list: readonly unknown[]) => Math.max(0, list.length - most_listed);
  return {
    import: reference,
    dry_run,
    kind: sheet.kind,
    source: sheet.source?.title ?? 'a file',
    rows_read: sheet.rows_read,
    taken_rows: taken.taken_rows,
    matched_rows: matchedRows(taken),
    refused_rows: sheet.refused.length,
    created: taken.created,
    customers_made: taken.customers ?? 0,
    addresses: taken.addresses ?? 0,
    notes: taken.notes ?? 0,
    refused: sheet.refused.slice(0, most_listed).map(({ row, name, reason }) => ({ row, name, reason })),
    known: taken.known.slice(0, most_listed),
    notices: sheet.notices.slice(0, most_listed),
    omitted: { refused: beyond(sheet.refused), known: beyond(taken.known), notices: beyond(sheet.notices) },
    custom_fields: sheet.customs.map(({ name }) => name),
    questions: sheet.questions,
  };
}
