import { z } from 'zod';

/** One call of a tool as an agent wrote it. */
export interface ToolCall {
  tool: string;
  args: Record<string, unknown>;
}

const facts = z.looseObject({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  did_you_mean: z.array(z.string()).optional(),
  valid_options: z.array(z.string()).optional(),
  candidates: z.array(z.object({ reference: z.string(), label: z.string() })).optional(),
  next_free: z.array(z.object({ starts_at: z.string() })).optional(),
});

/**
 * The next call of an agent that knows nothing but its call, the refusal and what it was asked for: it takes the first
 * thing that is offered. `wanted` is what it would recognise among several candidates. Undefined when the refusal does
 * not say how to go on.
 */
export function correct({ tool, args }: ToolCall, refusal: unknown, wanted?: string): ToolCall | undefined {
  const error = facts.parse(refusal);
  if (error.code === 'REASONING_REQUIRED')
    return { tool, args: { ...args, reasoning: 'As the owner asked' } };
  const path = placeOf(args, error.field);
  const offer = offered(error, wanted);
  if (path === undefined || offer === undefined) return undefined;
  const name = path.at(-1) ?? '';
  // A name that does not exist is replaced by the one that was meant; otherwise the value is.
  const renames = /^There is no "[^"]*" here\.$/.test(error.message);
  return {
    tool,
    args: replaceAt(args, path, value => (renames ? { name: offer, value } : { name, value: offer })),
  };
}

function offered(error: z.infer<typeof facts>, wanted: string | undefined): string | undefined {
  const { candidates, did_you_mean, valid_options, next_free } = error;
  if (next_free && next_free.length > 0) return next_free[0]?.starts_at;
  if (candidates && candidates.length > 0) {
    const seen = candidates.find(({ label }) => wanted !== undefined && label.includes(wanted));
    return (seen ?? candidates[0])?.reference;
  }
  if (did_you_mean && did_you_mean.length > 0) return did_you_mean[0];
  const fitting = valid_options?.find(option => wanted !== undefined && option.includes(wanted));
  return (fitting ?? valid_options?.[0])?.split(':')[0];
}

/** Where a field of the refusal stands in the arguments: at the top, in `data` or in `where`. */
function placeOf(args: Record<string, unknown>, field: string | undefined): string[] | undefined {
  if (field === undefined) return undefined;
  const whole = field.split('.');
  // A text where an object with one member is wanted is read as that member: `lines.0` for `lines.0.service_id`.
  for (const steps of [whole, whole.slice(0, -1)]) {
    for (const start of [[], ['data'], ['where']]) {
      if (steps.length > 0 && has(args, [...start, ...steps])) return [...start, ...steps];
    }
  }
  return undefined;
}

const member = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? Reflect.get(value, step)
    : undefined;

const has = (value: unknown, path: readonly string[]): boolean =>
  path.reduce<unknown>((inside, step) => member(inside, step), value) !== undefined;

function replaceAt(
  value: Record<string, unknown>,
  [step = '', ...rest]: readonly string[],
  change: (value: unknown) => { name: string; value: unknown },
): Record<string, unknown> {
  const inside = member(value, step);
  if (rest.length === 0) {
    const { [step]: old, ...others } = value;
    const changed = change(old);
    return { ...others, [changed.name]: changed.value };
  }
  if (Array.isArray(inside)) {
    const [index = '', ...deeper] = rest;
    const items = inside.map((item, at) => {
      if (String(at) !== index) return item;
      if (deeper.length === 0) return change(item).value;
      return replaceAt(z.record(z.string(), z.unknown()).parse(item), deeper, change);
    });
    return { ...value, [step]: items };
  }
  return { ...value, [step]: replaceAt(z.record(z.string(), z.unknown()).parse(inside), rest, change) };
}
