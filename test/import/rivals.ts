import { readFileSync } from 'node:fs';

interface Format {
  name: string;
  header: string;
  preamble_lines?: string[];
  trailer_lines?: string[];
}

const { formats }: { formats: Format[] } = JSON.parse(
  readFileSync(new URL('../fixtures/export-headers.json', import.meta.url), 'utf8'),
);

const formatOf = (name: string): Format => {
  const found = formats.find(format => format.name.startsWith(name));
  if (!found) throw new Error(`no header of ${name}`);
  return found;
};

/** A file of a rival as it lies in the office: so many rows, and what of them must come of it. */
export interface RivalFile {
  name: string;
  bytes: Buffer;
  /** Data rows. */
  rows: number;
  /** Rows that nobody can be made of. */
  refused: number;
  /** Customers it makes. */
  customers: number;
  source: string;
}

const firsts =
  'Ada Ben Cora Dan Eve Finn Gia Hugo Ivy Jack Kim Leo Mia Noah Olga Paul Rosa Sam Tara Uma'.split(' ');
const lasts =
  'Adler Brandt Castro Dunn Evans Ford Garza Holm Ibsen Jones Keller Lund Moss Nunez Ortiz Park'.split(' ');

/** Everybody has a name, an address of mail, a number and a place of their own. */
const person = (index: number) => ({
  first: firsts[index % firsts.length] ?? '',
  last: `${lasts[Math.floor(index / firsts.length) % lasts.length]}${index >= 320 ? letters(index) : ''}`,
  email: `p${index}@${['example.com', 'example.org', 'example.net'][index % 3]}`,
  phone: `(256) 5${String(20 + (index % 70))}-${String(1000 + (index % 9000))}`,
  street: `${100 + index} Elm St`,
  city: 'Madison',
  zip: String(35700 + (index % 99)).padStart(5, '0'),
});

const letters = (index: number) =>
  String(Math.floor(index / 320)).replace(/\d/g, digit => 'bcdfghjklm'[Number(digit)] ?? '');

