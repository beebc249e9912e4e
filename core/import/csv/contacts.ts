import { isSupportedCountry } from 'libphonenumber-js';
import type { Context } from '../../kernel/pipeline/context.ts';
import { contactOf, type SquareContact } from '../square/contact.ts';
import { groupRows } from '../square/group.ts';
import { groupingNotices } from '../square/notices.ts';
import type { SquareRow } from '../square/row.ts';
import { dropPlaceholderIds, findShared } from '../square/shared.ts';
import { phoneReader, readBirthday, readEmails } from '../square/values.ts';
import { customOf, fieldOf, idOf, systemOf, tagsOf, textOf, textsOf, valuesOf, wordsOf } from './cells.ts';
import { type Keep, placesOf } from './places.ts';
import { readRows } from './refuse.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { readYes } from './values.ts';

/** Fields that are read by hand below; every other one is read as it is registered. */
const byHand = new Set(
  'first_name last_name full_name nickname email phone email_opt_in tags status source source_ref'.split(' '),
);

/**
 * The customers of a sheet: each row read, then rows of one person joined as those of Square's export are (`groupRows`).
 * What is no customer goes to `sheet.refused`.
 */
export function readContacts(context: Context, sheet: Sheet): SquareContact[] {
  const { country } = context.organization;
  const readPhones = phoneReader(isSupportedCountry(country) ? country : 'US');
  return joined(
    sheet,
    readRows(sheet, row => customerOf(context, sheet, row, readPhones)),
  );
}

/** Customers of rows that are read. */
export function joined(sheet: Pick<Sheet, 'notices'>, rows: readonly SquareRow[]): SquareContact[] {
  const shared = findShared(rows);
  const placeholders = dropPlaceholderIds(rows, shared);
  const grouping = groupRows(rows, shared);
  sheet.notices.push(
    ...[...placeholders, ...groupingNotices(rows, shared, grouping)].map(({ row, message }) => ({
      row,
      message: message.replaceAll('Square Customer ID', 'number in the other program'),
    })),
  );
  return grouping.groups.map(contactOf);
}

function customerOf(
  context: Context,
  sheet: Sheet,
  row: Row,
  readPhones: ReturnType<typeof phoneReader>,
): SquareRow {
  const fields: Record<string, string> = customOf(sheet, row);
  const say = (message: string) => sheet.notices.push({ row: row.line, message });
  const keep = (key: string, text: string, message?: string) => {
    if (text === '') return;
    fields[key] = text;
    if (message) say(`${message} It is kept as the custom field ${key}.`);
  };
  const names = namesOf(sheet, row, keep);
  const mails = textsOf(sheet, row, 'email').flatMap(valuesOf).map(readEmails);
  const emails = [...new Set(mails.flatMap(mail => mail.emails))];
  const badMails = mails.flatMap(mail => mail.unreadable).join('; ');
  keep('unreadable_email', badMails, 'The e-mail address cannot be read.');
  const phones: string[] = [];
  const phone_types: Record<string, string> = {};
  const badPhones: string[] = [];
  for (const [target, type] of phoneTargets) {
    for (const text of textsOf(sheet, row, target).flatMap(valuesOf).flatMap(partsOfPhones)) {
      const read = readPhones(text.number);
      const kind = text.type ?? type;
      badPhones.push(...read.unreadable);
      if (read.phones.length > 0) keep('phone_as_written', read.as_written);
      for (const number of read.phones) {
        if (!phones.includes(number)) phones.push(number);
        if (kind !== undefined) phone_types[number] ??= kind;
      }
    }
  }
  keep('unreadable_phone', badPhones.join('; '), 'The phone number cannot be read.');
  if (phones.length > 10 || emails.length > 10) {
    throw new NotTaken(
      'The row has more than ten telephone numbers or e-mail addresses; it is hardly one customer.',
    );
  }
  if (emails.length + phones.length === 0 && Object.values(names).every(name => name === '')) {
    throw new NotTaken(
      'The row has no name, company, e-mail address or phone number, so nobody could be found by it.',
    );
  }
  const others = otherFields(context, sheet, row, keep);
  if (names.is_gone) others.status = 'inactive';
  const { is_gone: _, nickname, full_name, ...written } = names;
  if (full_name !== '') others.full_name = full_name;
  const id = idOf(sheet, row);
  const [address, ...more_addresses] = placesOf(context, sheet, row, keep);
  const birthday = birthdayIn(fields);
  return {
    line: row.line,
    ...written,
    nickname,
    emails,
    phones,
    address,
    more_addresses,
    memo: wordsOf(sheet, row, 'note'),
    birthday,
    square_id: id,
    reference_id: textOf(sheet, row, 'source_ref'),
    email_opt_in: optInOf(sheet, row, keep),
    custom_fields: fields,
    system: systemOf(sheet),
    phone_types,
    fields: others,
    comparable: undefined,
  };
}

const phoneTargets = [
  ['phone:mobile', 'mobile'],
  ['phone', undefined],
  ['phone:work', 'work'],
  ['phone:home', 'home'],
] as const;

