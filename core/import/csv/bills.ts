import type { PastBill } from '../../invoices/past.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { fold } from '../../kernel/words/fold.ts';
import { formatMoney } from '../../kernel/words/money.ts';
import { todayOf } from '../../kernel/words/time.ts';
import { methodIn } from '../../payments/method.ts';
import { cut } from '../square/text.ts';
import { amountOf, customOf, dayOf, momentOf, textOf, wordsOf } from './cells.ts';
import { type Said, saidOf } from './customers.ts';
import { readRows, refuser } from './refuse.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { requireOwnMoney } from './visits.ts';

/** A bill of the file, from one row or several with the same number. */
export interface Bill {
  rows: number[];
  said: Said;
  past: Omit<PastBill, 'contact_id'>;
  total_cents: number;
  /** The id it has got. */
  written: string;
}

/** What a row says, before the rows of one bill are put together. */
interface Part {
  row: Row;
  said: Said;
  number: string;
  lines: { description: string; amount: number | undefined }[];
}

const most_cents = 100_000_000_000;

/** The bills of a sheet; a row that is none goes to `sheet.refused`, and with it the others of its bill. */
export function readBills(context: Context, sheet: Sheet): Bill[] {
  const groups: Part[][] = [];
  const byNumber = new Map<string, Part[]>();
  for (const part of readRows(sheet, row => partOf(context, sheet, row))) {
    const before = part.number === '' ? undefined : byNumber.get(part.number);
    if (before) {
      before.push(part);
      continue;
    }
    groups.push([part]);
    if (part.number !== '') byNumber.set(part.number, groups.at(-1) ?? []);
  }
  const refuse = refuser(sheet);
  return groups.flatMap(parts => {
    try {
      return [billOf(context, sheet, parts)];
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      for (const { row, said } of parts) refuse(row.line, said.full_name, error.message);
      return [];
    }
  });
}

function partOf(context: Context, sheet: Sheet, row: Row): Part {
  const type = textOf(sheet, row, 'type');
  if (type !== '' && !/invoice|bill/i.test(type))
    throw new NotTaken(`The row is a ${cut(type, 40)}, and no bill.`);
  const { currency } = context.organization;
  const said = textOf(sheet, row, 'currency').toUpperCase();
  if (said !== '' && said !== currency) {
    throw new NotTaken(`The bill is in ${cut(said, 10)}, and this business keeps its books in ${currency}.`);
  }
  for (const target of ['total', 'line_amount', 'paid', 'balance'])
    requireOwnMoney(sheet, row, target, currency);
  const text = wordsOf(sheet, row, 'lines');
  return {
    row,
    said: saidOf(context, sheet, row),
    number: textOf(sheet, row, 'id'),
    lines: [
      {
        description: cut(text.replaceAll('\n', ', '), 500),
        amount: amountOf(sheet, row, 'line_amount', currency),
      },
    ],
  };
}

function billOf(context: Context, sheet: Sheet, parts: readonly Part[]): Bill {
  const [first] = parts;
  if (!first) throw new Error('a bill is made of a row at least');
  const { row, said } = first;
  if (parts.some(part => part.said.full_name !== said.full_name || part.said.id !== said.id)) {
    throw new NotTaken(`Rows of the bill ${first.number} name different customers.`);
  }
  if (parts.length > 200) throw new NotTaken('The bill has more than two hundred lines.');
  const { currency } = context.organization;
  const amount = (target: string) => {
    const all = new Set(parts.map(part => amountOf(sheet, part.row, target, currency)));
    all.delete(undefined);
    if (all.size > 1)
      throw new NotTaken(`Rows of the bill ${first.number} say different amounts in "${target}".`);
    const [cents] = all;
    if (cents !== undefined && cents < 0) throw new NotTaken('An amount of the bill is less than nothing.');
    if (cents !== undefined && cents > most_cents)
      throw new NotTaken('An amount of the bill is too much to be one.');
    return cents;
  };
  const issued_on = dayOf(sheet, row, 'issued');
  if (issued_on === undefined) throw new NotTaken('The row does not say of which day the bill is.');
  if (issued_on > todayOf(context).toString()) throw new NotTaken('The bill is of a day to come.');
  const tax_cents = amount('tax') ?? 0;
  const discount_cents = amount('discount') ?? 0;
  const amounts = parts.flatMap(({ lines }) => lines.map(line => line.amount));
  const counted = amounts.every(cents => cents !== undefined && cents >= 0)
    ? amounts.reduce<number>((sum, cents) => sum + (cents ?? 0), 0)
    : undefined;
  const total_cents =
    amount('total') ?? (counted === undefined ? undefined : counted + tax_cents - discount_cents);
  if (total_cents === undefined) throw new NotTaken('The row does not say what the bill comes to.');
  const subtotal_cents = total_cents - tax_cents + discount_cents;
  if (subtotal_cents < 0) throw new NotTaken('The tax is more than the bill comes to.');
  const { is_void, paid_cents } = paidOf(
    sheet,
    row,
    { total_cents, paid: amount('paid'), balance: amount('balance') },
    currency,
  );
  const custom_fields = Object.assign({}, ...parts.map(part => customOf(sheet, part.row))) as Record<
    string,
    string
  >;
  const method = textOf(sheet, row, 'method');
  const paidAt = paid_cents > 0 ? paidOn(context, { sheet, row }, issued_on, custom_fields) : undefined;
  return {
    rows: parts.map(part => part.row.line),
    said,
    total_cents,
    past: {
      foreign_number: cut(first.number, 200),
      issued_on,
      due_on: dayOf(sheet, row, 'due') ?? null,
      lines: linesOf(parts, { subtotal_cents, counted }),
      tax_cents,
      discount_cents,
      paid:
        paidAt === undefined
          ? undefined
          : { amount_cents: paid_cents, received_at: paidAt, method: methodIn(method) },
      is_void,
      notes: cut(wordsOf(sheet, row, 'notes'), 20_000) || null,
      custom_fields,
    },
    written: '',
  };
}

