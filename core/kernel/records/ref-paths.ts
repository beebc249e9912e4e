import { z } from 'zod';
import { itemsOf, type JsonSchema } from '../words/parse-input.ts';
import type { Fits } from './record.ts';

/** Where a schema holds references: `[['contact_id'], ['lines', '*', 'service_id']]`, with the record's name. */
export interface RefPath {
  path: readonly string[];
  record: string;
  /** The rows it is about. */
  fits?: Fits;
}

/** Finds the references in a JSON Schema, once per action. */
export function refPaths(schema: JsonSchema, path: readonly string[] = []): RefPath[] {
  const { ref: record, ref_fitting, ref_or_others } = schema;
  const fits =
    typeof ref_fitting === 'string'
      ? { fits: { filter: ref_fitting, or_others: ref_or_others === true } }
      : {};
  const own = typeof record === 'string' ? [{ path, record, ...fits }] : [];
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    refPaths(member, [...path, name]),
  );
  const inner = itemsOf(schema);
  const items = inner ? refPaths(inner, [...path, '*']) : [];
  return [...own, ...members, ...items];
}

/** The records a resolved input points to. */
export function refValues(
  paths: readonly RefPath[],
  input: Record<string, unknown>,
): { record: string; id: string }[] {
  return paths.flatMap(({ path, record }) => valuesAt(input, path).map(id => ({ record, id })));
}

function valuesAt(value: unknown, path: readonly string[]): string[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? [value] : [];
  if (step === '*') return Array.isArray(value) ? value.flatMap(item => valuesAt(item, rest)) : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return valuesAt(Reflect.get(value, step), rest);
}

const members = z.record(z.string(), z.unknown());
export const asRecord = (value: unknown): Record<string, unknown> => members.parse(value);

/** The value with each text at `path` replaced; `field` says where it stood (`lines.0.service_id`). */
export async function replaceAt(
  value: unknown,
  path: readonly string[],
  walked: readonly string[],
  replace: (text: string, field: string) => Promise<string>,
): Promise<unknown> {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? replace(value, walked.join('.')) : value;
  if (step === '*') {
    if (!Array.isArray(value)) return value;
    const items: unknown[] = [];
    for (const [index, item] of value.entries()) {
      items.push(await replaceAt(item, rest, [...walked, String(index)], replace));
    }
    return items;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: await replaceAt(Reflect.get(value, step), rest, [...walked, step], replace) };
}
