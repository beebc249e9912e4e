import { z } from 'zod';
import { budgets } from './budgets.ts';
import { didYouMean } from './did-you-mean.ts';
import { DeskhandError, type ErrorDetails } from './errors.ts';
import { plainProblem } from './plain-problem.ts';
import { requireStorable } from './storable.ts';

/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  /** Several for what may be null. */
  type?: string | string[] | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  items?: JsonSchema | boolean | undefined;
  anyOf?: JsonSchema[] | undefined;
  [key: string]: unknown;
}

const jsonSchema: z.ZodType<JsonSchema> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
  get items() {
    return z.union([jsonSchema, z.boolean()]).optional();
  },
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
});

/** The JSON Schema of a zod schema as a caller writes it (`input`) or reads it (`output`). */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
}

/** The schema of a list's items; a tuple closes its list with `items: false`. */
export const itemsOf = (schema: JsonSchema): JsonSchema | undefined =>
  typeof schema.items === 'object' ? schema.items : undefined;

/**
 * Other names people use for members: `{zip: ['postal_code']}`. Taken only where a schema has the member on the right and
 * not the one on the left; the first member it has is meant.
 */
export type Aliases = Readonly<Record<string, readonly string[]>>;

/** What daily speech calls members everywhere; what the trade calls its own stands with the domains. */
const everydayAliases: Aliases = {
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

/**
 * Checks what a caller sent against a strict schema. Harmless differences are read as meant (`"5"` for 5, `"true"`,
 * one value where a list is wanted, camelCase, other names of members); everything else is a VALIDATION_ERROR that names
 * the field, what was received, the valid options and the nearest known name.
 */
export function parseInput<T extends z.ZodType>(
  schema: T,
  json: JsonSchema,
  input: unknown,
  aliases: Aliases = everydayAliases,
): z.output<T> {
  requireStorable(input);
  const read = readAsMeant(json, input, aliases);
  const result = schema.safeParse(read);
  if (result.success) return result.data;
  throw toError(result.error, json, read, aliases);
}

/** What a caller sent with the members' own names and types, before it is checked. */
export const readAsMeant = (json: JsonSchema, input: unknown, aliases: Aliases): unknown =>
  harmonize(json, input ?? {}, aliases);

function harmonize(schema: JsonSchema, value: unknown, aliases: Aliases): unknown {
  if (schema.anyOf) {
    const fitting = schema.anyOf.find(option => option.type === jsonType(value)) ?? schema.anyOf[0];
    return fitting ? harmonize(fitting, value, aliases) : value;
  }
  const type = Array.isArray(schema.type) ? schema.type.find(name => name !== 'null') : schema.type;
  if (type === 'object') {
    if (isPlainObject(value)) return harmonizeMembers(schema, value, aliases);
    // "Screen Cleaning" where {service_id: "Screen Cleaning"} is wanted.
    const only = onlyRequired(schema);
    return only !== undefined && typeof value === 'string' ? { [only]: value } : value;
  }
  if (type === 'array') {
    if (value === '' || value === undefined || value === null) return value;
    const items = itemsOf(schema) ?? {};
    return (Array.isArray(value) ? value : [value]).map(item => harmonize(items, item, aliases));
  }
  if (typeof value === 'string') return fromText(type, value);
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
  aliases: Aliases,
): Record<string, unknown> {
  const known = schema.properties;
  if (!known) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const target = canonicalName(name, known, aliases);
    const memberSchema = Object.hasOwn(known, target) ? known[target] : undefined;
    // An empty optional member means "not given": models and forms send both. Where null says something, it stays.
    if (member === undefined || (member === null && !takesNull(memberSchema))) continue;
    Object.defineProperty(result, target, {
      value: memberSchema ? harmonize(memberSchema, member, aliases) : member,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
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

/** `contact` and `contactId` for `contact_id`, `technicians` for `technician_ids`, and what people call members otherwise. */
function canonicalName(name: string, known: Record<string, JsonSchema>, aliases: Aliases): string {
  if (Object.hasOwn(known, name)) return name;
  const snake = snakeCase(name);
  if (Object.hasOwn(known, snake)) return snake;
  const meant = Object.hasOwn(aliases, snake) ? aliases[snake] : undefined;
  const pointers = [`${snake}_id`, `${snake.replace(/s$/, '')}_ids`];
  return [...(meant ?? []), ...pointers].find(member => Object.hasOwn(known, member)) ?? name;
}

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

function toError(error: z.ZodError, json: JsonSchema, input: unknown, aliases: Aliases): DeskhandError {
  const looked = lookedAt(error.issues);
  const problems = misspeltFirst(looked.flatMap(issue => describe(issue, json, input, aliases)));
  const first = problems[0];
  if (!first) return new DeskhandError('VALIDATION_ERROR', 'The input is not valid.');
  const { message, isMissing: _, ...details } = first;
  return new DeskhandError('VALIDATION_ERROR', message, {
    ...details,
    ...(problems.length > 1
      ? {
          problems: problems.slice(0, budgets.told_mistakes).map(({ field = '', message, did_you_mean }) => ({
            field,
            message,
            ...(did_you_mean ? { did_you_mean } : {}),
          })),
        }
      : {}),
  });
}

type Problem = ErrorDetails & { message: string; isMissing?: boolean };

/**
 * Whoever makes ten thousand mistakes is told of the first ones: each costs a comparison with all there is. Names nobody
 * knows come last, and may explain what is missing.
 */
function lookedAt(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const unknown = issues.filter(({ code }) => code === 'unrecognized_keys').slice(0, budgets.told_mistakes);
  const first = issues.slice(0, 3 * budgets.told_mistakes).filter(issue => !unknown.includes(issue));
  return [...first, ...unknown];
}

/** A member that is missing because its name was misspelt is said once, and first: as the name nobody knows. */
function misspeltFirst(problems: readonly Problem[]): Problem[] {
  const meantBy = ({ field = '', did_you_mean = [] }: Problem) =>
    did_you_mean.map(near => [...field.split('.').slice(0, -1), near].join('.'));
  const missing = new Set(problems.flatMap(({ field, isMissing }) => (isMissing ? [field ?? ''] : [])));
  const misspelt = problems.filter(problem => meantBy(problem).some(field => missing.has(field)));
  const explained = new Set(misspelt.flatMap(meantBy));
  const others = problems.filter(
    problem => !misspelt.includes(problem) && !(problem.isMissing && explained.has(problem.field ?? '')),
  );
  return [...misspelt, ...others];
}

function describe(issue: z.core.$ZodIssue, json: JsonSchema, input: unknown, aliases: Aliases): Problem[] {
  const path = issue.path.map(String);
  const field = path.join('.');
  const schema = schemaAt(json, path);
  if (issue.code === 'unrecognized_keys') {
    const known = schemaAt(json, path)?.properties ?? {};
    return issue.keys.slice(0, budgets.told_mistakes).map(key => {
      const near = nearestMembers(key, known, aliases);
      return {
        message: `There is no "${shorten(key)}" here.`,
        field: [...path, shorten(key)].join('.'),
        ...(near.length > 0 ? { did_you_mean: near } : {}),
        valid_options: Object.keys(known),
      };
    });
  }
  const got = valueAt(input, path);
  const { enum: listed } = schema?.anyOf?.find(option => option.enum) ?? schema ?? {};
  const options = Array.isArray(listed) ? listed : undefined;
  const missing = got === undefined;
  return [
    {
      message: missing
        ? `"${field}" is missing.`
        : `"${field || 'input'}" ${plainProblem(issue, schema?.type)}.`,
      field,
      ...(missing ? { isMissing: true } : { got: shorten(got) }),
      ...(options ? { valid_options: options } : {}),
      ...(options && typeof got === 'string' ? { did_you_mean: didYouMean(got, options.map(String)) } : {}),
      ...(options ? {} : nearestNumber(issue)),
    },
  ];
}

/** The largest or smallest number there may be, for one beyond it. */
function nearestNumber(issue: z.core.$ZodIssue): { did_you_mean?: string[] } {
  if (issue.code === 'too_big' && isNumeric(issue.origin)) return { did_you_mean: [String(issue.maximum)] };
  if (issue.code === 'too_small' && isNumeric(issue.origin)) return { did_you_mean: [String(issue.minimum)] };
  return {};
}

const isNumeric = (origin: string) => origin === 'number' || origin === 'int';

/** Members whose name, or one that people use for them, is near: `nmae` is near `name`, which is `full_name`. */
function nearestMembers(key: string, known: Record<string, JsonSchema>, aliases: Aliases): string[] {
  const usual = Object.keys(aliases).filter(name =>
    Object.hasOwn(known, canonicalName(name, known, aliases)),
  );
  const near = didYouMean(key, [...Object.keys(known), ...usual]);
  return [...new Set(near.map(name => canonicalName(name, known, aliases)))];
}

function schemaAt(schema: JsonSchema | undefined, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((at, step) => {
    const inner = at?.anyOf?.find(option => option.properties ?? option.items) ?? at;
    const items = inner && itemsOf(inner);
    if (items) return items;
    return inner?.properties && Object.hasOwn(inner.properties, step) ? inner.properties[step] : undefined;
  }, schema);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    return Reflect.get(at, step);
  }, value);
}

/** Echoed input stays short: an answer must not grow with what somebody sent. */
function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
