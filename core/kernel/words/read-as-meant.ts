import { itemsOf, type JsonSchema } from './json-schema.ts';
import { readMoney } from './money.ts';

/**
 * Other names people use for members: `{zip: ['postal_code']}`. Taken only where a schema has the member on the right and
 * not the one on the left; the first member it has is meant.
 */
export type Aliases = Readonly<Record<string, readonly string[]>>;

/** What daily speech calls members everywhere; what the trade calls its own stands with the domains. */
export const everydayAliases: Aliases = {
  title: ['name'],
  street: ['line1'],
  address1: ['line1'],
  address2: ['line2'],
  zip: ['postal_code'],
  zip_code: ['postal_code'],
  email_address: ['email'],
  phone_number: ['phone'],
  text: ['content', 'body'],
  search: ['query'],
  q: ['query', 'search'],
  duration: ['duration_minutes'],
  reason: ['reasoning'],
};

/** All other names of members, as several domains say them: `{contact_id: ['customer']}`. Their own go before everyday ones. */
export function mergeAliases(said: readonly Aliases[]): Aliases {
  const merged = new Map<string, string[]>();
  const add = (alias: string, member: string) => merged.set(alias, [...(merged.get(alias) ?? []), member]);
  for (const [member, names] of said.flatMap(aliases => Object.entries(aliases))) {
    for (const alias of names) add(alias, member);
  }
  for (const [alias, members] of Object.entries(everydayAliases)) {
    for (const member of members) add(alias, member);
  }
  return Object.fromEntries(merged);
}

/** Is told of each amount of money that was said in units of the currency: `unit_price: 30`, 3000 cents. */
export type TellAmount = (name: string, cents: number) => void;

/** How a value is read: by which other names, and who is told of amounts. */
interface Reading extends Amounts {
  aliases: Aliases;
}

/** Amounts in units of a currency, as they are read. */
export interface Amounts {
  tellAmount?: TellAmount | undefined;
  /**
   * Whose decimals count. Undefined before anybody knows who calls: amounts are then read as of most currencies, with three
   * places too, and once more when it is known.
   */
  currency?: string | undefined;
}

/** What a caller sent with the members' own names and types, before it is checked. */
export const readAsMeant = (
  json: JsonSchema,
  input: unknown,
  aliases: Aliases,
  amounts: Amounts = {},
): unknown => harmonize(json, input ?? {}, { aliases, ...amounts });

function harmonize(schema: JsonSchema, value: unknown, reading: Reading): unknown {
  if (schema.anyOf) {
    const fitting = schema.anyOf.find(option => option.type === jsonType(value)) ?? schema.anyOf[0];
    return fitting ? harmonize(fitting, value, reading) : value;
  }
  const type = Array.isArray(schema.type) ? schema.type.find(name => name !== 'null') : schema.type;
  if (type === 'object') {
    if (isPlainObject(value)) return harmonizeMembers(schema, value, reading);
    // "Screen Cleaning" where {service_id: "Screen Cleaning"} is wanted.
    const only = onlyRequired(schema);
    return only !== undefined && typeof value === 'string' ? { [only]: value } : value;
  }
  if (type === 'array') {
    if (value === '' || value === undefined || value === null) return value;
    const items = itemsOf(schema) ?? {};
    return (Array.isArray(value) ? value : [value]).map(item => harmonize(items, item, reading));
  }
  if (typeof value === 'string') return fromListed(schema.enum, value) ?? fromText(type, value);
  if (type === 'string' && typeof value === 'number' && Number.isFinite(value)) return String(value);
  return value;
}

function onlyRequired(schema: JsonSchema): string | undefined {
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return required.length === 1 ? String(required[0]) : undefined;
}

function harmonizeMembers(
  schema: JsonSchema,
  value: Record<string, unknown>,
  reading: Reading,
): Record<string, unknown> {
  const known = schema.properties;
  if (!known) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const target = canonicalName(name, known, reading.aliases);
    const memberSchema = Object.hasOwn(known, target) ? known[target] : undefined;
    // An empty optional member means "not given": models and forms send both. Where null says something, it stays.
    if (member === undefined || (member === null && !takesNull(memberSchema))) continue;
    const value = memberSchema ? readMember(memberSchema, { name, target, member }, reading) : member;
    if (target === '__proto__') defineMember(result, target, value);
    else result[target] = value;
  }
  return result;
}

