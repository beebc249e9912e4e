import type { RedactionKind } from '../words/number-scan.ts';
import { itemsOf, type JsonSchema } from '../words/parse-input.ts';
import { redactTogether } from '../words/redact-together.ts';
import { redact } from '../words/redaction.ts';

/** What was taken out of one member, or has to be kept out of it. */
export interface Finding {
  path: readonly string[];
  kinds: readonly RedactionKind[];
  /** It stands where no marker can take its place: in the name of a member. */
  isName?: true;
}

interface Leaf {
  path: readonly string[];
  text: string;
  /** The list it is an item of, if it is one. */
  list: string | undefined;
}

/**
 * Takes card numbers and their like out of every text in an input, whatever member it stands in, also when one number is
 * spread over neighbouring members (SAN-01). The schema says what is no text: choices, references and ids, and members
 * with a `text_kind`, whose own rules judge them. Answers a new value.
 */
export function redactMembers(schema: JsonSchema, input: unknown): { value: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const leaves: Leaf[] = [];
  const alone = mapTexts(input, [schema], [], {
    text(text, path, kind) {
      if (kind === 'phone' && isTooShortForCard(text)) return text;
      const { text: clean, found } = redact(text);
      if (kind === 'phone' && !found.includes('CARD')) return text;
      if (found.length > 0) findings.push({ path, kinds: found });
      if (kind === undefined) leaves.push({ path, text: clean, list: listOf(path) });
      return clean;
    },
    name(name, path) {
      const { found } = redact(name);
      if (found.length > 0) findings.push({ path, kinds: found, isName: true });
    },
  });
  const spread = redactTogether(leaves);
  if (spread.size === 0) return { value: alone, findings };
  for (const [index, { kinds }] of spread) {
    const { path = [] } = leaves[index] ?? {};
    findings.push({ path, kinds });
  }
  const texts = leaves.map(({ text }, index) => spread.get(index)?.text ?? text);
  let next = 0;
  const value = mapTexts(alone, [schema], [], {
    text: (text, _path, kind) => (kind === undefined ? (texts[next++] ?? text) : text),
    name: () => undefined,
  });
  return { value, findings };
}

/** Most telephone numbers are written in figures, and no card has so few of them. */
const isTooShortForCard = (text: string): boolean =>
  /^[0-9 ()+./-]*$/.test(text) && text.replace(/[^0-9]/g, '').length < 13;

/** The value with another text at the path. */
export function withTextAt(value: unknown, path: readonly string[], text: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === step ? withTextAt(item, rest, text) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [step]: withTextAt(Reflect.get(value, step), rest, text) };
}

interface Reader {
  text(text: string, path: readonly string[], kind: string | undefined): string;
  /** The name of a member that the caller chose. */
  name(name: string, path: readonly string[]): void;
}

function mapTexts(
  value: unknown,
  schemas: readonly JsonSchema[],
  path: readonly string[],
  read: Reader,
): unknown {
  const options = schemas.flatMap(optionsOf);
  if (typeof value === 'string') return isText(options) ? read.text(value, path, kindOf(options)) : value;
  if (typeof value === 'number') return mapNumber(value, options, path, read);
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      mapTexts(item, itemSchemas(options, index), [...path, String(index)], read),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const known = options.flatMap(({ properties }) => schemaOf(properties?.[name]));
      if (known.length === 0) read.name(name, [...path, name]);
      const own = options.flatMap(({ additionalProperties }) => schemaOf(additionalProperties));
      return [name, mapTexts(member, known.length > 0 ? known : own, [...path, name], read)];
    }),
  );
}

/** A number where a text may stand too, as in fields of one's own, is one that was written. */
function mapNumber(value: number, options: readonly JsonSchema[], path: readonly string[], read: Reader) {
  if (!options.some(({ type }) => type === 'string')) return value;
  const written = String(value);
  const text = read.text(written, path, undefined);
  return text === written ? value : text;
}

const optionsOf = (schema: JsonSchema): JsonSchema[] =>
  schema.anyOf ? schema.anyOf.flatMap(optionsOf) : [schema];

const schemaOf = (value: unknown): JsonSchema[] => (isSchema(value) ? [value] : []);

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

function itemSchemas(options: readonly JsonSchema[], index: number): JsonSchema[] {
  return options.flatMap(option => {
    const prefix: unknown[] = Array.isArray(option.prefixItems) ? option.prefixItems : [];
    return schemaOf(index < prefix.length ? prefix[index] : itemsOf(option));
  });
}

/** What no schema describes is text too: better looked at once too often. */
const isText = (options: readonly JsonSchema[]): boolean => {
  const texts = options.filter(({ type }) => type === undefined || type === 'string');
  return texts.length === 0 || texts.some(option => !isJudgedElsewhere(option));
};

const isJudgedElsewhere = ({ enum: choices, const: one, ref, format, text_kind }: JsonSchema): boolean =>
  [choices, one, ref].some(said => said !== undefined) ||
  text_kind === 'code' ||
  format === 'uuid' ||
  format === 'date-time';

const kindOf = (options: readonly JsonSchema[]): string | undefined =>
  options.some(({ text_kind }) => text_kind === 'phone') ? 'phone' : undefined;

const listOf = (path: readonly string[]): string | undefined =>
  /^[0-9]+$/.test(path.at(-1) ?? '') ? path.slice(0, -1).join('.') : undefined;