/** QuickBooks writes `Phone: (512) 555-0142 Mobile: (512) 555-0143` in one cell. */
function partsOfPhones(text: string): { number: string; type?: string }[] {
  const parts = [
    ...text.matchAll(
      /(phone|mobile|fax|other|home|work)\s*:\s*([^:]*?)(?=\s*(?:phone|mobile|fax|other|home|work)\s*:|$)/gi,
    ),
  ];
  if (parts.length === 0) return [{ number: text }];
  return parts
    .filter(([, name = '']) => !/fax/i.test(name))
    .map(([, name = '', number = '']) => ({
      number: number.replace(/[,;]\s*$/, ''),
      ...(/mobile|home|work/i.test(name) ? { type: name.toLowerCase() } : {}),
    }));
}

const looksLikeCompany =
  /\b(?:llc|llp|pllc|inc|ltd|limited|corp|corporation|company|co|gmbh|aps|as|plumbing|cleaning|services?|restaurant|cafe|hotel|school|church|hoa|apartments|properties|realty|dental|clinic|office|salon|shop|store|bank|club)\b\.?/i;

/** First, last, company and how all of it is called, from whichever columns say it. */
function namesOf(sheet: Sheet, row: Row, keep: Keep) {
  let first = [textOf(sheet, row, 'first_name'), custom(sheet, row, ['middle name', 'additional name'])]
    .filter(Boolean)
    .join(' ')
    .trim();
  let last = textOf(sheet, row, 'last_name');
  let company = textOf(sheet, row, 'company_name');
  const gone = /\s*\(deleted\)\s*$/i;
  const shown = textOf(sheet, row, 'display_name');
  const full = textOf(sheet, row, 'full_name').replace(gone, '');
  const display = shown.replace(gone, '');
  const is_gone = gone.test(shown) || gone.test(textOf(sheet, row, 'full_name'));
  const [is = ''] = textsOf(sheet, row, 'is_company');
  const isCompany = readYes(is);
  // A contact that is nothing but an address has it for a first name at Google.
  if (first.includes('@') && last === '') first = '';
  let full_name = '';
  if (first === '' && last === '' && full !== '' && !full.includes('@')) {
    [first, last] = split(full);
    full_name = full.includes(',') ? '' : full;
  }
  if (display !== '') {
    const person = [first, last].filter(Boolean).join(' ');
    const asCompany =
      isCompany ?? (person === '' ? looksLikeCompany.test(display) || display.includes(':') : undefined);
    if (person === '' && asCompany !== true) [first, last] = split(display);
    else if (company === '' && display !== person && asCompany !== false) company = display;
    else if (display !== person && display !== company) keep('display_name', display);
  }
  if (isCompany === true && company === '' && first !== '') {
    company = [first, last].filter(Boolean).join(' ');
    [first, last] = ['', ''];
    full_name = '';
  }
  const nickname = textOf(sheet, row, 'nickname');
  return {
    first_name: first,
    last_name: last,
    company_name: company,
    nickname,
    full_name,
    is_gone: is_gone ? 'yes' : '',
  };
}

/** A cell of a column that stays a custom field too, by its name. */
function custom(sheet: Sheet, { cells }: Row, names: readonly string[]): string {
  const column = sheet.customs.find(({ name }) => names.includes(name.toLowerCase()));
  const text = (cells[column?.index ?? -1] ?? '').trim();
  return text.length > 60 ? '' : text;
}

/** `Dana Reyes`, `Reyes, Dana`; who has one name has a first one. */
function split(name: string): [first: string, last: string] {
  const comma = /^([^,]+),\s*([^,]+)$/.exec(name);
  if (comma && !/^(?:jr|sr|ii|iii|iv|llc|inc|ltd|corp)\.?$/i.test(comma[2] ?? ''))
    return [comma[2] ?? '', comma[1] ?? ''];
  const at = name.lastIndexOf(' ');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

function otherFields(context: Context, sheet: Sheet, row: Row, keep: Keep): Record<string, unknown> {
  const others: Record<string, unknown> = {};
  for (const [name, target] of sheet.targets) {
    if (!target.field || name.includes('.') || byHand.has(name) || !sheet.by.has(name)) continue;
    try {
      const value = fieldOf(context, sheet, row, target);
      if (value !== undefined) others[name] = value;
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      keep(`unreadable_${name}`, wordsOf(sheet, row, name), error.message);
    }
  }
  const tags = tagsOf(textsOf(sheet, row, 'tags'));
  if (tags.length > 0) others.tags = tags;
  const [status = ''] = textsOf(sheet, row, 'status');
  if (/^(?:inactive|archived|lost|closed|unsubscribed)$/i.test(status)) {
    others.status = /unsub/i.test(status) ? 'unsubscribed' : 'inactive';
  } else keep('status', /^active$/i.test(status) ? '' : status);
  const [from = ''] = textsOf(sheet, row, 'source');
  keep('source', from);
  return others;
}

function optInOf(sheet: Sheet, row: Row, keep: Keep): boolean | undefined {
  const [text = ''] = textsOf(sheet, row, 'email_opt_in');
  const said = readYes(text);
  if (said === undefined && !/^unknown$/i.test(text)) keep('email_opt_in', text);
  return said;
}

/** A birthday stays where it stood, and is one that can be read. */
function birthdayIn(fields: Record<string, string>): string {
  const key = ['birthday', 'date_of_birth'].find(name => fields[name]);
  const read = key === undefined ? undefined : readBirthday(fields[key] ?? '');
  if (key !== undefined && read !== undefined) delete fields[key];
  return read ?? '';
}
