import type { z } from 'zod';
import { problemsOf } from './input-problems.ts';
import type { JsonSchema } from './json-schema.ts';
import { type Aliases, type Amounts, everydayAliases, readAsMeant } from './read-as-meant.ts';
import { requireStorable } from './storable.ts';

export { itemsOf, type JsonSchema, jsonSchemaOf } from './json-schema.ts';
export {
  type Aliases,
  memberNamed,
  mergeAliases,
  readAsMeant,
  saysAmounts,
  snakeCase,
} from './read-as-meant.ts';

/**
 * Checks what a caller sent against a strict schema. Harmless differences are read as meant (`"5"` for 5, `"true"`,
 * one value where a list is wanted, camelCase, other names of members); everything else is a VALIDATION_ERROR that names
 * the field, what was received, the valid options and the nearest known name. Amounts in units are of the `currency`, and
 * told to `tellAmount`.
 */
export function parseInput<T extends z.ZodType>(
  schema: T,
  json: JsonSchema,
  input: unknown,
  { aliases = everydayAliases, currency, tellAmount }: { aliases?: Aliases } & Amounts = {},
): z.output<T> {
  requireStorable(input);
  const read = readAsMeant(json, input, aliases, { currency, tellAmount });
  const result = schema.safeParse(read);
  if (result.success) return result.data;
  throw problemsOf(result.error, json, read, { aliases, currency });
}
