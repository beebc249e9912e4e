import type { Context } from '../../kernel/pipeline/context.ts';
import { createRecord } from '../../kernel/records/record-actions.ts';
import { listByIds } from '../../kernel/records/record-queries.ts';
import { noteRecord } from '../../notes/note.ts';
import { enqueueReading } from '../../notes/read-imported.ts';
import { listImported } from '../queries.ts';
import { findCustomers, type Said, saidOf } from './customers.ts';
import { attemptRow } from './one-by-one.ts';
import type { Take, Taken } from './report.ts';
import { customOf, dayOf, digestOf, NotTaken, type Row, type Sheet, titleOf, wordsOf } from './sheet.ts';

interface Entry {
  row: Row;
  said: Said;
  content: string;
}

/** Takes notes on customers who are here; a note about nobody is refused, for it would be found by nobody. */
export async function takeNotes(context: Context, sheet: Sheet, { batch_id }: Take): Promise<Taken> {
  const refuse = (row: Row, reason: string) =>
    sheet.refused.push({ row: row.line, name: titleOf(sheet, row), reason, cells: row.cells });
  const entries: Entry[] = [];
  for (const row of sheet.rows) {
    try {
      entries.push({ row, said: saidOf(context, sheet, row), content: contentOf(sheet, row) });
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      refuse(row, error.message);
    }
  }
  const found = await findCustomers(
    context,
    entries.map(({ said }) => said),
  );
  const keyed = entries.flatMap(entry => {
    const holder = found.get(entry.said.line);
    if (holder && !(holder instanceof NotTaken)) {
      return {
        ...entry,
        contact: holder.contact_id,
        key: `row:${digestOf(holder.contact_id, entry.content)}`,
      };
    }
    refuse(entry.row, holder?.message ?? 'Nobody here is this customer. Import the customers first.');
    return [];
  });
  const imported = await listImported(
    context,
    'note',
    keyed.map(({ key }) => key),
  );
  const notes = await listByIds(context, noteRecord, [...new Set(imported.values())]);
  const living = new Map(notes.map(({ id, reference }) => [id, reference]));
  const taken: Taken = { taken_rows: 0, created: 0, known: [], imported: [] };
  const made = new Map<string, string>();
  for (const { row, said, contact, content, key } of keyed) {
    const before = living.get(imported.get(key) ?? '') ?? made.get(key);
    if (before !== undefined) {
      taken.known.push({ rows: [row.line], name: said.full_name, record: before });
      continue;
    }
    made.set(key, `row ${row.line}`);
    const why =
      batch_id === null
        ? undefined
        : await attemptRow(context, async () => {
            const note = await createRecord(context, noteRecord, {
              contact_id: contact,
              content,
              source: 'import',
              extraction_status: 'none',
              import_batch_id: batch_id,
            });
            taken.imported.push({ record_type: 'note', key, record_id: note.id });
          });
    if (why !== undefined) refuse(row, why);
    else {
      taken.taken_rows++;
      taken.created++;
    }
  }
  if (batch_id !== null && taken.created > 0) await enqueueReading(context, batch_id);
  return taken;
}

/** What the note says, with its day in front, and what other columns say below it. */
function contentOf(sheet: Sheet, row: Row): string {
  const words = wordsOf(sheet, row, 'content');
  if (words === '') throw new NotTaken('The row has no note in it.');
  const on = dayOf(sheet, row, 'on');
  const names = new Map(sheet.customs.map(({ key, name }) => [key, name]));
  const others = Object.entries(customOf(sheet, row)).map(
    ([key, text]) => `${names.get(key) ?? key}: ${text}`,
  );
  return [on === undefined ? words : `${on}: ${words}`, ...others]
    .join('\n')
    .slice(0, 20_000)
    .replace(/\p{Surrogate}$/u, '');
}
