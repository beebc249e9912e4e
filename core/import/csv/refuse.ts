import { titleOf } from './cells.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';

/** Refuses lines of a sheet: with the name they are known by, why, and as they were. */
export function refuser(sheet: Sheet): (line: number, name: string, reason: string) => void {
  let cellsOf: ReadonlyMap<number, readonly string[]> | undefined;
  return (line, name, reason) => {
    cellsOf ??= new Map(sheet.rows.map(row => [row.line, row.cells]));
    const cells = cellsOf.get(line);
    sheet.refused.push({ row: line, name, reason, ...(cells ? { cells: [...cells] } : {}) });
  };
}

/** What the rows of a sheet are, each read by itself; those that are not taken are refused. */
export function readRows<T>(sheet: Sheet, read: (row: Row) => T): T[] {
  const refuse = refuser(sheet);
  return sheet.rows.flatMap(row => {
    try {
      return [read(row)];
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      refuse(row.line, titleOf(sheet, row), error.message);
      return [];
    }
  });
}