/** A member as any other, by the one name that assigning would take for something else. */
function defineMember(members: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}

/**
 * Money is kept in cents, and the names of its members say so. Said by the plain name, or with a sign or a decimal point, it
 * is so many of the currency: `unit_price: 30` is 3000 cents, and never 30. What could mean both is left as it is, to be refused.
 */
function readMember(
  schema: JsonSchema,
  { name, target, member }: { name: string; target: string; member: unknown },
  reading: Reading,
): unknown {
  if (!isCents(target)) return harmonize(schema, member, reading);
  if (isCents(snakeCase(name))) {
    const isPlain = typeof member !== 'string' || /^\s*-?\d+\s*$/.test(member);
    return isPlain ? harmonize(schema, member, reading) : member;
  }
  const cents = centsOf(member, reading.currency);
  if (cents === undefined) return member;
  reading.tellAmount?.(snakeCase(name), cents);
  return cents;
}

const isCents = (name: string) => name.endsWith('_cents');

/** Minor units of an amount as people write it: `30`, `"30.00"`, `"$1,200.50"`; undefined for anything else. */
export function centsOf(amount: unknown, currency: string | undefined): number | undefined {
  const written = typeof amount === 'number' ? String(amount) : amount;
  if (typeof written !== 'string') return undefined;
  if (currency !== undefined) return readMoney(written, currency);
  const thousandths = readMoney(written, threePlaces);
  return thousandths === undefined ? undefined : Math.round(thousandths / 10);
}

/** A currency with as many places as any. */
const threePlaces = 'KWD';

/** Whether an input says amounts in units of the currency, so that the currency has to be known to read it. */
export function saysAmounts(json: JsonSchema, input: unknown, aliases: Aliases): boolean {
  let says = false;
  readAsMeant(json, input, aliases, {
    tellAmount() {
      says = true;
    },
  });
  return says;
}

const takesNull = (schema: JsonSchema | undefined): boolean =>
  schema?.type === 'null' || (schema?.anyOf ?? []).some(takesNull);

/** The member of a schema that a name means, by itself or as people call it. */
export function memberNamed(
  { properties = {} }: JsonSchema,
  name: string,
  aliases: Aliases = everydayAliases,
): string | undefined {
  const member = canonicalName(name, properties, aliases);
  return Object.hasOwn(properties, member) ? member : undefined;
}

/** `ticket_id` for `ticketId`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** `contact` and `contactId` for `contact_id`, `technicians` for `technician_ids`, `amount` for `amount_cents`, and what people call members otherwise. */
export function canonicalName(name: string, known: Record<string, JsonSchema>, aliases: Aliases): string {
  if (Object.hasOwn(known, name)) return name;
  const snake = snakeCase(name);
  if (Object.hasOwn(known, snake)) return snake;
  const meant = Object.hasOwn(aliases, snake) ? aliases[snake] : undefined;
  const pointers = [`${snake}_id`, `${snake.replace(/s$/, '')}_ids`, `${snake}_cents`];
  return [...(meant ?? []), ...pointers].find(member => Object.hasOwn(known, member)) ?? name;
}

/**
 * One of the words a member can be, however it is written: `Phone call` is `phone_call`, and where days of the week are named
 * `Tuesday` is `tue`. Undefined when it is none of them, or as it is already.
 */
function fromListed(listed: unknown, text: string): string | undefined {
  if (!Array.isArray(listed) || listed.includes(text)) return undefined;
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const isMeant = (word: unknown): word is string =>
    typeof word === 'string' && (word.toLowerCase() === plain || dayNamed(plain) === word);
  const [only, ...others] = listed.filter(isMeant);
  return others.length === 0 ? only : undefined;
}

/** `tue` for `tuesday`, `tuesdays` and `tues`. */
function dayNamed(word: string): string | undefined {
  const name = word.replace(/s$/, '');
  return daysOfWeek.find(day => name.length >= 3 && day.startsWith(name))?.slice(0, 3);
}

const daysOfWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function fromText(type: string | undefined, text: string): unknown {
  const trimmed = text.trim();
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (type === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  return text;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
