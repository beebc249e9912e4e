import { storable } from '../square/text.ts';
import { columnsOf, type Table } from './table.ts';

const names = [
  ...['Full Name', 'First Name', 'Middle Name', 'Last Name', 'Prefix', 'Suffix', 'Nickname'],
  ...['Organization', 'Job Title', 'Email', 'Mobile Phone', 'Home Phone', 'Work Phone', 'Phone', 'Fax'],
  ...['Street', 'Street 2', 'City', 'State', 'Postal Code', 'Country'],
  ...['Other addresses', 'Birthday', 'Notes', 'Labels', 'Website', 'UID', 'Others'],
] as const;
type Name = (typeof names)[number];

interface Property {
  name: string;
  params: string[];
  value: string;
}

/** Several values of one kind in one cell, as Google joins them. */
const between = ' ::: ';

/**
 * Cards (vCard 2.1, 3.0 and 4.0) as a table, one row a card; `line` is where it begins. Pictures, sounds and keys are left
 * out, everything else stands in some column. By hand, because the libraries read no 2.1, which Android still writes.
 */
export function readCards(text: string): Omit<Table, 'encoding'> {
  const rows: Table['rows'] = [];
  const refused: Table['refused'] = [];
  let card: Property[] | undefined;
  let began = 0;
  const end = () => {
    if (card === undefined) return;
    refused.push({
      row: began,
      name: '',
      reason: 'The card has no end, so nobody can tell what belongs to it.',
    });
    card = undefined;
  };
  for (const { line, text: written } of unfolded(text)) {
    const property = propertyOf(written);
    if (!property) continue;
    const { name, value } = property;
    if (name === 'BEGIN' && /^vcard$/i.test(value.trim())) {
      end();
      card = [];
      began = line;
    } else if (name === 'END' && /^vcard$/i.test(value.trim())) {
      if (card) rows.push({ line: began, cells: cellsOf(card) });
      card = undefined;
    } else card?.push(property);
  }
  end();
  const none = { separator: '', header_line: 0, notices: [] };
  return { format: 'vcard', columns: columnsOf(names), rows, refused, ...none };
}

/** Lines as they were before they were folded: by a space in front, and by `=` at the end of what is quoted-printable. */
function unfolded(text: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  text.split(/\r\n|\n|\r/).forEach((written, index) => {
    const last = lines.at(-1);
    if (last && /^[ \t]/.test(written)) last.text += written.slice(1);
    else if (last?.text.endsWith('=') && /ENCODING=QUOTED-PRINTABLE|;QUOTED-PRINTABLE/i.test(last.text)) {
      last.text = last.text.slice(0, -1) + written;
    } else lines.push({ line: index + 1, text: written });
  });
  return lines;
}

function propertyOf(line: string): Property | undefined {
  const colon = /^((?:[^":]|"[^"]*")*?):/.exec(line)?.[1];
  if (colon === undefined) return undefined;
  const [head = '', ...params] = colon.split(';');
  const name = head.replace(/^[^.]*\./, '').toUpperCase();
  const said = params.join(';').toUpperCase();
  const value = line.slice(colon.length + 1);
  if (!/QUOTED-PRINTABLE/.test(said)) return { name, params: [said], value };
  const charset = /CHARSET="?([\w-]+)/.exec(said)?.[1] ?? 'UTF-8';
  return { name, params: [said], value: quotedPrintable(value, charset) };
}

function quotedPrintable(text: string, charset: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = /^=([0-9a-f]{2})/i.exec(text.slice(at, at + 3))?.[1];
    if (code !== undefined) {
      bytes.push(Number.parseInt(code, 16));
      at += 2;
    } else bytes.push(...Buffer.from(text[at] ?? ''));
  }
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes));
  } catch {
    return Buffer.from(bytes).toString();
  }
}

/** `\n`, `\,` and `\;` as what they stand for. */
const plain = (text: string) => text.replace(/\\([nN,;:\\"])/g, (_, mark) => (/n/i.test(mark) ? '\n' : mark));

/** The parts of a value, divided by semicolons that are not escaped. */
const partsOf = (value: string): string[] =>
  (value.match(/(?:\\.|[^;\\])+|(?<=^|;)(?=;|$)/g) ?? []).map(part => plain(part).trim());

function cellsOf(card: readonly Property[]): string[] {
  const cells = new Map<Name, string[]>();
  const put = (name: Name, text: string | undefined) => {
    const clean = (text ?? '').trim();
    if (clean !== '' && !cells.get(name)?.includes(clean))
      cells.set(name, [...(cells.get(name) ?? []), clean]);
  };
  for (const { name, params, value } of card) {
    const said = params.join(';');
    if (name === 'N') {
      const [last, first, middle, prefix, suffix] = partsOf(value);
      put('Last Name', last);
      put('First Name', first);
      put('Middle Name', middle);
      put('Prefix', prefix);
      put('Suffix', suffix);
    } else if (name === 'ADR') putAddress(partsOf(value), cells, put);
    else if (name === 'TEL') put(phoneColumn(said), plain(value.replace(/^tel:/i, '')));
    else if (name === 'ORG') put('Organization', partsOf(value)[0]);
    else {
      const column = simple[name];
      if (column) put(column, plain(value));
      else if (!left.has(name) && value.length < 500) put('Others', `${name}: ${plain(value)}`);
    }
  }
  return names.map(name => storable((cells.get(name) ?? []).join(between)));
}

const simple: Readonly<Record<string, Name>> = {
  FN: 'Full Name',
  NICKNAME: 'Nickname',
  TITLE: 'Job Title',
  EMAIL: 'Email',
  BDAY: 'Birthday',
  NOTE: 'Notes',
  CATEGORIES: 'Labels',
  URL: 'Website',
  UID: 'UID',
};

/** Pictures and keys, and what says something about the card and nothing about whom it is of. */
const left = new Set(
  'VERSION PRODID PHOTO LOGO SOUND KEY REV LABEL X-ABLABEL SOURCE KIND CLASS SORT-STRING'.split(' '),
);

const phoneColumn = (said: string): Name =>
  /FAX/.test(said)
    ? 'Fax'
    : /CELL|MOBILE/.test(said)
      ? 'Mobile Phone'
      : /HOME/.test(said)
        ? 'Home Phone'
        : /WORK/.test(said)
          ? 'Work Phone'
          : 'Phone';

/** A card of an address book may have its whole address in the first part; a second address is kept beside it. */
function putAddress(
  [box, extended, street, city, state, code, country]: readonly string[],
  cells: ReadonlyMap<Name, string[]>,
  put: (name: Name, text: string | undefined) => void,
): void {
  const line1 = street || [box, extended].filter(Boolean).join(', ');
  const line2 = street ? [box, extended].filter(Boolean).join(', ') : '';
  if (cells.has('Street')) {
    put('Other addresses', [line1, line2, city, state, code, country].filter(Boolean).join(', '));
    return;
  }
  put('Street', line1.replace(/\n/g, ', '));
  put('Street 2', line2);
  put('City', city);
  put('State', state);
  put('Postal Code', code);
  put('Country', country);
}
