import { type Sheet, soft } from './sheet.ts';

// What bills and statements share: their three sizes, their head, and who they are for with the facts beside.

export const small = { size: 9, color: soft };
export const plain = { size: 10 };
export const strong = { size: 10, weight: 'bold' as const };

/** Writes what a paper is at the right, and whose it is at the left: logo, name and address; goes on below both. */
export function writeHead(
  sheet: Sheet,
  { name, lines }: { name: string; lines: readonly string[] },
  { title, stamp = null, logo }: { title: string; stamp?: string | null; logo?: Buffer | undefined },
): void {
  const half = sheet.width / 2;
  const right = { x: sheet.left + half, width: half, align: 'right' as const };
  sheet.write(title, { size: 22, weight: 'bold' }, right);
  if (stamp !== null) sheet.write(stamp, { size: 11, weight: 'bold', color: '#8a4b00' }, right, sheet.y + 32);
  const left = { x: sheet.left, width: half };
  if (logo) sheet.y += sheet.picture(logo, { x: sheet.left, width: half - 20, height: 56 }) + 10;
  sheet.y = sheet.write(name, { size: 15, weight: 'bold' }, left) + 2;
  for (const line of lines) sheet.y = sheet.write(line, small, left);
  sheet.y = Math.max(sheet.y, 54 + 52) + 20;
}

/** Whom a paper is for. */
export interface Addressee {
  /** What stands above the name: `Bill to`. */
  heading: string;
  name: string;
  lines: readonly string[];
}

/** Writes whom a paper is for on the left, and its facts beside; goes on below both. */
export function writeParties(
  sheet: Sheet,
  { heading, name, lines }: Addressee,
  facts: readonly { label: string; value: string }[],
): void {
  const half = sheet.width / 2;
  const left = { x: sheet.left, width: half - 20 };
  let y = sheet.write(heading, small, left);
  y = sheet.write(name, strong, left, y + 2);
  for (const line of lines) y = sheet.write(line, plain, left, y);
  let beside = sheet.y;
  for (const { label, value } of facts) {
    sheet.write(label, { ...small, size: 10 }, { x: sheet.left + half, width: half / 2 }, beside);
    const column = { x: sheet.left + half + half / 3, width: (half * 2) / 3, align: 'right' as const };
    beside = sheet.write(value, plain, column, beside) + 1;
  }
  sheet.y = Math.max(y, beside) + 18;
}
