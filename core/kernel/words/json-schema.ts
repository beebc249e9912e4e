import { z } from 'zod';

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

/** Of zod schemas that are asked for again and again: they are written once and stay as they are. */
const made = { input: new WeakMap<z.ZodType, JsonSchema>(), output: new WeakMap<z.ZodType, JsonSchema>() };

/** The JSON Schema of a zod schema as a caller writes it (`input`) or reads it (`output`). Made once, and frozen. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const before = made[io].get(schema);
  if (before) return before;
  const after = freeze(jsonSchema.parse(z.toJSONSchema(schema, { io, unrepresentable: 'any' })));
  made[io].set(schema, after);
  return after;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}

/** The schema of a list's items; a tuple closes its list with `items: false`. */
export const itemsOf = (schema: JsonSchema): JsonSchema | undefined =>
  typeof schema.items === 'object' ? schema.items : undefined;
