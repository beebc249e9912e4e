import { plain, small, writeHead, writeParties } from '../paper/letter.ts';
import { Sheet, tint } from '../paper/sheet.ts';
import type { StatementPaper } from './paper.ts';

/** The statement as a PDF, as many pages as it takes. The same paper gives the same bytes. */
export function drawStatement(paper: StatementPaper, logo?: Buffer): Promise<Buffer> {
  const { business, customer, size, dated } = paper;
  const title = `Statement for ${customer.name}`;
  const sheet = new Sheet({ size, title, author: business.name, at: new Date(dated) });
  writeHead(sheet, paper.business, { title: 'Statement', logo });
  writeParties(sheet, { heading: 'For', ...customer }, paper.facts);
  table(sheet, paper);
  sums(sheet, paper);
  aging(sheet, paper);
  for (const text of [paper.how_to_pay, paper.footer]) {
    if (text === null) continue;
    sheet.y += 14;
    sheet.flow(text, text === paper.how_to_pay ? plain : small, { x: sheet.left, width: sheet.width });
  }
  return sheet.end(
    (page, pages) => `${business.name} · ${title}${pages > 1 ? ` · page ${page} of ${pages}` : ''}`,
  );
}

const dayWidth = 84;
const sumWidth = 90;

function columnsOf(sheet: Sheet) {
  const balance = { x: sheet.right - sumWidth, width: sumWidth, align: 'right' as const };
  const amount = { x: balance.x - sumWidth, width: sumWidth, align: 'right' as const };
  const day = { x: sheet.left, width: dayWidth };
  const what = { x: sheet.left + dayWidth, width: amount.x - sheet.left - dayWidth - 8 };
  return { day, what, amount, balance };
}

function table(sheet: Sheet, { opening, lines }: StatementPaper): void {
  const columns = columnsOf(sheet);
  const heading = () => {
    sheet.write('Day', small, columns.day);
    sheet.write('What', small, columns.what);
    sheet.write('Amount', small, columns.amount);
    sheet.write('Balance', small, columns.balance);
    sheet.y += 16;
    sheet.line(sheet.y);
    sheet.y += 6;
  };
  const row = (day: string, what: string, amount: string, balance: string) => {
    const words = sheet.lines(what, plain, columns.what.width);
    const top = sheet.y;
    sheet.write(day, plain, columns.day, top);
    const end = sheet.put(words, plain, columns.what);
    sheet.write(amount, plain, columns.amount, top);
    sheet.write(balance, plain, columns.balance, top);
    sheet.y = end + 3;
    sheet.line(sheet.y);
    sheet.y += 6;
  };
  heading();
  row('', opening.label, '', opening.value);
  let carried = opening.value;
  for (const { day, what, amount, balance } of lines) {
    const height = sheet.heightOf(sheet.lines(what, plain, columns.what.width), plain);
    if (sheet.room < height + 24) {
      sheet.nextPage();
      heading();
      row('', 'Brought forward', '', carried);
    }
    row(day, what, amount, balance);
    carried = balance;
  }
}

/** Together on one page: a sum that stands apart from what is due is read twice. */
function sums(sheet: Sheet, { sums: rows, due }: StatementPaper): void {
  if (sheet.room < rows.length * 17 + 56) sheet.nextPage();
  const label = { x: sheet.right - 340, width: 235, align: 'right' as const };
  const value = { x: sheet.right - 100, width: 100, align: 'right' as const };
  sheet.y += 6;
  for (const row of rows) {
    sheet.write(row.label, plain, label);
    sheet.write(row.value, plain, value);
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

/** How long what is open is late, side by side. */
function aging(sheet: Sheet, { aging: rows }: StatementPaper): void {
  if (rows.length === 0) return;
  if (sheet.room < 50) sheet.nextPage();
  sheet.y += 10;
  const width = sheet.width / rows.length;
  rows.forEach(({ label, value }, index) => {
    const column = { x: sheet.left + index * width, width: width - 6 };
    sheet.write(label, small, column);
    sheet.write(value, plain, column, sheet.y + 14);
  });
  sheet.y += 34;
}
