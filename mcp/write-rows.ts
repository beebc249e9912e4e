import { compact, isMarked, isNothing, isSaidBeside, type Members, ownWord } from './compact.ts';
import type { JsonWriter } from './json-writer.ts';
import type { Manner, Member, Wording } from './wording.ts';

// The rows of a list have the same members, so what their names say is found out once for all of them, and no row is made only to be
// written. What is said is what `compact` says, word for word.

export interface RowsPlace {
  wordingOf: (row: unknown) => Wording;
  mannerOf: (wording: Wording) => Manner;
  timeZone: string;
}

/** Writes a list of rows as `compact` answers each of them. */
export function writeRows(
  writer: JsonWriter,
  rows: readonly Members[],
  { wordingOf, mannerOf, timeZone }: RowsPlace,
): void {
  let shape: Shape | undefined;
  let wording: Wording | undefined;
  writer.sign('[');
  for (const row of rows) {
    if (shape) writer.sign(',');
    const names = Object.keys(row);
    const isWorded = wordingOf(row);
    if (!shape || isWorded !== wording || !isSame(shape.names, names)) {
      wording = isWorded;
      shape = shapeOf(names, mannerOf(wording));
    }
    const { manner, columns, whole, inside } = shape;
    if (columns) writeRow(writer, row, { manner: inside, columns, timeZone });
    else writer.json(JSON.stringify(compact(row, whole, { manner, timeZone })));
  }
  writer.sign(']');
}

/** What is known of rows by the names of their members. */
interface Shape {
  names: readonly string[];
  manner: Manner;
  whole: Member;
  inside: Manner;
  /** Undefined where more has to be known than the names. */
  columns: readonly Column[] | undefined;
}

interface Column {
  name: string;
  member: Member;
  /** `,"full_name":` */
  key: Uint8Array;
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name, index) => name === others[index]);

const shapes = new WeakMap<Manner, Map<string, Shape>>();
/** Shapes that are remembered in each manner: lists are asked for with any of their members. */
const most = 200;

function shapeOf(names: readonly string[], manner: Manner): Shape {
  const known = shapes.get(manner) ?? new Map<string, Shape>();
  shapes.set(manner, known);
  const together = names.join(' ');
  const before = known.get(together);
  // Names may hold blanks.
  if (before && isSame(before.names, names)) return before;
  const found = findShape(names, manner);
  if (known.size < most) known.set(together, found);
  return found;
}

function findShape(names: readonly string[], manner: Manner): Shape {
  const whole = manner.member('');
  const { inside } = whole;
  const known = { names, manner, whole, inside };
  if (isOne(names) || names.some(name => inside.member(name).key !== name || name === 'actor_name'))
    return { ...known, columns: undefined };
  const beside = Object.fromEntries(names.map(name => [name, undefined]));
  const columns = names
    .map(name => inside.member(name))
    .filter(member => !member.isForPrograms && !isSaidBeside(member, undefined, beside))
    .map(member => ({ name: member.name, member, key: keyOf(member) }));
  return { ...known, columns };
}

/** Whether members are one value: a name with its id, or the sides of a change. */
const isOne = (names: readonly string[]): boolean =>
  names.every(name => name === 'old' || name === 'new') ||
  (names.length === 2 && names.includes('id') && names.includes('name'));

const keys = new WeakMap<Member, Uint8Array>();

function keyOf(member: Member): Uint8Array {
  const made = keys.get(member) ?? Buffer.from(`,${JSON.stringify(member.key)}:`);
  keys.set(member, made);
  return made;
}

interface RowPlace {
  manner: Manner;
  columns: readonly Column[];
  timeZone: string;
}

function writeRow(writer: JsonWriter, row: Members, place: RowPlace): void {
  let afterComma = 1;
  writer.sign('{');
  for (const { name, member, key } of place.columns) {
    const held = row[name];
    if (typeof held === 'string') {
      writer.piece(key, afterComma);
      const marked = isMarked(held, member, place);
      writer.text(marked ? held : ownWord(held, member, place), marked);
    } else {
      if (isNothing(held) || isSaidBeside(member, held, row)) continue;
      writer.piece(key, afterComma);
      writer.json(JSON.stringify(compact(held, member, place)));
    }
    afterComma = 0;
  }
  writer.sign('}');
}
