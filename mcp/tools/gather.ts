import { type Aliases, type JsonSchema, memberNamed } from '../../core/kernel/words/parse-input.ts';

interface Places {
  /** What the tool itself takes. */
  tool: JsonSchema;
  /** What the action or list takes that is called; undefined when nobody knows it. */
  called: JsonSchema | undefined;
  aliases: Aliases;
}

type Members = Record<string, unknown>;

/**
 * Arguments with each member where it belongs: `{action, ticket_id}` is meant as `{action, data: {ticket_id}}`, and
 * `{data: {ticket_id, reasoning}}` has its reasoning beside the data. What is in neither place's list stays, to be refused.
 */
export function gather(given: unknown, inside: string, { tool, called, aliases }: Places): unknown {
  if (!isMembers(given) || !called) return given;
  const inner = given[inside] ?? {};
  if (!isMembers(inner)) return given;
  const isOuter = (name: string) => memberNamed(tool, name) !== undefined;
  const isInner = (name: string) => memberNamed(called, name, aliases) !== undefined;
  const moved = Object.keys(given).filter(
    name => !isOuter(name) && isInner(name) && !Object.hasOwn(inner, name),
  );
  const lifted = Object.keys(inner).filter(
    name => !isInner(name) && Object.hasOwn(tool.properties ?? {}, name) && !Object.hasOwn(given, name),
  );
  if (moved.length + lifted.length === 0) return given;
  return {
    ...without(given, moved),
    ...pick(inner, lifted),
    [inside]: { ...without(inner, lifted), ...pick(given, moved) },
  };
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));

const without = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

/** What a member of the arguments says, '' when there is none. */
export const nameIn = (given: unknown, member: string): string =>
  isMembers(given) && typeof given[member] === 'string' ? given[member] : '';

/** Mostly nothing is, and it is the same value. */
export function withoutUndefined<T extends object>(value: T) {
  if (isGiven(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

type Given<T> = T & { [Name in keyof T]: Exclude<T[Name], undefined> };

const isGiven = <T extends object>(value: T): value is Given<T> => !Object.values(value).includes(undefined);
