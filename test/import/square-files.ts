import { readSquareExport, type SquareReading } from '../../core/import/square/read.ts';

export const squareColumns = [
  'Reference ID',
  'First Name',
  'Last Name',
  'Email Address',
  'Phone Number',
  'Nickname',
  'Company Name',
  'Street Address 1',
  'Street Address 2',
  'City',
  'State',
  'Postal Code',
  'Birthday',
  'Memo',
  'Square Customer ID',
  'Creation Source',
  'First Visit',
  'Last Visit',
  'Transaction Count',
  'Lifetime Spend',
  'Email Subscription Status',
  'Instant Profile',
  'Blocked from online booking',
];

/** One row by column name; what is not named stays empty. */
export type Cells = Record<string, string>;

/** A CSV file as Square writes it, with the columns the rows name besides Square's own. */
export function squareCsv(rows: Cells[]): string {
  const foreign = [...new Set(rows.flatMap(row => Object.keys(row)))].filter(
    name => !squareColumns.includes(name),
  );
  const columns = [...squareColumns, ...foreign];
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = [columns, ...rows.map(row => columns.map(column => row[column] ?? ''))];
  return lines.map(line => `${line.map(quoted).join(',')}\r\n`).join('');
}

export function readText(text: string): SquareReading {
  return readSquareExport(Buffer.from(text), { default_country: 'US' });
}

export function readCells(...rows: Cells[]): SquareReading {
  return readText(squareCsv(rows));
}

/** A row in few words: first name, last name, and whatever else matters. */
export function customer(
  first: string,
  last: string,
  more: { phone?: string; email?: string; id?: string } = {},
) {
  return {
    'First Name': first,
    'Last Name': last,
    'Phone Number': more.phone ?? '',
    'Email Address': more.email ?? '',
    'Square Customer ID': more.id ?? '',
  };
}
