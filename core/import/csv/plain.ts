import type { Context } from '../../kernel/pipeline/context.ts';
import { listByNames } from '../../kernel/records/by-names.ts';
import type { RecordSpec } from '../../kernel/records/record.ts';
import { createRecord } from '../../kernel/records/record-actions.ts';
import { fold } from '../../kernel/words/fold.ts';
import { amountOf, customOf, digestOf, fieldOf, idOf, systemOf, titleOf, wordsOf } from './cells.ts';
import { findHere } from './here.ts';
import { attemptRow, tellHowFar } from './one-by-one.ts';
import { readRows, refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { recordOf } from './targets.ts';

/** A row of companies, services or inquiries, read. */
interface Entry {
  row: Row;
  name: string;
  key: string;
  input: Record<string, unknown>;
}

/** Takes companies, services or inquiries: one record a row, made as `create` makes it, without what a call sets in motion. */
export async function takePlain(context: Context, sheet: Sheet, { batch_id, dry_run }: Take): Promise<Taken> {
  const record = context.registry.records.get(recordOf[sheet.kind]);
  if (!record) throw new Error(`there is no record ${recordOf[sheet.kind]}`);
  const refuse = refuser(sheet);
  const entries = readRows(sheet, row => entryOf(context, sheet, record, row));
  const known = await knownOf(context, record, entries);
  const taken: Taken = { taken_rows: 0, created: 0, known: [], imported: [] };
  const made = new Map<string, string>();
  for (const [done, entry] of entries.entries()) {
    if (!dry_run) tellHowFar(context, done, entries.length);
    const before = known.get(entry.key) ?? made.get(entry.key);
    if (before !== undefined) {
      taken.known.push({ rows: [entry.row.line], name: entry.name, record: before });
      continue;
    }
    const why = dry_run
      ? await attemptDry(context, record, entry)
      : await attemptRow(context, async () => {
          const row = await createRecord(context, record, { ...entry.input, ...batchOf(record, batch_id) });
          made.set(entry.key, String(row.reference ?? row.id));
          taken.imported.push({ record_type: record.name, key: entry.key, record_id: row.id });
        });
    if (why !== undefined) {
      refuse(entry.row.line, entry.name, why);
      continue;
    }
    if (dry_run) made.set(entry.key, `row ${entry.row.line}`);
    taken.taken_rows++;
    taken.created++;
  }
  return taken;
}

/** What the record itself would say of the row. */
const attemptDry = (context: Context, record: RecordSpec, { input }: Entry) =>
  attemptRow(context, async () => {
    await record.toColumns?.(context, input, undefined);
  });

const batchOf = (record: RecordSpec, batchId: string | null) =>
  'import_batch_id' in record.fields ? { import_batch_id: batchId, source: 'import_csv' } : {};

function entryOf(context: Context, sheet: Sheet, record: RecordSpec, row: Row): Entry {
  const input: Record<string, unknown> = {};
  const custom: Record<string, string> = customOf(sheet, row);
  for (const [name, target] of sheet.targets) {
    if (!target.field || !sheet.by.has(name)) continue;
    try {
      const value = fieldOf(context, sheet, row, target);
      if (value !== undefined) input[name] = value;
    } catch (error) {
      if (!(error instanceof NotTaken) || target.field.required) throw error;
      custom[`unreadable_${name}`] = wordsOf(sheet, row, name);
      sheet.notices.push({
        row: row.line,
        message: `${error.message} It is kept as the custom field unreadable_${name}.`,
      });
    }
  }
  if (sheet.kind === 'services') readService(context, sheet, row, input);
  if (sheet.kind === 'leads') readInquiry(input);
  for (const [name, field] of Object.entries(record.fields)) {
    if (field.required && input[name] === undefined) {
      throw new NotTaken(`The row has no ${(field.title ?? name).toLowerCase().replaceAll('_', ' ')}.`);
    }
  }
  if ('custom_fields' in record.fields && Object.keys(custom).length > 0) input.custom_fields = custom;
  const id = idOf(sheet, row);
  const { custom_fields: _, ...own } = input;
  const called = typeof input.name === 'string' ? keyOfName(input.name) : undefined;
  const key = called ?? (id === '' ? `row:${digestOf(sheet.kind, own, custom)}` : `${systemOf(sheet)}:${id}`);
  return { row, name: titleOf(sheet, row), key, input };
}

/** A price makes a service one of a fixed price; without one it is agreed on each visit. */
function readService(context: Context, sheet: Sheet, row: Row, input: Record<string, unknown>): void {
  const price = amountOf(sheet, row, 'price', context.organization.currency);
  if (price !== undefined && price < 0) throw new NotTaken('The price is less than nothing.');
  if (price !== undefined) input.price_cents = price;
  input.pricing ??= price === undefined ? 'flexible' : input.unit === undefined ? 'fixed' : 'per_unit';
  if (input.pricing !== 'flexible' && price === undefined) input.pricing = 'flexible';
}

/** An inquiry has a title: what is asked for, else who asks. */
function readInquiry(input: Record<string, unknown>): void {
  const said = [
    input.title,
    input.service_interest,
    input.full_name,
    input.company_name,
    input.email,
    input.phone,
  ];
  const title =
    said.find(text => typeof text === 'string' && text !== '') ?? String(input.raw_notes ?? '').slice(0, 80);
  if (title === '') throw new NotTaken('The row says neither who asks nor for what.');
  input.title = title;
}

/** The records that are here already: those that came with a file before, and those of the same name. */
async function knownOf(
  context: Context,
  record: RecordSpec,
  entries: readonly Entry[],
): Promise<Map<string, string>> {
  const known = await findHere(
    context,
    record,
    entries.map(({ key }) => key),
  );
  const named = entries.filter(({ key }) => key.startsWith('name:') && !known.has(key));
  if (named.length > 0) {
    const names = named.map(({ input }) => String(input.name));
    for (const { name, reference } of await listByNames(context, record, names))
      known.set(keyOfName(name), reference);
  }
  return known;
}

const keyOfName = (name: string): string => `name:${fold(name).replace(/\s+/g, ' ').trim()}`;