const quoted = (cell: string) => (/[",\r\n;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function file(format: Format, rows: Record<string, string>[], separator = ','): string {
  const columns = format.header.split(',');
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(separator)}\r\n`;
  return [
    ...(format.preamble_lines ?? []).map(text => line([text])),
    line(columns),
    ...rows.map(row => line(columns.map(column => row[column] ?? ''))),
    ...(format.trailer_lines ?? []).map(text => `${text === '(blank)' ? '' : text}\r\n`),
  ].join('');
}

/** UTF-8 with a byte order mark, several values in one cell, notes of several lines, an e-mail-only contact, an empty one. */
export function googleContacts(count: number): RivalFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const { first, last, email, phone, street, city, zip } = person(index);
    if (index % 100 === 99) return { Labels: '* myContacts' };
    if (index % 50 === 7)
      return { 'First Name': email, 'E-mail 1 - Value': email, Labels: '* Other Contacts' };
    return {
      'First Name': first,
      'Last Name': last,
      Notes: index % 5 === 0 ? 'Gate code 4411\nDog in yard' : '',
      Labels: '* myContacts ::: * friends',
      'E-mail 1 - Label': '* Work',
      'E-mail 1 - Value': email,
      'Phone 1 - Label': 'Mobile',
      'Phone 1 - Value': index % 10 === 3 ? `${phone} ::: (256) 555-${String(1000 + index)}` : phone,
      'Address 1 - Label': 'Home',
      'Address 1 - Formatted': `${street}\n${city}, AL ${zip}\nUS`,
    };
  });
  const refused = rows.filter(row => Object.keys(row).length === 1).length;
  const text = file(formatOf('google-contacts-2024'), rows);
  return {
    name: 'contacts.csv',
    bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    rows: count,
    refused,
    customers: count - refused,
    source: 'Google Contacts',
  };
}

/** Windows-1252 with semicolons, two numbers each, a company with its own address. */
export function outlook(count: number): RivalFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const { first, last, email, phone, street, city, zip } = person(index);
    return {
      'First Name': index % 9 === 0 ? 'Zoë' : first,
      'Last Name': last,
      'E-mail Address': email,
      'Mobile Phone': phone,
      'Home Street': street,
      'Home City': city,
      'Home Postal Code': zip,
      Company: index % 4 === 0 ? `Müller & Söhne ${index % 40}` : '',
      "Manager's Name": index % 11 === 0 ? 'Mr. O’Hara' : '',
      Categories: 'VIP;Windows',
      Notes: index % 6 === 0 ? 'Rings twice – “no dogs”' : '',
    };
  });
  const text = file(formatOf('outlook-csv'), rows, ';');
  return {
    name: 'outlook.csv',
    bytes: windows1252(text),
    rows: count,
    refused: 0,
    customers: count,
    source: 'Outlook',
  };
}

const high = new Map([...'€‚ƒ„…†‡ˆ‰Š‹Œ'].map((sign, index) => [sign, 0x80 + index + (index > 0 ? 1 : 0)]));
for (const [sign, code] of Object.entries({
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '–': 0x96,
  '—': 0x97,
}))
  high.set(sign, code);
const windows1252 = (text: string) =>
  Buffer.from([...text].map(sign => high.get(sign) ?? sign.charCodeAt(0)));

/** Titles above the heading, a total and a date below, sub-customers, deleted ones, several numbers in a cell. */
export function quickbooks(count: number): RivalFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const { first, last, email, phone, street, city, zip } = person(index);
    const name = `${first} ${last}`;
    const isSub = index % 20 === 1;
    return {
      Customer: isSub ? `Reyes Plumbing:House ${index}` : index % 30 === 5 ? `${name} (deleted)` : name,
      'Phone Numbers': isSub ? '' : `Phone: ${phone} Mobile: (256) 555-${String(1000 + index)}`,
      Email: isSub ? '' : email,
      'Full Name': isSub || index % 3 === 0 ? '' : name,
      'Billing Address': `${street}, ${city}, AL ${zip}`,
      'Open Balance': '1,200.00',
      Currency: 'USD',
    };
  });
  return {
    name: 'Customer Contact List.csv',
    bytes: Buffer.from(file(formatOf('quickbooks'), rows)),
    rows: count,
    refused: 0,
    customers: count,
    source: 'QuickBooks customer list',
  };
}

/** UTF-16 as Excel saves "Unicode text"; ids of eleven digits, leads without a name. */
export function hubspot(count: number): RivalFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const { first, last, email, phone } = person(index);
    const isBare = index % 8 === 2;
    return {
      'Record ID': String(80_000_000_001 + index),
      'First Name': isBare ? '' : first,
      'Last Name': isBare ? '' : last,
      Email: email,
      'Phone Number': phone,
      'Lead Status': 'OPEN_DEAL',
      'Create Date': '2024-03-12 09:14',
      'Associated Company': index % 5 === 0 ? 'Oak HOA' : '',
      'Lifecycle Stage': 'lead',
    };
  });
  const text = file(formatOf('hubspot'), rows, '\t');
  return {
    name: 'hubspot.csv',
    bytes: Buffer.from(`\ufeff${text}`, 'utf16le'),
    rows: count,
    refused: 0,
    customers: count,
    source: 'HubSpot',
  };
}

/** One row for each property: every fifth client has two; several numbers in a cell; custom fields; archived ones too. */
export function jobber(count: number): RivalFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const client = index % 5 === 4 ? index - 1 : index;
    const { first, last, email, phone, zip } = person(client);
    const isCompany = client % 25 === 0;
    return {
      'J-ID': `${5_000_000 + client}_${9_000_000 + index}`,
      'Created Date': '2024-03-12',
      'Is Company?': String(isCompany),
      'Display Name': isCompany ? `${last} Dental ${client}` : `${first} ${last}`,
      'Company Name': isCompany ? `${last} Dental ${client}` : '',
      'First Name': first,
      'Last Name': last,
      'Main Phone #s': client % 7 === 0 ? `${phone}, (256) 555-${String(1000 + client)}` : phone,
      'E-mails': client % 6 === 0 ? `${email}, second.${email}` : email,
      Tags: 'gutters, windows',
      'Billing Street 1': `${client} Bill Ave`,
      'Billing City': 'Madison',
      'CFT[Insurance Company:]': client % 10 === 0 ? 'Acme' : '',
      'Service Street 1': `${index} Oak Ln`,
      'Service City': 'Huntsville',
      'Service Zip code': zip,
      Archived: String(client % 40 === 3),
    };
  });
  return {
    name: 'clients.csv',
    bytes: Buffer.from(file(formatOf('jobber'), rows)),
    rows: count,
    refused: 0,
    customers: count - Math.floor(count / 5),
    source: 'Jobber clients',
  };
}

export const rivals = [googleContacts, outlook, quickbooks, hubspot, jobber];

/** A file of past jobs under Housecall Pro's heading: days in American order, names, some of nobody we know. */
export function housecallJobs(count: number): Buffer {
  const rows = Array.from({ length: count }, (_, index) => {
    const { first, last, email, street, city, zip } = person(index % 300);
    const day = 1 + (index % 28);
    return {
      'Invoice Number': `${1000 + index}`,
      'Job Id': `job_${index}`,
      Date: `${1 + (index % 12)}/${day}/2025`,
      'End Time': '11:30 AM',
      'On Job Duration': '1h 30m',
      Customer: `${first} ${last}`,
      Email: email,
      Street: street,
      City: city,
      State: 'AL',
      Zip: zip,
    };
  });
  return Buffer.from(file(formatOf('housecall-pro-job-report'), rows));
}
