import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { recordFindings } from '../kernel/pipeline/redact-input.ts';
import { type Finding, redactMembers } from '../kernel/pipeline/redact-members.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { redact } from '../kernel/words/redaction.ts';
import { asCode, line } from '../kernel/words/text-schemas.ts';
import { enqueueReading } from '../notes/read-imported.ts';
import { noticesOfAlike } from './alike.ts';
import { noRow } from './csv/require-rows.ts';
import { importRecord } from './import.ts';
import { findKnown } from './match.ts';
import { nothingTaken } from './nothing-taken.ts';
import { SquareFormatError } from './square/format-error.ts';
import { readSquareExport, type SquareReading } from './square/read.ts';
import { toUtf8 } from './square/text.ts';
import { contactWriter } from './write.ts';

const report = z.object({
  import: z.string().nullable(),
  dry_run: z.boolean(),
  rows_read: z.number(),
  contacts_in_file: z.number(),
  created: z.number(),
  already_known: z.number(),
  addresses: z.number(),
  notes: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  known: z.array(z.object({ rows: z.array(z.number()), name: z.string(), contact: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ known: z.number(), notices: z.number() }),
  unknown_columns: z.array(z.string()),
});

export const asExported = 'Export the customer directory in Square as CSV and hand it over unchanged.';

/** That not one row of an export could be taken; undefined when some was, or was known. */
export const nothingTakenOf = ({
  contacts_in_file,
  refused,
  dry_run,
}: Pick<z.infer<typeof report>, 'contacts_in_file' | 'refused' | 'dry_run'>): string | undefined =>
  contacts_in_file > 0
    ? undefined
    : nothingTaken({ taken_rows: 0, matched_rows: 0, refused_rows: refused.length, dry_run });

/** Longer lists are cut in the answer, with their true length beside them; the import's row keeps them whole. */
const mostListed = 100;

/**
 * Takes over the customers of a Square export (IMX-01): grouped, matched with who is here already, memos as redacted
 * notes, everything in one transaction. By an agent this is a bulk action and waits for the owner (IMX-06).
 */
export const importSquare = defineAction({
  domain: 'import',
  name: 'square',
  summary: 'Import customers from a Square CSV export; dry_run reports without writing.',
  input: z.strictObject({
    content: z.string().min(1).max(90_000_000).meta(asCode),
    encoding: z.enum(['text', 'base64']).optional(),
    file_name: line.optional(),
    dry_run: z.boolean().optional(),
  }),
  output: report,
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'import.undo',
  verb: 'import',
  past: 'imported',
  object: 'customers from Square',
  example: {
    content:
      'First Name,Last Name,Email Address,Phone Number,Square Customer ID\nAda,Byron,ada@example.com,,\n',
  },
  many: true,
  keywords: ['csv', 'customers', 'migrate', 'upload'],
  // A memo's card number must not wait in the queue and its history until the owner decides (SAN-06).
  kept: input => ({
    ...input,
    content: redact(toUtf8(bytesOf(input)).utf8.toString()).text,
    encoding: 'text' as const,
  }),
  async run(context, input) {
    const bytes = bytesOf(input);
    const { reading: read, findings } = withoutNumbers(readFile(context, bytes));
    if (read.rows_read === 0) throw noRow();
    if (!input.dry_run) await recordFindings(context, 'import.square', findings);
    // Of two imports of the same file the second finds everybody known.
    await lockInBusiness(context, 'import');
    const known = await findKnown(context, read.contacts);
    const fresh = read.contacts.filter((_, index) => !known.has(index));
    const notices = [...read.notices, ...(await noticesOfAlike(context, fresh))];
    const reading = { ...read, notices: notices.sort((a, b) => a.row - b.row) };
    const reference = input.dry_run
      ? null
      : await write(context, {
          reading,
          fresh,
          knownCount: known.size,
          bytes,
          fileName: input.file_name ?? null,
        });
    const knownList = [...known].map(([index, contact]) => ({
      rows: reading.contacts[index]?.rows ?? [],
      name: contact.full_name,
      contact: contact.reference,
    }));
    const came = {
      contacts_in_file: reading.contacts.length,
      refused: reading.refused,
      dry_run: input.dry_run === true,
    };
    const nothing = nothingTakenOf(came);
    if (nothing !== undefined) context.warn(`${nothing} ${asExported}`);
    return {
      ...came,
      import: reference,
      rows_read: reading.rows_read,
      created: input.dry_run ? 0 : fresh.length,
      already_known: known.size,
      addresses: fresh.reduce((sum, contact) => sum + contact.addresses.length, 0),
      notes: fresh.reduce((sum, contact) => sum + contact.memos.length, 0),
      known: knownList.slice(0, mostListed),
      notices: reading.notices.slice(0, mostListed),
      omitted: {
        known: Math.max(0, knownList.length - mostListed),
        notices: Math.max(0, reading.notices.length - mostListed),
      },
      unknown_columns: reading.unknown_columns,
    };
  },
});

const bytesOf = ({ content, encoding }: { content: string; encoding?: 'text' | 'base64' | undefined }) =>
  Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');

/** The reading without card numbers and their like, in whatever cell they stood (SAN-06). */
export function withoutNumbers({ contacts, ...rest }: SquareReading) {
  const findings: Finding[] = [];
  const clean = <T extends object>(value: T): T => {
    const { value: texts, findings: found } = redactMembers({}, value);
    if (found.some(({ isName }) => isName)) throw invalid('content', 'A column has a number for a name.');
    findings.push(...found);
    return found.length === 0 ? value : { ...value, ...(typeof texts === 'object' ? texts : {}) };
  };
  const reading: SquareReading = { ...clean(rest), contacts: contacts.map(clean) };
  return { reading, findings };
}

function readFile(context: Context, bytes: Uint8Array): SquareReading {
  try {
    return readSquareExport(bytes, { default_country: context.organization.country });
  } catch (error) {
    if (!(error instanceof SquareFormatError)) throw error;
    throw invalid('content', error.message, {
      ...(error.missing.length > 0
        ? { missing_columns: error.missing, found_columns: error.found.slice(0, 40) }
        : {}),
      hint: asExported,
    });
  }
}

async function write(
  context: Context,
  {
    reading,
    fresh,
    knownCount,
    bytes,
    fileName,
  }: {
    reading: SquareReading;
    fresh: SquareReading['contacts'];
    knownCount: number;
    bytes: Uint8Array;
    fileName: string | null;
  },
): Promise<string> {
  const id = newId();
  const { reference } = await insertRow(context, importRecord, {
    id,
    source: 'square',
    file_name: fileName,
    file_hash: createHash('sha256').update(bytes).digest('hex'),
    rows_read: reading.rows_read,
    created_count: fresh.length,
    known_count: knownCount,
    taken_rows: fresh.reduce((sum, { rows }) => sum + rows.length, 0),
    matched_rows:
      reading.rows_read - reading.refused.length - fresh.reduce((sum, { rows }) => sum + rows.length, 0),
    refused_count: reading.refused.length,
    refused: reading.refused,
    notices: reading.notices,
  });
  if (fresh.length > 0) {
    const make = await contactWriter(context, fresh, id);
    let before = Promise.resolve();
    for (let start = 0; start < fresh.length; start += 500) {
      // Made while the database takes those before.
      const { write } = await make(fresh.slice(start, start + 500));
      await before;
      before = write();
      // Whether it worked is found out one turn later.
      before.catch(() => undefined);
    }
    await before;
  }
  if (fresh.some(({ memos }) => memos.some(memo => memo !== ''))) await enqueueReading(context, id);
  return reference;
}
