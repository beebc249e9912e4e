import { itemsOf, type JsonSchema } from '../../core/kernel/words/parse-input.ts';
import { fc } from '../support/properties.ts';
import type { Pick } from './example-input.ts';

/** Values that have broken programs before, all of which JSON can carry. */
const nastyTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\u202eevil\u2066',
  '💣\u200d💥',
  'İıſﬁ',
  "'; drop table contacts; --",
  '$1',
  '%_\\',
  '{}',
  '[]',
  'null',
  'NaN',
  '__proto__',
  'C-99999999999999999999999999',
  '018f0000-0000-7000-8000-000000000000',
  '9999-12-31T23:59',
  '0000-01-01',
  '2026-02-30',
  '-1',
  '1e400',
  '9'.repeat(400),
  '('.repeat(300),
  ':*'.repeat(100),
  'a '.repeat(20_000),
  '\u0301'.repeat(5000),
];

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
};

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...nastyTexts,
    null,
    true,
    0,
    -0,
    -1,
    0.0001,
    1e-320,
    2 ** 31,
    2 ** 53,
    1e21,
    1.7976931348623157e308,
    [],
    {},
    [[]],
    [null],
    deep(200),
    deep(5000),
    Array.from({ length: 5000 }, () => 'x'),
    JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {}}, "toString": 1}'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
);

/** Inputs of one action or view: `valid` ones with more or fewer members, broken ones, and anything at all. */
export function fuzzedInput(
  schema: JsonSchema,
  valid: () => Record<string, unknown>,
  pick: Pick,
): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    name,
    anyOf(member, pick),
  ]);
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(members);
  const some = fc.record(arbitraries, { requiredKeys: [] });
  const likely = some.map(extra => ({ ...valid(), ...extra }));
  const one = fc.tuple(fc.constantFrom(...Object.keys(arbitraries), ''), some).map(([name, extra]) => ({
    ...valid(),
    ...(Object.hasOwn(extra, name) ? { [name]: extra[name] } : {}),
  }));
  const broken = fc.tuple(fc.oneof(likely, one), fc.array(mutation, { minLength: 1, maxLength: 3 }));
  return fc.oneof(
    { weight: 4, arbitrary: one },
    { weight: 2, arbitrary: likely },
    { weight: 5, arbitrary: broken.map(([input, mutations]) => mutations.reduce(mutate, input)) },
    { weight: 1, arbitrary: nasty },
  );
}

/** Values a schema takes, and some it just does not. */
function anyOf(schema: JsonSchema, pick: Pick): fc.Arbitrary<unknown> {
  const { ref } = schema;
  if (typeof ref === 'string') {
    return fc.oneof(
      fc.constant(ref).map(pick),
      fc.constantFrom('Brightly', 'windows', 'C-1001', 'Zyphim', '12 Lane'),
      fc.constantFrom(...nastyTexts),
    );
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(option => anyOf(option, pick)));
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema);
  if (schema.type === 'array') return arrayOf(schema, pick);
  if (schema.type === 'object') return objectOf(schema, pick);
  if (schema.type === 'string') return textOf(schema);
  return shallow;
}

// Making one that makes texts takes longer than making a text, so each kind is made once.
const shallow = fc.jsonValue({ maxDepth: 2 });
const openMembers = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/), fc.string()),
  fc.jsonValue(),
  { maxKeys: 4 },
);
const textsLike = new Map<string, fc.Arbitrary<unknown>>();
const textsUpTo = new Map<number, fc.Arbitrary<unknown>>();

function keep<Key>(
  made: Map<Key, fc.Arbitrary<unknown>>,
  key: Key,
  make: () => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const before = made.get(key) ?? make();
  made.set(key, before);
  return before;
}

function numberOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const min = Math.max(-(2 ** 31), Number(schema.minimum ?? schema.exclusiveMinimum ?? -10));
  const max = Math.min(2 ** 31, Number(schema.maximum ?? 2 ** 31));
  const fraction = fc.double({ min, max, noNaN: true });
  return schema.type === 'integer'
    ? fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
    : fc.oneof(fraction, fc.constantFrom(max, min, 0.0004, 0.0005, 1 / 3));
}

function arrayOf(schema: JsonSchema, pick: Pick): fc.Arbitrary<unknown> {
  const { prefixItems } = schema;
  if (Array.isArray(prefixItems)) return fc.tuple(...prefixItems.map(item => anyOf(item, pick)));
  return fc.array(anyOf(itemsOf(schema) ?? {}, pick), { maxLength: 4 });
}

function objectOf(schema: JsonSchema, pick: Pick): fc.Arbitrary<unknown> {
  if (!schema.properties) return openMembers;
  const members = Object.entries(schema.properties).map(([name, member]) => [name, anyOf(member, pick)]);
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(members);
  return fc.record(arbitraries, {
    requiredKeys: Object.keys(arbitraries).filter(name => required.includes(name)),
  });
}

