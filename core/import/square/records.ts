import { CsvError, parse } from 'csv-parse/sync';
import { SquareFormatError } from './format-error.ts';

/** One record of the file. `line` and `last_line` count from 1, also through line breaks inside quoted cells. */
export interface CsvRecord {
  line: number;
  last_line: number;
  cells: string[];
}

const maxBrokenLines = 1000;
const lf = 10;
const cr = 13;

/**
 * Splits UTF-8 CSV into records by csv-parse and hands them to `onRecord` one by one, blank lines left out. A line whose
 * quotation marks make no sense goes to `onBrokenLine`, and reading goes on at the next line: csv-parse's own ways on
 * (`relax_quotes`, `skip_records_with_error`) can silently swallow the rows that follow into one cell. Throws
 * SquareFormatError when more than 1,000 lines are like that, and whatever the two functions throw.
 */
export function readRecords(
  csv: Buffer,
  onRecord: (record: CsvRecord) => void,
  onBrokenLine: (line: number) => void,
  delimiter = guessDelimiter(csv),
): void {
  const place = linePlace(csv);
  for (let broken = 0; place.offset() < csv.length; broken++) {
    if (broken > maxBrokenLines) throw tooBroken();
    const base = place.offset();
    try {
      parse(csv.subarray(base), {
        delimiter,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
        skip_empty_lines: true,
        on_record: (cells: string[], { bytes }) => {
          const [line, last_line] = place.pass(base + bytes);
          if (cells.length > 1 || cells[0]?.trim()) onRecord({ line, last_line, cells });
          return null;
        },
      });
      return;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      onBrokenLine(place.passLine());
    }
  }
}

function tooBroken(): SquareFormatError {
  return new SquareFormatError(
    `More than ${maxBrokenLines} lines have misplaced quotation marks: this is no CSV file, or a damaged one. Export it again.`,
  );
}

/** Square writes commas; Excel writes semicolons in many countries and tabs for "Unicode text". */
function guessDelimiter(csv: Buffer): string {
  const header =
    csv
      .subarray(0, 64 * 1024)
      .toString()
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  const count = (mark: string) => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/**
 * Where in the file we are. csv-parse's own line counter takes \r\n inside quotes for two lines, so line breaks are
 * counted here, once over the file.
 */
function linePlace(csv: Buffer) {
  let offset = 0;
  let line = 1;
  function moveTo(end: number): void {
    line += countBreaks(csv, offset, end);
    offset = Math.max(offset, end);
  }
  function isBreak(at: number): boolean {
    return csv[at] === lf || csv[at] === cr;
  }
  function skipBlankLines(): void {
    let start = offset;
    while (start < csv.length && isBreak(start)) start++;
    moveTo(start);
  }
  return {
    offset: () => offset,
    /** Goes to the end of a record and answers its first and last line. */
    pass(end: number): [line: number, last_line: number] {
      skipBlankLines();
      const first = line;
      moveTo(end);
      return [first, isBreak(end - 1) ? line - 1 : line];
    },
    /** Goes to the start of the next line and answers the line left behind. */
    passLine(): number {
      skipBlankLines();
      const left = line;
      let end = offset;
      while (end < csv.length && !isBreak(end)) end++;
      moveTo(csv[end] === cr && csv[end + 1] === lf ? end + 2 : Math.min(end + 1, csv.length));
      return left;
    },
  };
}

function countBreaks(csv: Buffer, start: number, end: number): number {
  let breaks = 0;
  for (let at = start; at < end; at++) {
    const byte = csv[at];
    if (byte === lf || (byte === cr && csv[at + 1] !== lf)) breaks++;
  }
  return breaks;
}
