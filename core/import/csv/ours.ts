import { addressRecord } from '../../addresses/address.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import type { Field } from '../../kernel/records/field-shape.ts';
import type { RecordSpec } from '../../kernel/records/record.ts';
import { createRecord } from '../../kernel/records/record-actions.ts';
import { listImported } from '../queries.ts';
import { titleOf } from './cells.ts';
import { findHere } from './here.ts';
import { attemptRow, tellHowFar } from './one-by-one.ts';
import { takeOurVisits } from './our-visits.ts';
import { readRows, refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { recordOf } from './targets.ts';

/** The word under which the ids of another Deskhand are kept. */
export const ourSystem = 'deskhand';

/**
 * Whether a file is a list of a Deskhand, as `export.run` and the button under a list write it: then a row is read as the row it
 * was, and no column is guessed at.
 */
export const isOurs = ({ source, is_as_proposed }: Sheet): boolean =>
  source?.name === ourSystem && is_as_proposed;

export const ourKey = (id: string): string => `${ourSystem}:${id}`;

/** Takes a list of a Deskhand: every field that somebody may write is what it was, and what it points to is found by its old id. */
export function takeOurs(context: Context, sheet: Sheet, take: Take): Promise<Taken> {
  return sheet.kind === 'tickets'
    ? takeOurVisits(context, sheet, take)
    : takeOurRecords(context, sheet, take);
}

interface Entry {
  row: Row;
  name: string;
  key: string;
  input: Record<string, unknown>;
  /** Old ids by the column that points. */
  points: [column: string, to: string, id: string][];
  created_at: string;
  addresses: Record<string, unknown>[];
}

async function takeOurRecords(context: Context, sheet: Sheet, { batch_id, dry_run }: Take): Promise<Taken> {
  const record = context.registry.records.get(recordOf[sheet.kind]);
  if (!record) throw new Error(`there is no record ${recordOf[sheet.kind]}`);
  const refuse = refuser(sheet);
  const entries = readRows(sheet, row => entryOf(sheet, record, row));
  const here = await findHere(
    context,
    record,
    entries.map(({ key }) => key),
  );
  const found = await findPointed(context, entries);
  const taken: Taken = { taken_rows: 0, created: 0, known: [], imported: [], addresses: 0 };
  for (const [done, entry] of entries.entries()) {
    if (!dry_run) tellHowFar(context, done, entries.length);
    const { row, name, key } = entry;
    const before = here.get(key);
    if (before !== undefined) {
      taken.known.push({ rows: [row.line], name, record: before });
      continue;
    }
    const pointers = pointersOf(sheet, record, entry, found);
    let why: string | undefined;
    if (pointers instanceof NotTaken) why = pointers.message;
    else if (!dry_run && batch_id !== null)
      why = await attemptRow(context, () =>
        writeEntry(context, record, entry, { pointers, batch_id, taken }),
      );
    if (why !== undefined) {
      refuse(row.line, name, why);
      continue;
    }
    here.set(key, `row ${row.line}`);
    taken.taken_rows++;
    taken.created++;
  }
  return taken;
}

/** A row as it was, with its places. */
async function writeEntry(
  context: Context,
  record: RecordSpec,
  entry: Entry,
  { pointers, batch_id, taken }: { pointers: Record<string, string>; batch_id: string; taken: Taken },
): Promise<void> {
  const made = await createRecord(context, asItWas(record, entry.created_at), {
    ...entry.input,
    ...pointers,
    ...('import_batch_id' in record.fields ? { import_batch_id: batch_id } : {}),
  });
  const { id } = made;
  taken.imported.push({ record_type: record.name, key: entry.key, record_id: id });
  await takePlaces(context, entry, { column: `${record.name}_id`, id, batch_id, taken });
}

/** A record whose rows were written down when they were. */
const asItWas = (record: RecordSpec, created_at: string): RecordSpec => ({
  ...record,
  toColumns: async (context, input, before) => ({
    ...(record.toColumns ? await record.toColumns(context, input, before) : input),
    created_at,
  }),
});

async function takePlaces(
  context: Context,
  { addresses }: Entry,
  { column, id, batch_id, taken }: { column: string; id: string; batch_id: string; taken: Taken },
): Promise<void> {
  for (const place of addresses) {
    const input = { ...writtenIn(addressRecord, place), [column]: id, import_batch_id: batch_id };
    const made = await createRecord(context, addressRecord, input);
    if (typeof place.id === 'string')
      taken.imported.push({ record_type: 'address', key: ourKey(place.id), record_id: made.id });
    taken.addresses = (taken.addresses ?? 0) + 1;
  }
}

/** Those members of a row of ours that somebody may write; what points elsewhere is left to its new id. */
const writtenIn = (record: RecordSpec, row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record.fields).flatMap(([name, field]) =>
      isWritten(field) && row[name] !== null && row[name] !== undefined ? [[name, row[name]]] : [],
    ),
  );

