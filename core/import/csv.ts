import { z } from 'zod';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { recordFindings } from '../kernel/pipeline/redact-input.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { redact } from '../kernel/words/redaction.ts';
import { asCode, line } from '../kernel/words/text-schemas.ts';
import { answers } from './csv/answers.ts';
import { askOfKind } from './csv/ask.ts';
import { beginBatch, endBatch } from './csv/batch.ts';
import { readContacts } from './csv/contacts.ts';
import { isOurs, takeOurs } from './csv/ours.ts';
import { takePlain } from './csv/plain.ts';
import { report, reportOf, type Take, type Taken } from './csv/report.ts';
import { requireRows } from './csv/require-rows.ts';
import type { Sheet } from './csv/sheet.ts';
import { takeBills } from './csv/take-bills.ts';
import { takeContacts } from './csv/take-contacts.ts';
import { takeNotes } from './csv/take-notes.ts';
import { takeVisits } from './csv/take-visits.ts';
import { kinds } from './csv/targets.ts';
import { understand } from './csv/understand.ts';
import { nothingTaken } from './nothing-taken.ts';
import { countGrown } from './queries.ts';
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

/** What people say when they bring a file. */
export const importWords = [
  ...['csv', 'file', 'spreadsheet', 'excel', 'list', 'table', 'vcard', 'ics', 'data', 'export'],
  ...[
    'jobber',
    'housecall pro',
    'google contacts',
    'outlook',
    'hubspot',
    'quickbooks',
    'square',
    'crm',
    'software',
  ],
  ...[
    'import',
    'migrate',
    'migration',
    'upload',
    'load',
    'read',
    'add',
    'bring in',
    'take over',
    'move',
    'switch',
    'transfer',
  ],
  ...[
    'customers',
    'clients',
    'past visits',
    'jobs',
    'history',
    'old',
    'existing',
    'invoices',
    'bills',
    'services',
    'notes',
    'leads',
  ],
];

/**
 * Takes over a file of another program (IMX-01, IMX-02, TKT-16): customers, companies, services, visits, inquiries
 * or notes, everything in one transaction. By an agent this is a bulk action and waits for the owner (IMX-06).
 */
export const importCsv = defineAction({
  domain: 'import',
  name: 'csv',
  summary:
    'Import a file of another program (CSV, vCard, ICS): contacts, companies, services, past visits and bills, leads, notes. import.preview_csv first; over 200 KB: in parts, or by the owner on /imports.',
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
    part: z.int().min(2).optional().meta({ description: 'of a part: the how manieth it is' }),
    more: z.boolean().optional().meta({ description: 'of a part: others follow' }),
    file_bytes: z
      .int()
      .min(0)
      .max(1e12)
      .optional()
      .meta({ description: 'of a part: bytes of the whole file' }),
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
  keywords: importWords,
  // A memo's card number must not wait in the queue and its history until the owner decides (SAN-06).
  kept: input => ({
    ...input,
    content: redact(toUtf8(bytesOf(input)).utf8.toString()).text,
    encoding: 'text' as const,
  }),
  async run(context, input) {
    const bytes = bytesOf(input);
    const sheet = await understand(context, { ...input, bytes });
    const is_part = input.part_of !== undefined || input.more === true;
    // The last part of a large file may be blank lines.
    if (!is_part) requireRows(sheet.table);
    if (!isOurs(sheet)) await askOfKind(context, sheet);
    shift(sheet, (input.first_row ?? 1) - 1);
    const dry_run = input.dry_run === true;
    if (!dry_run) {
      requireAnswers(sheet);
      await recordFindings(context, 'import.csv', sheet.findings);
    }
    // Of two imports of the same file the second finds everything here.
    await lockInBusiness(context, 'import');
    countGrown(context);
    const batch = dry_run ? null : await beginBatch(context, sheet, { ...input, bytes });
    const file = { bytes, is_whole: input.first_row === undefined && !is_part };
    const taken = await takeKind(context, sheet, { batch_id: batch?.id ?? null, dry_run, is_part }, file);
    sheet.refused.sort((a, b) => a.row - b.row);
    sheet.notices.sort((a, b) => a.row - b.row);
    const whole = batch ? await endBatch(context, sheet, { batch, taken }) : undefined;
    const report = reportOf(sheet, { taken, reference: batch?.reference ?? null, dry_run });
    // Of a large file the last part knows.
    if (!is_part || (whole && input.more !== true)) {
      const came = whole ? { ...whole, refused_rows: whole.refused_count, dry_run } : report;
      const nothing = nothingTaken(came);
      if (nothing !== undefined) context.warn(`${nothing} ${whatToDo}`);
    }
    return report;
  },
});

const whatToDo =
  'It must be a table: the names of its columns in the first line, a row in each of the others. Say in mapping what they are, or mend the rows, and import it again.';

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
  if (isOurs(sheet)) return takeOurs({ ...context, warn: () => undefined }, sheet, take);
  if (sheet.kind === 'contacts')
    return takeContacts(context, sheet, contactsOf(context, sheet, file.bytes, file.is_whole), take);
  if (sheet.kind === 'tickets') return takeVisits(context, sheet, take);
  if (sheet.kind === 'invoices') return takeBills(context, sheet, take);
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
