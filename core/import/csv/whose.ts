import type { Context } from '../../kernel/pipeline/context.ts';
import { systemOf } from './cells.ts';
import { findCustomers, makeCustomers, type Said } from './customers.ts';
import { refuser } from './refuse.ts';
import type { Take } from './report.ts';
import { NotTaken, type Sheet } from './sheet.ts';

/** Whose each row is. */
export interface Whose {
  /** Undefined for a row that was refused. `key` is the same for all rows of one customer; `id` is '' in a dry run for who is new. */
  of(said: Said): { id: string; key: string } | undefined;
  /** Customers who are new. */
  made: number;
}

/** Finds the customers of rows, makes those nobody knows where that is wished, and refuses the rows of the others. */
export async function whoseRows(
  context: Context,
  sheet: Sheet,
  said: readonly Said[],
  { batch_id }: Take,
): Promise<Whose> {
  const found = await findCustomers(context, said);
  const refuseLine = refuser(sheet);
  const refuse = ({ line, full_name }: Said, reason: string) => refuseLine(line, full_name, reason);
  const whose = new Map<number, { id: string; key: string }>();
  const unknown: Said[] = [];
  for (const one of said) {
    const holder = found.get(one.line);
    if (holder instanceof NotTaken) refuse(one, holder.message);
    else if (holder) whose.set(one.line, { id: holder.contact_id, key: holder.contact_id });
    else if (one.full_name === '' && one.emails.length + one.phones.length === 0) {
      refuse(
        one,
        `Nobody here has the number ${one.id}, and the row says no name. Import the customers first.`,
      );
    } else if (sheet.answers.unknown_customers === 'refuse') {
      refuse(
        one,
        'Nobody here is this customer. Import the customers first, or say unknown_customers: make.',
      );
    } else unknown.push(one);
  }
  const { by_line, count } = await makeCustomers(context, {
    sheet,
    unknown,
    batchId: batch_id,
    system: systemOf(sheet),
  });
  for (const one of unknown) {
    const made = by_line.get(one.line);
    if (made) whose.set(one.line, { id: made.id, key: made.id || `new ${made.made}` });
    else refuse(one, 'The customer of this row cannot be made.');
  }
  return { of: ({ line }) => whose.get(line), made: count };
}
