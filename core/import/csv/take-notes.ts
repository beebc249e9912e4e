import type { Context } from '../../kernel/pipeline/context.ts';
import { createRecord } from '../../kernel/records/record-actions.ts';
import { noteRecord } from '../../notes/note.ts';
import { enqueueReading } from '../../notes/read-imported.ts';
import { customOf, dayOf, digestOf, titleOf, wordsOf } from './cells.ts';
import { findCustomers, type Said, saidOf } from './customers.ts';
import { findHere } from './here.ts';
import { attemptRow, tellHowFar } from './one-by-one.ts';
import { readRows, refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';

interface Entry {
  row: Row;
  said: Said;
  content: string;
}

/** Takes notes on customers who are here; a note about nobody is refused, for it would be found by nobody. */
export async function takeNotes(context: Context, sheet: Sheet, { batch_id }: Take): Promise<Taken> {
  const refuseLine = refuser(sheet);
  const refuse = (row: Row, reason: string) => refuseLine(row.line, titleOf(sheet, row), reason);
  const entries = readRows(
    sheet,
    (row): Entry => ({ row, said: saidOf(context, sheet, row), content: contentOf(sheet, row) }),
  );
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
  const here = await findHere(
    context,
    noteRecord,
    keyed.map(({ key }) => key),
  );
  const taken: Taken = { taken_rows: 0, created: 0, known: [], imported: [] };
  const made = new Map<string, string>();
  for (const [done, { row, said, contact, content, key }] of keyed.entries()) {
    if (batch_id !== null) tellHowFar(context, done, keyed.length);
    const before = here.get(key) ?? made.get(key);
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
