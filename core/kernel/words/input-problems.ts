import type { z } from 'zod';
import { budgets } from './budgets.ts';
import { didYouMean } from './did-you-mean.ts';
import { DeskhandError, type ErrorDetails } from './errors.ts';
import { itemsOf, type JsonSchema } from './json-schema.ts';
import { decimalsOf } from './money.ts';
import { plainProblem } from './plain-problem.ts';
import { type Aliases, canonicalName, centsOf } from './read-as-meant.ts';

/** What zod found wrong as one refusal that names the field, what was received, the valid options and the nearest known name. */
export function problemsOf(
  error: z.ZodError,
  json: JsonSchema,
  input: unknown,
  { aliases, currency = 'USD' }: { aliases: Aliases; currency?: string | undefined },
): DeskhandError {
  const looked = lookedAt(error.issues);
  const problems = misspeltFirst(
    looked.flatMap(issue => describe(issue, json, input, { aliases, currency })),
  );
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

function describe(
  issue: z.core.$ZodIssue,
  json: JsonSchema,
  input: unknown,
  { aliases, currency }: { aliases: Aliases; currency: string },
): Problem[] {
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
      ...(missing ? {} : inCents(path.at(-1) ?? '', got, currency)),
    },
  ];
}

/** How an amount is given that was said in the units of the currency where cents are wanted, or the other way round. */
function inCents(name: string, got: unknown, currency: string): { did_you_mean?: string[]; hint?: string } {
  const cents = name.endsWith('_cents') ? centsOf(got, currency) : undefined;
  if (cents === undefined) return {};
  const plain = name.replace(/_cents$/, '');
  return {
    did_you_mean: [String(cents)],
    hint: `${name} is in cents; "${plain}": "${cents / 10 ** decimalsOf(currency)}" means the same.`,
  };
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
