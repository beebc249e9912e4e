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

/** The JSON Schema of a zod schema as a caller writes it (`input`) or reads it (`output`). */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
}

/** The schema of a list's items; a tuple closes its list with `items: false`. */
export const itemsOf = (schema: JsonSchema): JsonSchema | undefined =>
  typeof schema.items === 'object' ? schema.items : undefined;
