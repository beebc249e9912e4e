import type { Action, Workflow } from '../../core/kernel/registry/define.ts';
import type { Registered, RegisteredView } from '../../core/kernel/registry/registry.ts';
import { asked, wanted } from './states.ts';

/** Answers the id that stands for a record, or for one in a state of its own: `contact`, `closed visit`. */
export type Pick = (record: string) => string;

/**
 * The example of an action or workflow, about records that are there: whatever its schema says points to a record points
 * to a picked one, and what has to be in some state beforehand is one that is (states.ts).
 */
export function exampleInput(
  { id, spec, refs }: Registered<Action | Workflow>,
  pick: Pick,
): Record<string, unknown> {
  const pointed = refs.reduce<Record<string, unknown>>(
    (input, { path, record }) => replaceAt(input, path, () => pick(record)),
    { ...spec.example },
  );
  return { ...pointed, ...picked(wanted(id), pick) };
}

/** The same with what is done along, where a path leads into it. */
export function withAlong(
  { spec, refs }: Registered<Action | Workflow>,
  input: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  pick: Pick,
): Record<string, unknown> {
  const along = spec.kind === 'action' && rest.length > 0 ? spec.also?.[name]?.example : undefined;
  if (along === undefined || Object.hasOwn(input, name)) return input;
  return refs
    .filter(({ path }) => path[0] === name)
    .reduce<Record<string, unknown>>(
      (whole, { path, record }) => replaceAt(whole, path, () => pick(record)),
      { ...input, [name]: along },
    );
}

/** Named filters with which a view shows something: those it cannot do without. */
export function exampleParams(
  { spec, refs, paramsSchema }: RegisteredView,
  pick: Pick,
): Record<string, unknown> {
  const required: unknown[] = Array.isArray(paramsSchema.required) ? paramsSchema.required : [];
  const pointed = refs.flatMap(({ path: [name = ''], record }) =>
    required.includes(name) ? [[name, pick(record)]] : [],
  );
  return { ...Object.fromEntries(pointed), ...picked(asked[spec.type] ?? {}, pick) };
}

const picked = (members: Readonly<Record<string, string>>, pick: Pick) =>
  Object.fromEntries(Object.entries(members).map(([name, record]) => [name, pick(record)]));

/** The same input with another value at a path, at a member that may not be there yet; `*` is the first item of a list. */
export function withValue(
  input: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [name] = path;
  if (path.length === 1 && name !== undefined) return { ...input, [name]: value };
  let isThere = false;
  const changed = replaceAt(input, path, index => {
    isThere = true;
    return index === 0 ? value : undefined;
  });
  if (isThere) return changed;
  const inner = name === undefined ? undefined : input[name];
  if (path.length === 2 && name !== undefined && typeof inner === 'object' && inner !== null)
    return { ...input, [name]: { ...inner, [path[1] ?? '']: value } };
  throw new Error(`the example does not show how ${path.join('.')} is written: ${JSON.stringify(input)}`);
}

type Replace = (index: number) => unknown;

/** Replaces what stands at a path; what is not there stays away, and an item for which there is nothing new stays. */
function replaceAt(
  input: Record<string, unknown>,
  path: readonly string[],
  replace: Replace,
): Record<string, unknown> {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(input, name)) return input;
  return { ...input, [name]: replaceIn(input[name], rest, 0, replace) };
}

function replaceIn(value: unknown, path: readonly string[], index: number, replace: Replace): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replace(index) ?? value;
  if (step === '*')
    return Array.isArray(value) ? value.map((item, at) => replaceIn(item, rest, at, replace)) : value;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? { ...value, [step]: replaceIn(Reflect.get(value, step), rest, index, replace) }
    : value;
}
