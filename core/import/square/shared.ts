import { nameOf, type SquareNotice, type SquareRow } from './row.ts';

/** On how many different names an id, e-mail or phone may stand before it is a placeholder that identifies nobody. */
export const mostNamesShared = 20;

/** Buckets of rows (by index) that have an id, an e-mail address or a phone number in common; what one row has alone is left out. */
export interface SharedMarks {
  square_ids: number[][];
  emails: number[][];
  phones: number[][];
}

/** Finds who meets whom. Everything after this looks at shared marks only, so its work is linear in the rows. */
export function findShared(rows: readonly SquareRow[]): SharedMarks {
  return {
    square_ids: buckets(rows, row => (row.square_id === '' ? [] : [row.square_id])),
    emails: buckets(rows, row => row.emails),
    phones: buckets(rows, row => row.phones),
  };
}

/**
 * Takes a Square Customer ID that stands on more than 20 names out of the rows and the buckets: somebody filled the
 * column with a placeholder, and joining by it would make one contact of them all.
 */
export function dropPlaceholderIds(rows: readonly SquareRow[], shared: SharedMarks): SquareNotice[] {
  const notices: SquareNotice[] = [];
  shared.square_ids = shared.square_ids.filter(bucket => {
    const holders = pick(rows, bucket);
    const names = new Set(holders.map(row => nameOf(row).key)).size;
    if (names <= mostNamesShared) return true;
    for (const row of holders) {
      row.square_id = '';
      notices.push({
        row: row.line,
        message: `Its Square Customer ID stands on ${names} names; it is ignored.`,
      });
    }
    return false;
  });
  return notices;
}

/** The rows of a bucket. */
export function pick(rows: readonly SquareRow[], indexes: readonly number[]): SquareRow[] {
  return indexes.map(index => rows[index]).filter(row => row !== undefined);
}

/** Rows by what `of` answers, the buckets with more than one row. */
export function buckets(rows: readonly SquareRow[], of: (row: SquareRow) => readonly string[]): number[][] {
  const firsts = new Map<string, number>();
  const several = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    for (const mark of of(row)) {
      const first = firsts.get(mark);
      const bucket = several.get(mark);
      if (bucket !== undefined) bucket.push(index);
      else if (first !== undefined) several.set(mark, [first, index]);
      else firsts.set(mark, index);
    }
  }
  return [...several.values()];
}