/** Each line with its amount where those add up; else one line with all their words. */
function linesOf(
  parts: readonly Part[],
  { subtotal_cents, counted }: { subtotal_cents: number; counted: number | undefined },
): { description: string; subtotal_cents: number }[] {
  const lines = parts.flatMap(part => part.lines);
  if (counted === subtotal_cents) {
    return lines.map(({ description, amount }) => ({
      description: description || 'Work',
      subtotal_cents: amount ?? 0,
    }));
  }
  const words = [...new Set(lines.map(({ description }) => description).filter(Boolean))].join(', ');
  return [{ description: cut(words, 500) || 'Work', subtotal_cents }];
}

/** What of it was paid. Throws NotTaken where the row does not say, or says two things. */
function paidOf(
  sheet: Sheet,
  row: Row,
  {
    total_cents,
    paid,
    balance,
  }: { total_cents: number; paid: number | undefined; balance: number | undefined },
  currency: string,
): { is_void: boolean; paid_cents: number } {
  const text = textOf(sheet, row, 'status');
  const status = statusOf(text);
  if (status === 'draft') throw new NotTaken('The bill is a draft: nobody has it yet. Write it anew here.');
  if (status === 'void') return { is_void: true, paid_cents: 0 };
  const counted = paid ?? (balance === undefined ? undefined : total_cents - balance);
  if (counted !== undefined && counted > total_cents) {
    throw new NotTaken(`More was paid than the bill comes to (${formatMoney(total_cents, currency)}).`);
  }
  if (counted !== undefined && counted < 0) throw new NotTaken('More is due than the bill comes to.');
  if (status === 'paid' && counted !== undefined && counted < total_cents) {
    throw new NotTaken(
      `Its status says it is paid, and its amounts that ${formatMoney(total_cents - counted, currency)} is still due.`,
    );
  }
  if (counted !== undefined) return { is_void: false, paid_cents: counted };
  if (status === 'paid') return { is_void: false, paid_cents: total_cents };
  if (status === 'open') return { is_void: false, paid_cents: 0 };
  if (text === '' && textOf(sheet, row, 'paid_on') !== '') return { is_void: false, paid_cents: total_cents };
  const { bills } = sheet.answers;
  if (text === '' && bills !== undefined)
    return { is_void: false, paid_cents: bills === 'paid' ? total_cents : 0 };
  throw new NotTaken(
    text === ''
      ? 'The row does not say whether the bill was paid.'
      : `Its status is "${cut(text, 40)}": nobody says whether it was paid. Write "paid", "open" or "void".`,
  );
}

/** Undefined for what says neither, such as a part that was paid: the amounts tell then. */
function statusOf(text: string): 'paid' | 'open' | 'void' | 'draft' | undefined {
  const plain = fold(text).replace(/[^a-z]/g, '');
  if (/draft/.test(plain)) return 'draft';
  if (/partial|partly/.test(plain)) return undefined;
  if (/void|cancel|deleted|refunded|writtenoff|writeoff|baddebt|uncollectible/.test(plain)) return 'void';
  if (
    /unpaid|notpaid|open|sent|overdue|pastdue|outstanding|awaiting|viewed|issued|unsettled|^due/.test(plain)
  )
    return 'open';
  if (/paid|settled|closed|complete/.test(plain)) return 'paid';
  return undefined;
}

/** When it was paid; the day of the bill where nobody says it, which the bill then tells. */
function paidOn(
  context: Context,
  { sheet, row }: { sheet: Sheet; row: Row },
  issued_on: string,
  custom_fields: Record<string, string>,
): string {
  const timeZone = context.organization.time_zone;
  const said = momentOf({ sheet, timeZone }, row, ['paid_on']);
  if (!said) custom_fields.paid_on ??= 'not known';
  const at = said?.at ?? momentOf({ sheet, timeZone }, row, ['issued'])?.at ?? `${issued_on}T12:00:00Z`;
  const moment = new Date(at).toISOString();
  if (Date.parse(moment) <= context.now.epochMilliseconds) return moment;
  if (said?.has_time || moment.slice(0, 10) > todayOf(context).toString())
    throw new NotTaken('The bill was paid on a day to come.');
  return context.now.toString();
}
