import { encode } from 'uqr';
import { plain, small, strong, writeHead, writeParties } from '../paper/letter.ts';
import { Sheet, tint } from '../paper/sheet.ts';
import type { Line } from '../paper/typeset.ts';
import type { Drawn, Paper } from './paper.ts';

/** The bill as a PDF: letter or A4, as many pages as it takes. The same paper and address give the same bytes. */
export function drawPaper(paper: Paper, { pay_at, logo }: Drawn = {}): Promise<Buffer> {
  const { reference, business, size, dated } = paper;
  const title = `Invoice ${reference}`;
  const sheet = new Sheet({ size, title, author: business.name, at: new Date(dated) });
  writeHead(sheet, paper.business, { title: 'Invoice', stamp: paper.stamp, logo });
  parties(sheet, paper);
  table(sheet, paper);
  sums(sheet, paper);
  payment(sheet, paper, pay_at);
  for (const text of [paper.notes, paper.terms, paper.footer]) {
    if (text === null) continue;
    sheet.y += 14;
    sheet.flow(text, small, { x: sheet.left, width: sheet.width });
  }
  return sheet.end(
    (page, pages) => `${business.name} · ${reference}${pages > 1 ? ` · page ${page} of ${pages}` : ''}`,
  );
}

function parties(sheet: Sheet, { customer, facts, subject }: Paper): void {
  writeParties(sheet, { heading: 'Bill to', ...customer }, facts);
  if (subject === null) return;
  sheet.flow(subject, plain, { x: sheet.left, width: sheet.width });
  sheet.y += 10;
}

interface Columns {
  description: { x: number; width: number };
  others: { x: number; width: number; align: 'right' }[];
}

function columnsOf(sheet: Sheet, isTaxed: boolean): Columns {
  const widths = isTaxed ? [50, 80, 50, 90] : [50, 80, 90];
  const others: Columns['others'] = [];
  let x = sheet.right;
  for (const width of [...widths].reverse()) {
    x -= width;
    others.unshift({ x, width, align: 'right' });
  }
  return { description: { x: sheet.left, width: x - sheet.left }, others };
}

function table(sheet: Sheet, { lines }: Paper): void {
  const isTaxed = lines.some(({ tax }) => tax !== null);
  const columns = columnsOf(sheet, isTaxed);
  const heading = () => {
    const labels = ['Quantity', 'Price', ...(isTaxed ? ['Tax'] : []), 'Amount'];
    sheet.write('Description', small, columns.description);
    labels.forEach((label, index) => {
      const column = columns.others[index];
      if (column) sheet.write(label, small, column);
    });
    sheet.y += 16;
    sheet.line(sheet.y);
    sheet.y += 6;
  };
  if (lines.length === 0) return;
  heading();
  let carried: string | undefined;
  const turn = () => {
    if (carried !== undefined) carry(sheet, 'Carried over', carried);
    sheet.nextPage();
    if (carried !== undefined) carry(sheet, 'Brought forward', carried);
    heading();
  };
  for (const line of lines) {
    const words = sheet.lines(line.description, plain, columns.description.width);
    // The sum that is carried over stands below the last line of a page; a line that is longer than a page goes on.
    if (sheet.room < Math.min(sheet.heightOf(words, plain), 200) + 24) turn();
    const values = [line.quantity, line.unit_price, ...(isTaxed ? [line.tax ?? ''] : []), line.amount];
    // In the order in which it is read aloud: what, and then what it costs.
    const [first, ...others] = words;
    const top = sheet.y;
    if (first) sheet.y = sheet.put([first], plain, columns.description);
    values.forEach((value, index) => {
      const column = columns.others[index];
      if (column) sheet.write(value, plain, column, top);
    });
    describe(sheet, others, columns.description, turn);
    carried = line.carried;
    sheet.y += 3;
    sheet.line(sheet.y);
    sheet.y += 6;
  }
}

function describe(
  sheet: Sheet,
  words: readonly Line[],
  column: Columns['description'],
  turn: () => void,
): void {
  for (const line of words) {
    if (sheet.room < 38) turn();
    sheet.y = sheet.put([line], plain, column);
  }
}

function carry(sheet: Sheet, label: string, amount: string): void {
  sheet.write(label, small, { x: sheet.left, width: sheet.width - 100, align: 'right' });
  sheet.write(amount, small, { x: sheet.right - 90, width: 90, align: 'right' });
  sheet.y += 18;
}

/** Together on one page: a sum that stands apart from what is due is read twice. */
function sums(sheet: Sheet, { sums: rows, due }: Paper): void {
  const height = rows.length * 17 + (due ? 44 : 0) + 12;
  if (sheet.room < height) sheet.nextPage();
  const label = { x: sheet.right - 300, width: 195, align: 'right' as const };
  const value = { x: sheet.right - 100, width: 100, align: 'right' as const };
  sheet.y += 6;
  for (const row of rows) {
    const style = row.label === 'Total' ? strong : plain;
    sheet.write(row.label, style, label);
    sheet.write(row.value, style, value);
    sheet.y += 17;
  }
  if (!due) return;
  sheet.y += 4;
  sheet.box({ x: sheet.right - 300, y: sheet.y, width: 300, height: 32 }, tint);
  const large = { size: 12, weight: 'bold' as const };
  sheet.write(due.label, large, label, sheet.y + 8);
  sheet.write(due.value, large, { x: value.x - 12, width: 100, align: 'right' }, sheet.y + 8);
  sheet.y += 40;
}

const codeWidth = 84;

/** The address of the payer's own page comes before that of the business: it leads there, too. */
function payment(
  sheet: Sheet,
  { is_payable, how_to_pay, payment_url: page }: Paper,
  pay_at: string | undefined,
): void {
  const payment_url = (is_payable ? pay_at : undefined) ?? page;
  if (how_to_pay === null && payment_url === null) return;
  sheet.y += 12;
  const width = sheet.width - (payment_url === null ? 0 : codeWidth + 24);
  const words = sheet.lines(how_to_pay ?? '', plain, width);
  const online = is_payable && pay_at !== undefined ? `This bill online:\n${pay_at}` : (page ?? '');
  const address = sheet.lines(online, small, width);
  const height = 20 + sheet.heightOf(words, plain) + sheet.heightOf(address, small);
  if (sheet.room < Math.max(height, codeWidth + 8)) sheet.nextPage();
  const top = sheet.y;
  const column = { x: sheet.left, width };
  sheet.y = sheet.write('How to pay', strong, column) + 2;
  if (how_to_pay !== null) sheet.y = sheet.put(words, plain, column) + 4;
  if (payment_url === null) return;
  const from = sheet.y;
  sheet.y = sheet.put(address, small, column);
  sheet.link(payment_url, { ...column, y: from, height: sheet.y - from });
  const x = sheet.right - codeWidth;
  sheet.squares(encode(payment_url, { border: 0 }).data, { x, y: top, width: codeWidth });
  sheet.link(payment_url, { x, y: top, width: codeWidth, height: codeWidth });
  sheet.y = Math.max(sheet.y, top + codeWidth + 4);
}
