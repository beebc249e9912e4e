import { z } from 'zod';
import { cents } from '../words/money.ts';
import { readPhone } from '../words/phone.ts';
import { asPhone, customFieldValues, emailAddress, freeText, line, tagList } from '../words/text-schemas.ts';
import { day, readDay, readMoment, moment as writtenMoment } from '../words/time.ts';
import {
  type Field,
  type FieldKind,
  type FieldOptions,
  isFilled,
  type Relation,
  type RelationOptions,
} from './field-shape.ts';
import { ref as refInput } from './references.ts';
import { emptiable, held, leavable } from './shared-schemas.ts';

// Everything about a column stands in one line: what it holds, who sets it, where it is shown, filtered, sorted, found.

/** Options of a field of which nothing is said. */
type Unsaid = Record<never, never>;

type IsFilled<O> = O extends { required: true } | { filled: true } | { default: unknown } ? true : false;
type Held<T, O> = IsFilled<O> extends true ? T : T | null;
type InputOf<Usual extends z.ZodType, O> = O extends { input: infer Own extends z.ZodType } ? Own : Usual;
type Given<Usual extends z.ZodType, O> = O extends { writable: false }
  ? undefined
  : O extends { required: true }
    ? InputOf<Usual, O>
    : z.ZodOptional<InputOf<Usual, O>>;
type Made<T, Usual extends z.ZodType, O> = Field<Held<T, O>, Given<Usual, O>>;

interface Kind {
  kind: FieldKind;
  column: string;
  /** What a row holds when it is not empty. */
  holds: z.ZodType;
  input: z.ZodType;
  options?: readonly string[];
  to?: Relation;
  store?: Field['store'];
}

function make({ holds, input: usual, store, ...kind }: Kind, options: FieldOptions): Field {
  const input = options.input ?? usual;
  const given = options.writable === false ? undefined : options.required ? input : leavable(input);
  return {
    ...options,
    ...kind,
    row: isFilled(options) ? holds : emptiable(holds),
    given,
    ...(store ? { store } : {}),
  };
}

/** One line of text, at most 200 characters. */
export function text<const O extends FieldOptions = Unsaid>(options?: O): Made<string, typeof line, O>;
export function text(options: FieldOptions = {}): Field {
  return make({ kind: 'text', column: 'text', holds: held.text, input: line }, options);
}

/** What people write in their own words: lines of it, redacted of card and social security numbers. */
export function longText<const O extends FieldOptions = Unsaid>(
  options?: O,
): Made<string, typeof freeText, O>;
export function longText(options: FieldOptions = {}): Field {
  return make({ kind: 'long_text', column: 'text', holds: held.text, input: freeText }, options);
}

/** One of some words of ours. */
export function choice<const W extends readonly [string, ...string[]], const O extends FieldOptions = Unsaid>(
  words: W,
  options?: O,
): Made<W[number], z.ZodEnum<{ [Word in W[number]]: Word }>, O>;
export function choice(words: readonly [string, ...string[]], options: FieldOptions = {}): Field {
  const known = z.enum(words);
  return make({ kind: 'choice', column: 'text', holds: known, input: known, options: words }, options);
}

interface NumberOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number. */
export function number<const O extends NumberOptions = Unsaid>(options?: O): Made<number, z.ZodInt, O>;
export function number({ min, max, ...options }: NumberOptions = {}): Field {
  return make({ kind: 'number', column: 'integer', holds: held.number, input: between(min, max) }, options);
}

/** Money in minor units of the row’s `currency` (CFL-22): 56200 is $562.00. */
export function money<const O extends FieldOptions = Unsaid>(options?: O): Made<number, typeof cents, O>;
export function money(options: FieldOptions = {}): Field {
  return make({ kind: 'money', column: 'bigint', holds: held.number, input: cents }, options);
}

/** Of a hundred, 0 to 100. */
export function percent<const O extends FieldOptions = Unsaid>(options?: O): Made<number, z.ZodInt, O>;
export function percent(options: FieldOptions = {}): Field {
  return make({ kind: 'percent', column: 'integer', holds: held.number, input: between(0, 100) }, options);
}

/** A day of the calendar, `2026-11-23`. */
export function date<const O extends FieldOptions = Unsaid>(options?: O): Made<string, typeof day, O>;
export function date(options: FieldOptions = {}): Field {
  return make(
    {
      kind: 'date',
      column: 'date',
      holds: held.text,
      input: day,
      store: (_context, value, name) => readDay(String(value), name).toString(),
    },
    options,
  );
}