function textOf({ pattern, maxLength }: JsonSchema): fc.Arbitrary<unknown> {
  if (typeof pattern === 'string' && pattern.length < 200)
    return keep(textsLike, pattern, () => fc.stringMatching(new RegExp(pattern)));
  const longest = Math.min(80, Number(maxLength ?? 80));
  return keep(textsUpTo, longest, () =>
    fc.oneof(
      fc.string({ maxLength: longest }),
      fc.string({ unit: 'grapheme', maxLength: longest }),
      fc.constantFrom('+1 256 555 0142', 'a@b.example', 'America/Chicago', '08:00', '1'),
      fc.constantFrom(...nastyTexts),
    ),
  );
}

type Mutation = { at: number; kind: 'replace' | 'remove' | 'add'; name: string; value: unknown };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom<Mutation['kind']>('replace', 'replace', 'remove', 'add'),
  name: fc.constantFrom(
    '__proto__',
    'constructor',
    'organization_id',
    'id',
    'ID',
    'x',
    '',
    '\u0000',
    'toString',
  ),
  value: nasty,
});

/** Breaks a value at one place. */
function mutate(input: unknown, { at, kind, name, value }: Mutation): unknown {
  if (Array.isArray(input)) {
    if (input.length === 0 || kind === 'add') return [...input, value];
    const index = at % input.length;
    if (kind === 'remove') return input.filter((_, position) => position !== index);
    return input.map((item, position) =>
      position === index ? inside(item, { at, kind, name, value }) : item,
    );
  }
  if (typeof input !== 'object' || input === null) return value;
  const entries = Object.entries(input);
  if (entries.length === 0 || kind === 'add') return Object.fromEntries([...entries, [name, value]]);
  const index = at % entries.length;
  if (kind === 'remove') return Object.fromEntries(entries.filter((_, position) => position !== index));
  return Object.fromEntries(
    entries.map(([key, member], position) =>
      position === index ? [key, inside(member, { at, kind, name, value })] : [key, member],
    ),
  );
}

/** One level deeper every other time, where there is something deeper. */
function inside(member: unknown, change: Mutation): unknown {
  const at = Math.floor(change.at / 2);
  return typeof member === 'object' && member !== null && change.at % 2 === 0
    ? mutate(member, { ...change, at })
    : change.value;
}

/** What a call takes besides its input. */
export const fuzzedEnvelope = fc.record(
  {
    preview: fc.boolean(),
    references: fc.boolean(),
    reasoning: fc.oneof(
      { weight: 5, arbitrary: fc.constant('The customer asked us to do so') },
      { weight: 1, arbitrary: fc.constantFrom(...nastyTexts) },
    ),
    idempotency_key: fc.oneof(fc.uuid(), fc.constantFrom(...nastyTexts)),
  },
  { requiredKeys: [] },
);

const nastyOrShort = fc.oneof(fc.constantFrom(...nastyTexts), fc.string({ maxLength: 40 }));

/** What a read takes besides its named filters: one or two members, since one odd one is refused for all. */
export function fuzzedQuery(view: {
  sorts: readonly string[];
  filters: readonly string[];
  includes: readonly string[];
  fields: readonly string[];
  pick: Pick;
}): fc.Arbitrary<Record<string, unknown>> {
  const text = nastyOrShort;
  const oneOf = (names: readonly string[]) =>
    names.length > 0 ? fc.constantFrom(...names, 'nonsense') : text;
  const sort = oneOf(view.sorts.flatMap(name => [name, `-${name}`]));
  const value = fc.oneof(text, fc.integer(), fc.double(), fc.constant(null));
  const cursorOf = (order: string, at: unknown) =>
    Buffer.from(JSON.stringify([order, at, '018f0000-0000-7000-8000-000000000000'])).toString('base64url');
  const members: Record<string, fc.Arbitrary<unknown>> = {
    id: fc.oneof(text, fc.constantFrom('C-1001', 'T-2001', 'R-1'), fc.constant('contact').map(view.pick)),
    search: fc.oneof(text, fc.constantFrom('brightly', '256 555 0171', 'a & b | !c', "o'hara", '((', '???')),
    filter: oneOf(view.filters),
    sort,
    limit: fc.constantFrom(1, 2, 100, 0, -1, 101, 1.5, 1e9),
    cursor: fc.oneof(
      text,
      fc.constantFrom('1', '999999', '018f0000-0000-7000-8000-000000000000'),
      value.map(at => cursorOf('', at)),
    ),
    include: fc.array(oneOf(view.includes), { maxLength: 3 }),
    fields: fc.array(oneOf(view.fields), { maxLength: 4 }),
    references: fc.boolean(),
  };
  const some = fc
    .uniqueArray(fc.constantFrom(...Object.keys(members)), { maxLength: 2 })
    .chain(names => fc.record(Object.fromEntries(names.map(name => [name, members[name] ?? text]))));
  const paged = fc.tuple(sort, value).map(([order, at]) => ({ sort: order, cursor: cursorOf(order, at) }));
  return fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: paged });
}
