import { createHash } from 'node:crypto';

/** A piece of a file with its heading, small enough to be taken in one transaction. */
export interface FilePart {
  bytes: Buffer;
  /** The line of the whole file its first line after the heading is; 1 for the first part, which is as it came. */
  first_row: number;
  is_one_of_several: boolean;
  /** Bytes of the file it is, without the heading that was put before it. */
  own_bytes: number;
}

/** Some thousand rows of a usual export: what is lost when a part is cut off, and how often one hears how far it is. */
const usual_bytes = 500_000;

/** By which a file is known again as far as it was read: the hash of its first part, then of that and the next one. */
export function hashOf(bytes: Uint8Array, before?: string): string {
  const own = createHash('sha256').update(bytes).digest('hex');
  return before === undefined ? own : createHash('sha256').update(before).update(own).digest('hex');
}

/**
 * A file in parts that end with a whole row, each with the file's first line: only one of them is in memory. A row ends at a line
 * break outside quotes. What is not told by its bytes as a file of lines (UTF-16, cards, a calendar), and what has fewer bytes
 * than a part, comes as one part. Sizes in bytes.
 */
export async function* partsOf(
  stream: AsyncIterable<Buffer>,
  part_bytes = usual_bytes,
): AsyncGenerator<FilePart> {
  let rest: Buffer = Buffer.alloc(0);
  let heading: Buffer | undefined;
  let line = 1;
  let count = 0;
  let isWhole = false;
  for await (const piece of stream) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (rest.length < part_bytes) continue;
    if (count === 0) isWhole = cannotBeDivided(rest);
    if (isWhole) continue;
    while (rest.length >= part_bytes) {
      // A quotation mark that was lost makes one row of all that follows: then any line ends a part.
      const end = endOfRow(rest, part_bytes) ?? (rest.length > 8 * part_bytes ? rest.lastIndexOf(lf) + 1 : 0);
      if (end === 0) break;
      const body = rest.subarray(0, end);
      yield partOf(body, { heading, line, isOne: true });
      heading ??= body.subarray(0, endOfRow(body, 0, true) ?? 0);
      line += breaksIn(body);
      count++;
      rest = Buffer.from(rest.subarray(end));
    }
  }
  if (rest.length > 0) yield partOf(rest, { heading, line, isOne: count > 0 });
}

function partOf(
  body: Buffer,
  { heading, line, isOne }: { heading: Buffer | undefined; line: number; isOne: boolean },
): FilePart {
  if (!heading) return { bytes: body, first_row: 1, is_one_of_several: isOne, own_bytes: body.length };
  // The heading is line 1 of the part: what follows counts as from the line it stands in.
  return {
    bytes: Buffer.concat([heading, body]),
    first_row: Math.max(1, line - breaksIn(heading)),
    is_one_of_several: true,
    own_bytes: body.length,
  };
}

const lf = 10;
const mark = 34;

/** Where a row ends at or behind a place: the first line break outside quotes; undefined when there is none yet. */
function endOfRow(bytes: Buffer, from: number, isFirst = false): number | undefined {
  let inside = false;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === mark) inside = !inside;
    else if (bytes[at] === lf && !inside && (isFirst || at + 1 >= from)) return at + 1;
  }
  return undefined;
}

function breaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) count++;
  return count;
}

function cannotBeDivided(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4096);
  const isWide =
    head.includes(0) || (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const text = head.toString();
  const [first = ''] = text.split(/[\r\n]/, 1);
  // A report with titles above its heading; the heading is told by the whole of it.
  const hasTitles = !/[,;\t|]/.test(first) && /[,;\t|]/.test(text);
  return isWide || hasTitles || /^\ufeff?\s*BEGIN:V(?:CARD|CALENDAR)/i.test(text);
}
