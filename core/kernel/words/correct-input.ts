import type { z } from 'zod';
import { DeskhandError, type ErrorDetails } from './errors.ts';
import { type Aliases, type JsonSchema, parseInput, readAsMeant } from './parse-input.ts';

/** So many mistakes are put right at most. */
const mostMistakes = 5;

/**
 * A refused input as it was probably meant: misspelt members and words by those there are, where only one is near. Undefined
 * when it would still be refused, or when there was nothing to put right.
 */
export function correctInput(
  schema: z.ZodType,
  json: JsonSchema,
  input: unknown,
  aliases: Aliases,
): Record<string, unknown> | undefined {
  let meant = readAsMeant(json, input, aliases);
  for (let mistakes = 0; mistakes <= mostMistakes; mistakes += 1) {
    const refused = refusalOf(() => parseInput(schema, json, meant, { aliases }));
    if (!refused) return mistakes > 0 && isPlain(meant) ? meant : undefined;
    meant = putRight(meant, refused);
    if (meant === undefined) return undefined;
  }
  return undefined;
}

function refusalOf(parse: () => unknown): ErrorDetails | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof DeskhandError) return error.details;
    throw error;
  }
}

/** The input with its first mistake put right. A word that nobody knows is named with what was got; a name is not. */
function putRight(
  input: unknown,
  { field = '', did_you_mean = [], got, valid_options }: ErrorDetails,
): unknown {
  const [near, ...others] = did_you_mean;
  if (near === undefined || others.length > 0 || valid_options === undefined) return undefined;
  return changeAt(input, field.split('.'), (owner, name) => {
    if (got !== undefined) return { ...owner, [name]: near };
    const { [name]: value, ...rest } = owner;
    return Object.hasOwn(rest, near) ? undefined : { ...rest, [near]: value };
  });
}

type Members = Record<string, unknown>;

function changeAt(
  value: unknown,
  [step = '', ...rest]: readonly string[],
  change: (owner: Members, name: string) => Members | undefined,
): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (String(index) === step ? changeAt(item, rest, change) : item));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isPlain(value) || !Object.hasOwn(value, step)) return undefined;
  if (rest.length === 0) return change(value, step);
  const inside = changeAt(value[step], rest, change);
  return inside === undefined ? undefined : { ...value, [step]: inside };
}

const isPlain = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
