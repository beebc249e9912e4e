import { type KeyHolder, listKeyHolders, listOfNames, type NamedContact } from '../../contacts/match.ts';
import { areCompatible, comparableName, nameOf } from '../../contacts/names.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { readPhone } from '../../kernel/words/phone.ts';
import type { SquareContact } from '../square/contact.ts';
import type { SquareRow } from '../square/row.ts';
import { readEmails } from '../square/values.ts';
import { contactWriter } from '../write.ts';
import { textOf, textsOf, valuesOf } from './cells.ts';
import { joined } from './contacts.ts';
import { writeTogether } from './one-by-one.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { systems } from './sources.ts';

/** Whom a visit, a bill or a note says it is about. */
export interface Said {
  line: number;
  id: string;
  first_name: string;
  last_name: string;
  company_name: string;
  full_name: string;
  emails: string[];
  phones: string[];
}

/** What a row says of its customer. Throws NotTaken for nothing. */
export function saidOf(context: Context, sheet: Sheet, row: Row): Said {
  const get = (name: string) => textOf(sheet, row, `customer.${name}`);
  const id = get('id');
  const phones = textsOf(sheet, row, 'customer.phone')
    .flatMap(valuesOf)
    .flatMap(text => text.split(/[,;/]/))
    .flatMap(text => phoneIn(context, text));
  const emails = textsOf(sheet, row, 'customer.email')
    .flatMap(valuesOf)
    .flatMap(text => readEmails(text).emails);
  let [first, last] = [get('first_name'), get('last_name')];
  const full = get('full_name');
  if (first === '' && last === '' && full !== '') {
    const at = full.lastIndexOf(' ');
    const comma = /^([^,]+),\s*([^,]+)$/.exec(full);
    [first, last] = comma
      ? [comma[2] ?? '', comma[1] ?? '']
      : at < 0
        ? [full, '']
        : [full.slice(0, at), full.slice(at + 1)];
  }
  const said = {
    line: row.line,
    id: sheet.source?.customer_of?.(id) ?? id,
    first_name: first,
    last_name: last,
    company_name: get('company_name'),
    full_name: full || [first, last].filter(Boolean).join(' ') || get('company_name'),
    emails: [...new Set(emails)],
    phones: [...new Set(phones)],
  };
  if (said.id === '' && said.full_name === '' && emails.length === 0 && phones.length === 0) {
    throw new NotTaken(
      'The row does not say whose it is: no customer by number, name, e-mail address or phone.',
    );
  }
  return said;
}

function phoneIn({ organization }: Context, text: string): string[] {
  try {
    return text.trim() === '' ? [] : [readPhone(text, organization.country, 'phone')];
  } catch {
    return [];
  }
}

/** Who the customers of a file are. By line: somebody here, undefined for nobody, or the reason why nobody can tell. */
export async function findCustomers(
  context: Context,
  said: readonly Said[],
): Promise<Map<number, KeyHolder | NotTaken | undefined>> {
  const keysOf = (one: Said) => ({
    ids: one.id === '' ? [] : systems.map(system => `${system}:${one.id}`),
    reach: [...one.emails.map(email => `email:${email}`), ...one.phones.map(phone => `phone:${phone}`)],
  });
  const wanted = new Set(said.flatMap(one => Object.values(keysOf(one)).flat()));
  const byKey = new Map<string, KeyHolder[]>();
  for (const holder of await listKeyHolders(context, [...wanted])) {
    byKey.set(holder.key, [...(byKey.get(holder.key) ?? []), holder]);
  }
  const named = await byNames(context, said);
  const found = new Map<number, KeyHolder | NotTaken | undefined>();
  for (const one of said) {
    const { ids, reach } = keysOf(one);
    const name = comparableName(one);
    const distinct = (keys: readonly string[]) => [
      ...new Map(
        keys.flatMap(key => byKey.get(key) ?? []).map(holder => [holder.contact_id, holder]),
      ).values(),
    ];
    const [sure] = distinct(ids);
    const reached = distinct(reach);
    const fitting = reached.filter(holder => areCompatible(name, nameOf(holder)));
    const called = named.get(nameKey(one)) ?? [];
    const by = sure ?? (fitting.length === 1 ? fitting[0] : undefined);
    if (by) found.set(one.line, by);
    else if (fitting.length > 1) found.set(one.line, several(one, fitting));
    // Somebody else of the household answers the phone: the name says who it is.
    else if (
      called.length === 1 &&
      called[0] &&
      (reach.length === 0 || reached.length > 0 || !hasReach(called[0]))
    )
      found.set(one.line, { ...called[0], key: '' });
    else if (called.length > 1 && reach.length === 0) found.set(one.line, several(one, called));
    else found.set(one.line, undefined);
  }
  return found;
}

