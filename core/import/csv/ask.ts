import type { Context } from '../../kernel/pipeline/context.ts';
import { textOf } from './cells.ts';
import { findCustomers, saidOf } from './customers.ts';
import { readServices } from './services.ts';
import { NotTaken, type Sheet } from './sheet.ts';

/** Adds the questions that need more than the file: customers nobody knows, services that are in no catalog. */
export async function askOfKind(context: Context, sheet: Sheet): Promise<void> {
  if (sheet.kind !== 'tickets' && sheet.kind !== 'invoices') return;
  const said = sheet.rows.flatMap(row => {
    try {
      return [saidOf(context, sheet, row)];
    } catch (error) {
      if (error instanceof NotTaken) return [];
      throw error;
    }
  });
  const found = await findCustomers(context, said);
  askCustomers(
    sheet,
    said
      .filter(({ line }) => found.get(line) === undefined)
      .map(({ full_name, emails, id }) => full_name || emails[0] || id),
  );
  if (sheet.kind === 'tickets') await readServices(context, sheet);
  else askWhetherPaid(sheet);
}

/** Asks what becomes of customers nobody knows, unless that is said. */
export function askCustomers(sheet: Sheet, unknown: readonly string[]): void {
  if (unknown.length === 0 || sheet.answers.unknown_customers !== undefined) return;
  sheet.questions.push({
    answer: 'unknown_customers',
    asks: `${unknown.length} ${unknown.length === 1 ? 'row names a customer' : 'rows name customers'} nobody knows. Make them, or leave those rows out?`,
    examples: [...new Set(unknown)].slice(0, 3),
    options: ['make', 'refuse'],
  });
}

/** Asks whether bills were paid where no column says so. */
function askWhetherPaid(sheet: Sheet): void {
  const told = ['status', 'paid', 'balance', 'paid_on'].some(target => sheet.by.has(target));
  if (told || sheet.answers.bills !== undefined) return;
  sheet.questions.push({
    answer: 'bills',
    asks: 'No column says whether these bills were paid. Were they?',
    examples: sheet.rows
      .slice(0, 3)
      .map(row => textOf(sheet, row, 'id'))
      .filter(Boolean),
    options: ['paid', 'open'],
  });
}