const isWritten = ({ given, to, internal }: Field): boolean =>
  given !== undefined && to === undefined && !internal;

function entryOf(sheet: Sheet, record: RecordSpec, row: Row): Entry {
  const input: Record<string, unknown> = {};
  const points: Entry['points'] = [];
  for (const [name, field] of Object.entries(record.fields)) {
    const text = ourCell(sheet, row, name);
    if (text === '' || field.internal) continue;
    if (field.to && field.given) points.push([name, field.to.record, text]);
    if (isWritten(field)) input[name] = ourValue(name, field, text);
  }
  const id = ourCell(sheet, row, 'id');
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new NotTaken('The row has no number of a Deskhand in "id".');
  return {
    row,
    name: titleOf(sheet, row),
    key: ourKey(id),
    input,
    points,
    created_at: momentIn(sheet, row, 'created_at'),
    addresses: listIn(sheet, row, 'addresses').filter(
      // A place of a customer of a company comes with the customer.
      place => record.name !== 'company' || place.contact_id === null,
    ),
  };
}

/** A cell as it was before our export made it harmless for spreadsheets; '' for none. */
export function ourCell({ table }: Sheet, { cells }: Row, name: string): string {
  const column = table.columns.find(one => one.name === name);
  return (cells[column?.index ?? -1] ?? '').replace(/^'(?='*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, '');
}

/** A moment as our files have it. Throws NotTaken for what is none. */
export function momentIn(sheet: Sheet, row: Row, name: string): string {
  const text = ourCell(sheet, row, name);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new NotTaken(`"${text.slice(0, 40)}" in "${name}" is no moment.`);
  return text;
}

/** Rows that stand in a cell as JSON; none for an empty one. Throws NotTaken for anything else. */
export function listIn(sheet: Sheet, row: Row, name: string): Record<string, unknown>[] {
  const text = ourCell(sheet, row, name);
  const value = text === '' ? [] : jsonIn(name, text);
  if (!Array.isArray(value)) throw new NotTaken(`"${name}" is no list.`);
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function jsonIn(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotTaken(`"${text.slice(0, 40)}" in "${name}" was changed and cannot be read any more.`);
  }
}

/** What a cell of our file holds. Throws NotTaken for what its field does not take. */
export function ourValue(name: string, { kind, given }: Field, text: string): unknown {
  const value = read();
  const checked = given?.safeParse(value);
  if (checked?.success === false)
    throw new NotTaken(`"${text.slice(0, 60)}" in "${name}" is nothing that can be kept there.`);
  return value;

  function read(): unknown {
    if (kind === 'boolean') return text === 'true';
    if (kind === 'number' || kind === 'money' || kind === 'percent') return Number(text);
    if (kind === 'own' || kind === 'custom_fields' || (kind === 'list' && /^[[{]/.test(text)))
      return jsonIn(name, text);
    if (kind === 'tags' || kind === 'list') return text.split('; ');
    return text;
  }
}

type Pointed = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The new ids of what rows point to, by record and old key. */
async function findPointed(context: Context, entries: readonly Entry[]): Promise<Pointed> {
  const wanted = new Map<string, Set<string>>();
  for (const { points } of entries)
    for (const [, to, id] of points) wanted.set(to, (wanted.get(to) ?? new Set()).add(ourKey(id)));
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const [to, keys] of wanted) found.set(to, await listImported(context, to, [...keys]));
  return found;
}

/** What a row points to here. Whose it is must be here; all else is left out, and said. */
function pointersOf(
  sheet: Sheet,
  { name: kind }: RecordSpec,
  { row, points }: Entry,
  found: Pointed,
): Record<string, string> | NotTaken {
  const pointers: Record<string, string> = {};
  for (const [column, to, id] of points) {
    const here = found.get(to)?.get(ourKey(id));
    if (here !== undefined) pointers[column] = here;
    else if (kind === 'note' && to === 'contact')
      return new NotTaken('Nobody here is this customer. Import the customers first.');
    else if (to !== 'member')
      sheet.notices.push({
        row: row.line,
        message: `Its ${to} is not here, and was left out. Import that list first.`,
      });
  }
  if (kind === 'note' && pointers.contact_id === undefined && pointers.lead_id === undefined)
    return new NotTaken('The note is about nobody who is here. Import customers and leads first.');
  return pointers;
}
