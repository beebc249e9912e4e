import { invoiceRecord } from '../../invoices/invoice.ts';
import { writePastBills } from '../../invoices/past.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { type Bill, readBills } from './bills.ts';
import { digestOf, systemOf } from './cells.ts';
import { findHere } from './here.ts';
import { writeTogether } from './one-by-one.ts';
import { refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import type { Sheet } from './sheet.ts';
import { type Whose, whoseRows } from './whose.ts';

/** Takes bills another program has sent (IMX-01): their customers found or made, what was paid of them; no number of ours. */
export async function takeBills(context: Context, sheet: Sheet, take: Take): Promise<Taken> {
  const bills = readBills(context, sheet);
  const whose = await whoseRows(
    context,
    sheet,
    bills.map(({ said }) => said),
    take,
  );
  const known = await knownBills(context, sheet, bills, whose);
  const fresh = bills.filter(bill => whose.of(bill.said) !== undefined && !known.has(bill));
  const refuse = refuser(sheet);
  // Of a bill whose customer is not taken, all rows.
  const refused = new Set(sheet.refused.map(({ row }) => row));
  for (const { rows, said } of bills) {
    if (whose.of(said)) continue;
    const why = sheet.refused.find(({ row }) => row === said.line)?.reason ?? 'Its customer is not known.';
    for (const row of rows) if (!refused.has(row)) refuse(row, said.full_name, why);
  }
  const taken: Taken = {
    taken_rows: 0,
    created: 0,
    known: [...known].map(([bill, record]) => ({ rows: bill.rows, name: bill.said.full_name, record })),
    imported: [],
    customers: whose.made,
  };
  const written =
    take.batch_id === null
      ? fresh
      : await writeTogether(
          context,
          fresh,
          some => async () => {
            const made = await writePastBills(
              context,
              some.map(({ past, said }) => ({ ...past, contact_id: whose.of(said)?.id ?? '' })),
            );
            some.forEach((bill, index) => {
              bill.written = made[index]?.id ?? '';
            });
          },
          (bill, reason) => {
            for (const row of bill.rows) refuse(row, bill.said.full_name, reason);
          },
        );
  for (const bill of written) {
    taken.taken_rows += bill.rows.length;
    taken.created++;
    if (take.batch_id === null) continue;
    taken.imported.push({ record_type: 'invoice', key: keyOf(sheet, bill, whose), record_id: bill.written });
  }
  return taken;
}

/** By what a bill is known again: its number, else whose, when and how much. */
const keyOf = (sheet: Sheet, { past, said, total_cents }: Bill, whose: Whose): string =>
  past.foreign_number !== ''
    ? `${systemOf(sheet)}:${past.foreign_number}`
    : `row:${digestOf(whose.of(said)?.key, past.issued_on, total_cents, past.lines)}`;

async function knownBills(
  context: Context,
  sheet: Sheet,
  bills: readonly Bill[],
  whose: Whose,
): Promise<Map<Bill, string>> {
  const keys = new Map(bills.map(bill => [bill, keyOf(sheet, bill, whose)]));
  const here = await findHere(context, invoiceRecord, [...keys.values()]);
  const known = new Map<Bill, string>();
  const seen = new Map<string, number>();
  for (const [bill, key] of keys) {
    const reference = here.get(key);
    const before = seen.get(key);
    if (reference !== undefined) known.set(bill, reference);
    else if (before !== undefined && whose.of(bill.said)) known.set(bill, `row ${before}`);
    else seen.set(key, bill.said.line);
  }
  return known;
}
