import { itemsOf, type JsonSchema } from '../../core/kernel/words/parse-input.ts';

/** What a work costs at one size and at four times of it, in milliseconds of this process. */
export interface Growth {
  small_ms: number;
  large_ms: number;
  /** Six times at most, with room for what is too little to be measured. */
  isLinear: boolean;
}

const most = 6;
/** Less than this is noise. */
const noise_ms = 40;

/** Measures by the processor's time and by the best of some runs, so that other programs have no say in it. */
export function growthOf(work: (size: number) => unknown, size: number): Growth {
  let [small_ms, large_ms] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < 6; run += 1) {
    large_ms = Math.min(
      large_ms,
      cost(() => work(4 * size)),
    );
    if (large_ms <= noise_ms) return { small_ms: 0, large_ms, isLinear: true };
    small_ms = Math.min(
      small_ms,
      cost(() => work(size)),
    );
    if (large_ms <= most * small_ms) return { small_ms, large_ms, isLinear: true };
  }
  return { small_ms, large_ms, isLinear: false };
}

function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Pieces that make patterns try again and again, each with what repeats it to a length. */
export const hostileTexts: readonly (readonly [unit: string, make: (size: number) => string])[] = [
  ...['a\n', 'A', "A'", 'a.', '1 ', '4242 ', '4242-', '\n', ' ', '(', 'dog ', 'Aa Bb ', 'a@', '-', '$10 to '],
  ...['no ', 'x_', 'card 4', 'keep a', 'Dog Rex and ', 'key under a ', '\u0301', 'é', '«', '\ud83d\udc15'],
].map(
  unit => [unit, (size: number) => `12 Main Street ${unit.repeat(Math.ceil(size / unit.length))}x`] as const,
);

/** Where a schema takes text, as paths; `*` stands for every element. */
export function textPaths(schema: JsonSchema, path: readonly string[] = []): (readonly string[])[] {
  if (path.length > 6) return [];
  const items = itemsOf(schema);
  const isText = schema.type === 'string' && schema.enum === undefined && schema.const === undefined;
  return [
    ...(isText ? [path] : []),
    ...(schema.anyOf ?? []).flatMap(option => textPaths(option, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      textPaths(member, [...path, name]),
    ),
    ...(items ? textPaths(items, [...path, '*']) : []),
  ];
}

/** An input with a text at a path, and as little as possible on the way there. */
export function withText(input: unknown, [step, ...rest]: readonly string[], text: string): unknown {
  if (step === undefined) return text;
  if (step === '*') return [withText(Array.isArray(input) ? input[0] : undefined, rest, text)];
  const before = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  return { ...before, [step]: withText(Reflect.get(before, step), rest, text) };
}
