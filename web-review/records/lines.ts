import type { Field } from '../../core/kernel/records/field-shape.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { itemsOf, type JsonSchema, jsonSchemaOf } from '../../core/kernel/words/parse-input.ts';
import { formatPhone } from '../../core/kernel/words/phone.ts';
import { asBefore, factsText, readFacts } from './facts-text.ts';

// A list inside a row, such as the telephone numbers of a customer, is asked for line by line. The fields of a line are
// called `phones.0.number`, `phones.0.type`; a list of plain texts has `steps.0`.

/** One member of a line, as a form asks for it. */
export interface LineMember {
  /** '' where a line is one plain text. */
  name: string;
  kind: 'text' | 'number' | 'choice' | 'boolean' | 'facts' | 'one_of_all';
  options: readonly string[];
  /** What it is when nobody says. */
  usual: string;
  most: number;
}

/** The members of a line that a form can ask for; none for what is no list of such. */
export function lineMembersOf({ kind, given }: Pick<Field, 'kind' | 'given'>): readonly LineMember[] {
  if (kind !== 'list' || !given) return [];
  const item = itemsOf(jsonSchemaOf(given, 'input'));
  if (!item) return [];
  if (item.type === 'string') return [memberOf('', item)];
  return Object.entries(item.properties ?? {}).map(([name, schema]) => memberOf(name, schema));
}

/** So many lines a list takes. */
export const mostLines = ({ given }: Pick<Field, 'given'>): number => {
  const { maxItems } = given ? jsonSchemaOf(given, 'input') : {};
  return typeof maxItems === 'number' ? maxItems : 30;
};

function memberOf(name: string, schema: JsonSchema): LineMember {
  const options = Array.isArray(schema.enum) ? schema.enum.map(String) : [];
  const usual = schema.default === undefined ? '' : String(schema.default);
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 300;
  return { name, kind: kindOf(name, schema), options, usual, most };
}

function kindOf(name: string, { type, enum: words }: JsonSchema): LineMember['kind'] {
  if (Array.isArray(words)) return 'choice';
  // Of several lines one is the first that is tried.
  if (type === 'boolean') return name === 'primary' ? 'one_of_all' : 'boolean';
  if (type === 'object') return 'facts';
  return type === 'integer' || type === 'number' ? 'number' : 'text';
}

/** What a member of a line is called in a form. What is one of all lines has one name: its value is the line. */
export const nameAt = (list: string, line: number, { name, kind }: Pick<LineMember, 'name' | 'kind'>) =>
  kind === 'one_of_all' ? `${list}.${name}` : [list, line, name].filter(part => part !== '').join('.');

/** Ticked: this line goes. */
export const removalAt = (list: string, line: number): string => `${list}.${line}.remove_line`;

/** A list of a row as somebody would type it. */
export function typedLines(
  list: string,
  field: Field,
  { value, country }: { value: unknown; country: string },
): [string, string][] {
  const members = lineMembersOf(field);
  const lines: unknown[] = Array.isArray(value) ? value : [];
  return lines.flatMap((line, at) =>
    members.flatMap((member): [string, string][] => {
      const held = heldBy(line, member);
      if (member.kind === 'one_of_all') return held === true ? [[nameAt(list, at, member), String(at)]] : [];
      if (member.kind === 'boolean') return held === true ? [[nameAt(list, at, member), 'yes']] : [];
      const text = member.kind === 'facts' ? factsText(held) : shownText(held, country);
      return [[nameAt(list, at, member), text]];
    }),
  );
}

/** A telephone number as people write it; everything else as it is. */
const shownText = (held: unknown, country: string): string => {
  const text = String(held ?? '');
  return /^\+\d{8,15}$/.test(text) ? formatPhone(text, country) : text;
};

const heldBy = (line: unknown, { name }: LineMember): unknown => {
  if (name === '') return line;
  return typeof line === 'object' && line !== null ? Reflect.get(line, name) : undefined;
};

type Texts = Readonly<Record<string, string>>;

/** How many lines somebody typed, the empty ones too. */
export function countLines(list: string, typed: Texts): number {
  const lines = Object.keys(typed).flatMap(name => {
    const [, line] = name.startsWith(`${list}.`)
      ? (/^\.(\d{1,3})(?:\.|$)/.exec(name.slice(list.length)) ?? [])
      : [];
    return line === undefined ? [] : [Number(line) + 1];
  });
  return Math.min(Math.max(0, ...lines), 100);
}

/** The lines that are meant: neither ticked to go nor empty, by their place in the form. */
export function linesMeant(list: string, field: Field, typed: Texts): number[] {
  const members = lineMembersOf(field).filter(({ kind }) => ['text', 'number', 'facts'].includes(kind));
  const places = Array.from({ length: countLines(list, typed) }, (_, line) => line);
  return places.filter(
    line =>
      typed[removalAt(list, line)] === undefined &&
      members.some(member => (typed[nameAt(list, line, member)] ?? '') !== ''),
  );
}

/** What the lines of a form say, to be compared with another one. */
export const linesText = (list: string, field: Field, typed: Texts): string =>
  JSON.stringify(
    linesMeant(list, field, typed).map(line =>
      lineMembersOf(field).map(member => {
        const text = typed[nameAt(list, line, member)] ?? '';
        return member.kind === 'one_of_all' ? text === String(line) : text;
      }),
    ),
  );

/** What somebody typed as the member of an action. Throws VALIDATION_ERROR at the field, counted as it would be sent. */
export function readLines(list: string, field: Field, typed: Texts, before: unknown): unknown[] {
  const members = lineMembersOf(field);
  const known: unknown[] = Array.isArray(before) ? before : [];
  return linesMeant(list, field, typed).map((line, sent) => {
    const was = known[line];
    const entries = members.flatMap(member => {
      const text = typed[nameAt(list, line, member)] ?? '';
      const value = readMember(member, text, {
        line,
        field: nameAt(list, sent, { ...member, kind: 'text' }),
        was: heldBy(was, member),
      });
      return value === undefined ? [] : [[member.name, value] as const];
    });
    const [first] = entries;
    return first?.[0] === '' ? first[1] : Object.fromEntries(entries);
  });
}

function readMember(
  { kind }: LineMember,
  text: string,
  { line, field, was }: { line: number; field: string; was: unknown },
): unknown {
  if (kind === 'one_of_all') return text === String(line);
  if (kind === 'boolean') return text === 'yes';
  if (text === '') return undefined;
  if (kind === 'facts') return readFacts(field, text, was);
  if (kind !== 'number') return asBefore(was, text);
  if (Number.isFinite(Number(text))) return Number(text);
  throw invalid(field, 'This is not a number.', { got: text.slice(0, 40) });
}
