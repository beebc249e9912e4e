import { isUtf8 } from 'node:buffer';

export type FileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * The file's bytes as UTF-8 without a byte order mark, whatever it was saved as: a byte order mark decides, then NUL
 * bytes of UTF-16 saved without one, then strict UTF-8; what is left is Windows-1252, which Excel writes for "CSV".
 */
export function toUtf8(bytes: Uint8Array): { utf8: Buffer; encoding: FileEncoding } {
  const encoding = guessEncoding(bytes);
  if (encoding === 'windows-1252') return { utf8: Buffer.from(decodeWindows1252(bytes)), encoding };
  if (encoding !== 'utf-8') {
    return { utf8: Buffer.from(new TextDecoder(encoding).decode(bytes)), encoding };
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = marked ? bytes.subarray(3) : bytes;
  return { utf8: Buffer.from(body.buffer, body.byteOffset, body.byteLength), encoding };
}

/** The characters of 0x80 to 0x9f, the five unused bytes as WHATWG has them. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** By hand, because TextDecoder of Node 20 takes Windows-1252 for Latin-1 and turns curly quotes into control characters. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin1.replace(/[\u0080-\u009f]/g, byte => windows1252[byte.charCodeAt(0) - 0x80] ?? byte);
}

function guessEncoding(bytes: Uint8Array): FileEncoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  if (second === 0 && first !== undefined && first !== 0) return 'utf-16le';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

const ordinaryCell = /^[!-&(-~][!-~]*(?: [!-~]+)*$/;
/** What our CSV export and Excel put before a cell that a spreadsheet would run (security.md); taken off exactly once. */
const protection = /^'(?=[=+\-@\t\r])/;
/** Control, direction and zero-width characters: nobody typed them, PostgreSQL refuses NUL, and they hide equal names. */
const invisible = /(?![\s\u0085])\p{Cc}|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** One line of text: protection off, invisible characters out, every run of white space (no-break too) one space. */
export function cleanLine(cell: string): string {
  if (cell === '' || ordinaryCell.test(cell)) return cell;
  return cell.replace(invisible, '').trim().replace(protection, '').replace(/\s+/g, ' ').trim();
}

/** Text that may have several lines, such as a memo: line breaks stay (as \n), the rest like `cleanLine`. */
export function cleanText(cell: string): string {
  if (cell === '' || ordinaryCell.test(cell)) return cell;
  return cell
    .replace(invisible, '')
    .trim()
    .replace(protection, '')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[^\S\n]/g, ' ')
    .trim();
}

/** A cell that a spreadsheet would run: `=…`, or `+ - @` with a function call or a DDE call, but no phone or list dash. */
export function looksLikeFormula(text: string): boolean {
  return /^(?:=|[+\-@]\s*[a-z_][\w.]*\(|[+\-@][^|\n]*\|[^!\n]*!)/i.test(text);
}

/** The beginning of a text, with no half of a sign at its end: PostgreSQL takes none. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(/\p{Surrogate}$/u, '');

/** A cell without what no text of a database can hold: NUL, and halves of signs. */
export const storable = (text: string): string =>
  unstorable.test(text) ? text.replace(/\0|\p{Surrogate}/gu, '') : text;
const unstorable = /\0|\p{Surrogate}/u;