/** A moment: UTC in the row, read in the business time zone. */
export function moment<const O extends FieldOptions = Unsaid>(
  options?: O,
): Made<string, typeof writtenMoment, O>;
export function moment(options: FieldOptions = {}): Field {
  return make(
    {
      kind: 'moment',
      column: 'timestamptz',
      holds: held.text,
      input: writtenMoment,
      store: ({ organization }, value, name) =>
        readMoment(String(value), organization.time_zone, name).toString(),
    },
    options,
  );
}

/** Yes or no. */
export function boolean<const O extends FieldOptions = Unsaid>(options?: O): Made<boolean, z.ZodBoolean, O>;
export function boolean(options: FieldOptions = {}): Field {
  return make({ kind: 'boolean', column: 'boolean', holds: held.truth, input: held.truth }, options);
}

const writtenPhone = z.string().min(3).max(40).meta(asPhone);

/** A telephone number: E.164 in the row, taken in whatever way it is written. */
export function phone<const O extends FieldOptions = Unsaid>(
  options?: O,
): Made<string, typeof writtenPhone, O>;
export function phone(options: FieldOptions = {}): Field {
  return make(
    {
      kind: 'phone',
      column: 'text',
      holds: held.text,
      input: writtenPhone,
      store: ({ organization }, value, name) => readPhone(String(value), organization.country, name),
    },
    options,
  );
}

/** An e-mail address, lower-cased. */
export function email<const O extends FieldOptions = Unsaid>(
  options?: O,
): Made<string, typeof emailAddress, O>;
export function email(options: FieldOptions = {}): Field {
  return make({ kind: 'email', column: 'text', holds: held.text, input: emailAddress }, options);
}

// No marker can stand in an address: a number in it is refused.
const address = z
  .string()
  .max(300)
  .refine(text => !text.includes('[REDACTED'), 'is no address of a page');

/** The address of a page. */
export function url<const O extends FieldOptions = Unsaid>(options?: O): Made<string, typeof address, O>;
export function url(options: FieldOptions = {}): Field {
  return make({ kind: 'url', column: 'text', holds: held.text, input: address }, options);
}

/** Short words a business sorts its records by. Empty by itself. */
export function tags<const O extends FieldOptions = Unsaid>(
  options?: O,
): Field<string[], Given<typeof tagList, O>>;
export function tags(options: FieldOptions = {}): Field {
  const kind = { kind: 'tags', column: 'text[]', holds: held.texts, input: tagList } as const;
  return make(kind, { default: [], ...options });
}

/** Several of something, as JSON. */
export function list<T extends z.ZodType, const O extends FieldOptions = Unsaid>(
  item: T,
  options?: O,
): Made<z.output<T>[], z.ZodArray<T>, O>;
export function list(item: z.ZodType, options: FieldOptions = {}): Field {
  const all = z.array(item);
  return make({ kind: 'list', column: 'jsonb', holds: all, input: all }, options);
}

/** A pointer to another record; what belongs to the relation stands here and nowhere else. */
export function ref<const O extends FieldOptions & RelationOptions = Unsaid>(
  record: string,
  options?: O,
): Made<string, ReturnType<typeof refInput>, O>;
export function ref(record: string, options: FieldOptions & RelationOptions = {}): Field {
  return make(
    {
      kind: 'ref',
      column: 'uuid',
      holds: held.text,
      input: refInput(record),
      to: { ...options, record },
    },
    options,
  );
}

/**
 * What a business adds for itself: short names, plain values. An update changes the members it names and takes out those
 * it gives as null; the others stay.
 */
export function customFields<const O extends FieldOptions = Unsaid>(
  options?: O,
): Field<Record<string, unknown>, Given<typeof customFieldValues, O>>;
export function customFields(options: FieldOptions = {}): Field {
  return make(
    {
      kind: 'custom_fields',
      column: 'jsonb',
      holds: held.members,
      input: customFieldValues,
      store: (_context, value, _name, before) => merged(before, value),
    },
    { default: {}, filter: true, search: 'body', ...options },
  );
}

interface OwnOptions extends FieldOptions {
  /** What a caller writes; the value itself when left out. */
  readonly input?: z.ZodType;
}

/** What fits no kind: a schema of one’s own and the database’s type. */
export function own<T extends z.ZodType, const O extends OwnOptions = Unsaid>(
  schema: T,
  column: string,
  options?: O,
): Made<z.output<T>, T, O>;
export function own(schema: z.ZodType, column: string, options: OwnOptions = {}): Field {
  return make({ kind: 'own', column, holds: schema, input: schema }, options);
}

/** Three letters: USD. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'write it as USD');

/** The currency of the row’s amounts: the business’s at creation. */
export const currency = () => text({ filled: true, writable: false, whose: 'ours', told: false });

const between = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) => z.int().min(min).max(max);

function merged(before: unknown, given: unknown): Record<string, unknown> {
  const all = { ...asMembers(before), ...asMembers(given) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

const asMembers = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
