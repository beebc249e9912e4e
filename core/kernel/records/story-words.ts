import { isUuid } from '../database/ids.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { formatMoney } from '../words/money.ts';
import { quote, quoteStart } from '../words/quote.ts';
import { localTime } from '../words/time.ts';
import type { Field, FieldKind } from './field-shape.ts';

/** One column of an entry of the trail: whose it is, and what it was and is; ids with what people call them. */
export interface ColumnChange {
  /** The record or part that changed. */
  entity_type: string;
  /** The record whose story is told. */
  subject: string;
  name: string;
  old: Side;
  new: Side;
}

/** A value, and what people call the rows it points to, when it points to any that may be read. */
export interface Side {
  value: unknown;
  called: unknown;
}

/** What an empty value is called. */
const nothing = 'nothing';

/**
 * One change in words, by what the field says of itself: `unit price $180.00`, `scheduled at Tue 2026-11-24 10:00 → Fri
 * 2026-11-27 10:00`, `technician Theo → Tess`. Undefined for what follows from others, and for what nobody can read.
 */
export function sayChange(context: ReadContext, change: ColumnChange): string | undefined {
  const field = fieldOf(context, change);
  if (!field) return undefined;
  const [before, after] = [change.old, change.new].map(side => sayValue(context, field, side));
  if (before === undefined || after === undefined || before === after) return undefined;
  const isEmpty = before === nothing && (after === 'no' || change.new.value === 0);
  if (isEmpty) return undefined;
  const label = field.title ?? labelOf(change.name);
  return before === nothing ? `${label} ${after}` : `${label} ${before} → ${after}`;
}

/** A name of ours with spaces; what somebody else chose in marks. */
export const wordsOf = (name: string): string =>
  /^[\w. ]+$/.test(name) ? name.replaceAll('_', ' ') : quote(name);

/** `unit price` for `unit_price_cents`. */
export const labelOf = (name: string) =>
  wordsOf(name.replace(/^is_/, '').replace(/_(cents|id|ids|minutes|at)$/, ''));

/** What is said of a column. */
interface Told {
  kind: FieldKind;
  title?: string | undefined;
  isOurs: boolean;
  isDuration: boolean;
}

// Units stand last in the name of a column, and so does what it holds.
const isDuration = (name: string) => name.endsWith('_minutes');

function fieldOf({ registry }: ReadContext, { entity_type, subject, name }: ColumnChange): Told | undefined {
  if (name === `${subject}_id`) return undefined;
  const field: Field | undefined = registry.records.get(entity_type)?.fields[name];
  if (!field) return partOf(name);
  if (field.told === false || field.internal) return undefined;
  return {
    kind: field.kind,
    title: field.title,
    isOurs: field.whose === 'ours',
    isDuration: isDuration(name),
  };
}

// What each row of a part has, besides what it says.
const ofEveryPart = new Set([
  ...['id', 'organization_id', 'reference', 'version', 'currency', 'position', 'ends_at', 'digest'],
  ...['created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at', 'domain_action'],
]);

/** What no record describes, such as a column of a line of a visit: its name says what it holds. */
function partOf(name: string): Told | undefined {
  if (ofEveryPart.has(name)) return undefined;
  const isChoice = /^(status|pricing|kind|.*_(status|type))$/.test(name);
  const kind = name.endsWith('_cents')
    ? 'money'
    : name.endsWith('_at')
      ? 'moment'
      : name.endsWith('_id')
        ? 'ref'
        : isChoice
          ? 'choice'
          : 'own';
  return { kind, isOurs: false, isDuration: isDuration(name) };
}

/** A value as people read it, in marks where it is somebody's words; undefined for ids nobody can read. */
function sayValue(context: ReadContext, told: Told, { value, called }: Side): string | undefined {
  if (isNothing(value)) return nothing;
  if (typeof called === 'string' && called !== value) return called;
  if (told.kind === 'ref' && Array.isArray(called)) return sayCalled(called);
  const { organization } = context;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return sayNumber(organization, told, value);
  if (typeof value !== 'string') return sayParts(context, called);
  if (isUuid(value)) return undefined;
  if (told.kind === 'moment') return sayMoment(value, organization.time_zone);
  if (told.kind === 'choice')
    return /^[\w-]+$/.test(value) ? value.replaceAll('_', ' ') : quoteStart(value, longest);
  const isOurs = told.isOurs || told.kind === 'date' || context.registry.references.has(value);
  return isOurs ? value.slice(0, longest) : quoteStart(value, longest);
}

const longest = 100;

/** A moment by the clock of the business; as it was given where that says no offset: `2026-11-20 13:00`. */
function sayMoment(value: string, timeZone: string): string {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(value))
    return localTime(value, timeZone).slice(0, 20);
  return /^[\d-]+([T ][\d:.]+)?$/.test(value) ? value.replace('T', ' ') : quoteStart(value, longest);
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Names carry marks of their own. */
const sayCalled = (called: readonly unknown[]): string | undefined =>
  called.filter(name => !isUuid(String(name))).join(', ') || undefined;

function sayNumber(
  { currency }: ReadContext['organization'],
  { kind, isDuration }: Told,
  value: number,
): string {
  if (kind === 'money') return formatMoney(value, currency);
  if (kind === 'percent') return `${value} %`;
  return isDuration ? `${value} min` : String(value);
}

/** A list or an object by what it holds, without the names nobody gave: `dog, cat`; `technician: Tess, time of day: morning`. */
function sayParts(context: ReadContext, value: unknown): string {
  const parts = Array.isArray(value) ? value.map(item => sayItem(context, item)) : [sayItem(context, value)];
  return quoteStart(parts.filter(Boolean).join(', '), longest);
}

function sayItem(context: ReadContext, item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  if (Array.isArray(item)) return item.map(part => sayItem(context, part)).join(', ');
  return Object.entries(item)
    .flatMap(([name, member]) => sayMember(context, name, member) ?? [])
    .join(', ');
}

/** A member of a value by its name, as a column of a part; the marks stand around the whole. */
function sayMember(context: ReadContext, name: string, value: unknown): string | undefined {
  const told = partOf(name);
  if (!told || isNothing(value) || value === false) return undefined;
  if (value === true) return labelOf(name);
  const plain = typeof value === 'string' ? value.replace(/[«»]/g, '') : value;
  const said =
    typeof plain === 'object'
      ? sayItem(context, plain)
      : sayValue(context, told, { value: plain, called: plain });
  return said && `${labelOf(name)}: ${said.replace(/[«»]/g, '')}`;
}