const hasReach = ({ email, phone }: NamedContact) => email !== null || phone !== null;

const several = ({ full_name }: Said, holders: readonly { reference: string }[]) =>
  new NotTaken(
    `Several customers could be ${full_name || 'this one'}: ${holders
      .slice(0, 4)
      .map(({ reference }) => reference)
      .join(', ')}. Say their e-mail address or phone in the row.`,
  );

const nameKey = (one: Pick<Said, 'full_name'>) => one.full_name.toLowerCase().replace(/\s+/g, ' ').trim();

async function byNames(context: Context, said: readonly Said[]): Promise<Map<string, NamedContact[]>> {
  const names = [...new Set(said.map(nameKey).filter(name => name !== ''))];
  const found = new Map<string, NamedContact[]>();
  for (const contact of await listOfNames(context, names)) {
    const key = nameKey(contact);
    found.set(key, [...(found.get(key) ?? []), contact]);
  }
  return found;
}

/**
 * Makes customers of those nobody knows, one for all rows that are about the same person. Answers by line who it is: with
 * an id once they are written (`batchId`), else by their place.
 */
export async function makeCustomers(
  context: Context,
  {
    sheet,
    unknown,
    batchId,
    system,
  }: { sheet: Sheet; unknown: readonly Said[]; batchId: string | null; system: string },
): Promise<{ by_line: Map<number, { id: string; made: number }>; count: number }> {
  // Two rows of one name without anything else are about one customer: a file of visits names them again and again.
  const rows = unknown.map(
    (one): SquareRow => ({
      line: one.line,
      first_name: one.first_name,
      last_name: one.last_name,
      company_name:
        one.first_name === '' && one.last_name === '' ? one.company_name || one.full_name : one.company_name,
      nickname: '',
      emails: one.emails,
      phones: one.phones,
      address: undefined,
      memo: '',
      birthday: '',
      square_id:
        one.id || (one.emails.length + one.phones.length === 0 ? `name ${nameKey(one)}`.slice(0, 200) : ''),
      reference_id: '',
      email_opt_in: undefined,
      custom_fields: {},
      system,
      comparable: undefined,
    }),
  );
  const contacts = joined({ notices: [] }, rows);
  const ids = new Map<SquareContact, string>();
  let written = contacts;
  if (batchId !== null && contacts.length > 0) {
    const make = await contactWriter(context, contacts, batchId, sheet.source?.came_from);
    written = await writeTogether(
      // How far the file is, its own rows say: who listens hears numbers that only grow.
      { tx: context.tx, request: {} },
      contacts,
      async some => {
        const made = await make(some);
        some.forEach((contact, index) => {
          ids.set(contact, made.ids[index] ?? '');
        });
        return made.write;
      },
      () => undefined,
    );
  }
  const by_line = new Map<number, { id: string; made: number }>();
  written.forEach((contact, made) => {
    for (const line of contact.rows) by_line.set(line, { id: ids.get(contact) ?? '', made });
  });
  return { by_line, count: written.length };
}
