import { type Sheet, soft } from './sheet.ts';

// What bills and statements share: their three sizes, and who they are for with the facts beside.

export const small = { size: 9, color: soft };
export const plain = { size: 10 };
export const strong = { size: 10, weight: 'bold' as const };

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
