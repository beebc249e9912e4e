import { z } from 'zod';
import type { JsonObjectSchema } from './tool.ts';

type Schema = Record<string, unknown>;

/**
 * A JSON Schema without what costs tokens and says nothing (mcp.md): `$schema`, a `pattern` beside a `format`, the
 * bounds of safe integers, `propertyNames: {type: string}`, `additionalProperties: {}`; a long `pattern` that a
 * description says in words; of what is pointed to how long words may be and which rows are meant first. Whatever the tool
 * takes it accepts; what it accepts besides is refused when it comes, with a better sentence than a client has;
 * property names, defaults and examples are left alone.
 */
export function slimJsonSchema(schema: Schema): Schema {
  return rewrite(schema, part =>
    Object.fromEntries(Object.entries(part).filter(([keyword, value]) => !saysNothing(keyword, value, part))),
  );
}

/**
 * The JSON Schema of a tool's input or output, made from its zod schema and slimmed; make it once, at start.
 *
 * `type: [a, b]` becomes `anyOf`, because some clients refuse the list. An output may grow members later, may be a union
 * of objects, and also accepts `{error: {…}}`: v1 clients check `structuredContent` against this schema even when the
 * answer is an error, and would show their own complaint instead of ours.
 */
export function toolSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObjectSchema {
  const full = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const slim = rewrite(slimJsonSchema(full), typeListAsAnyOf);
  if (io === 'output') return withErrorAnswer(openInside(slim));
  if (slim.type !== 'object') throw new Error('A tool input must be an object, not a union or a plain value');
  return { ...slim, type: 'object' };
}

function saysNothing(keyword: string, value: unknown, schema: Schema): boolean {
  switch (keyword) {
    case '$schema':
      return true;
    case 'pattern':
      return (
        'format' in schema || (typeof value === 'string' && value.length > 60 && 'description' in schema)
      );
    case 'minimum':
      return value === Number.MIN_SAFE_INTEGER;
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER;
    case 'propertyNames':
      return isRecord(value) && Object.keys(value).length === 1 && value.type === 'string';
    case 'additionalProperties':
      return isRecord(value) && Object.keys(value).length === 0;
    case 'minLength':
    case 'maxLength':
      return typeof schema.ref === 'string';
    case 'ref_fitting':
    case 'ref_or_others':
      return true;
    default:
      return false;
  }
}

/**
 * A client that cached the schema must still accept an answer that has learnt a new member. Answers leave out what is empty,
 * and ids where a reference stands (`present.ts`): inside of them nothing is required, or a client that checks what it
 * gets would refuse to show it.
 */
function openObject(schema: Schema): Schema {
  const { additionalProperties, required: _required, ...rest } = schema;
  return additionalProperties === false || additionalProperties === undefined
    ? rest
    : { ...rest, additionalProperties };
}

/** The members of the answer itself are all there (`compactEach`), whichever of a union it is. */
function openInside(schema: Schema): Schema {
  const { required, anyOf, oneOf, ...rest } = schema;
  const variants = anyOf ?? oneOf;
  return {
    ...rewrite(rest, openObject),
    ...(required === undefined ? {} : { required }),
    ...(Array.isArray(variants)
      ? { anyOf: variants.map(each => (isRecord(each) ? openInside(each) : each)) }
      : {}),
  };
}

function typeListAsAnyOf(schema: Schema): Schema {
  const { type, ...rest } = schema;
  return Array.isArray(type) && !('anyOf' in rest)
    ? { ...rest, anyOf: type.map(name => ({ type: name })) }
    : schema;
}

/**
 * What was required still is, or there is an `error`. The root keeps `type: object`, which the 2025 revisions demand
 * of every output schema.
 */
function withErrorAnswer(schema: Schema): JsonObjectSchema {
  const { required, properties, anyOf, oneOf, ...rest } = schema;
  const variants = anyOf ?? oneOf ?? (required === undefined ? undefined : [{ required }]);
  if (rest.type !== 'object' && !Array.isArray(variants)) {
    throw new Error('A tool output must be an object or a union of objects');
  }
  return {
    ...rest,
    type: 'object',
    properties: { ...(isRecord(properties) ? properties : {}), error: { type: 'object' } },
    ...(Array.isArray(variants) ? { anyOf: [...variants, { required: ['error'] }] } : {}),
  };
}

// Keywords whose value is data or names, not schemas.
const plain = new Set(['const', 'enum', 'default', 'examples', 'required', 'type']);
// Keywords whose value maps names to schemas: the names themselves are not keywords.
const named = new Set(['properties', '$defs', 'patternProperties', 'dependentSchemas']);

/** Applies `change` to every schema inside a schema, from the inside out. */
function rewrite(schema: Schema, change: (part: Schema) => Schema): Schema {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    return isRecord(value) ? rewrite(value, change) : value;
  };
  const inside = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (plain.has(keyword)) return [keyword, value];
    if (!named.has(keyword) || !isRecord(value)) return [keyword, visit(value)];
    return [keyword, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part)]))];
  });
  return change(Object.fromEntries(inside));
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
