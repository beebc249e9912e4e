import { listRows } from '../kernel/pipeline/preview.ts';
import {
  type Changed,
  type Difference,
  differenceWords,
  doubledIn,
  sidesOf,
  toldNames,
} from './differences.ts';
import type { Scene, ToldCall } from './scene.ts';
import {
  type Column,
  calledId,
  columnOf,
  type DeedReader,
  isEmpty,
  isSpan,
  itemWords,
  nameWords,
  valueWords,
} from './value-words.ts';

/** What is told of a call, and whether its verb says what becomes of the states of what it is about. */
interface Told {
  sentence: string;
  differences: readonly Difference[];
  scene: Scene;
  saysStates: boolean;
}

/** A value that somebody has to have read: in its words, uncut, with the title it must stand beside where it says little alone. */
interface Leaf {
  words: string | undefined;
  title?: string;
  isRef: boolean;
}

// What the verb of a call says of what it is about.
const states = /^(status|.*_status)$/;

/**
 * Whether a sentence and its differences say everything that a call does: every told value of every change, what was there
 * and what comes, uncut, and every row. Nothing may be allowed where less is shown (rule: show what runs).
 */
export function isAllTold(reader: DeedReader, { changes }: ToldCall, told: Told): boolean {
  const text = [told.sentence, ...told.differences.map(differenceWords)].join('\n');
  if (text.includes('…»') || changes.some(holdsMore)) return false;
  const uncut = { ...reader, longest: Number.POSITIVE_INFINITY };
  const rows = listRows([...changes]);
  const ids = new Set(rows.map(({ entity_id }) => entity_id));
  const counts = new Map<string, number>();
  return rows.every(entry => {
    const names = toldNames(reader, entry).filter(name => !isSaidByVerb(entry, name, told));
    const leaves = names.flatMap(name => leavesOf(uncut, entry, name, ids));
    const isSaid = leaves.every(leaf => {
      const { words = '' } = leaf;
      const count = leaf.isRef ? 1 : (counts.get(words) ?? 0) + 1;
      counts.set(words, count);
      return isLeafSaid(text, leaf, count);
    });
    return isSaid && isRowSaid(uncut, entry, { ...told, text, hasLeaves: leaves.length > 0 });
  });
}

// What was read out of a text, and what a merge takes over: told nowhere, and not nothing.
const holdsMore = ({ action, changes }: Changed): boolean =>
  action !== 'delete' &&
  ['extraction', 'facts', 'changed'].some(name => !isEmpty(sidesOf(changes[name]).new));

const isSaidByVerb = ({ action, entity_id }: Changed, name: string, { saysStates, scene }: Told): boolean =>
  saysStates && action !== 'create' && states.test(name) && scene.about.has(entity_id);

/** Whether the row itself is spoken of: what ends, and what changes beside, stands there by its name. */
function isRowSaid(
  reader: DeedReader,
  entry: Changed,
  { text, hasLeaves, scene }: Told & { text: string; hasLeaves: boolean },
): boolean {
  const { action, entity_id } = entry;
  const isOnly = scene.own.size < 2 && scene.about.has(entity_id) && scene.it !== undefined;
  if (isOnly || entity_id === scene.made?.entity_id) return true;
  const called = calledId(reader, entity_id);
  if (called !== undefined && text.includes(called)) return true;
  if (action === 'create' || scene.own.has(entity_id)) return action === 'create' && hasLeaves;
  // A part has no name: its values stand there.
  return called === undefined && hasLeaves && action !== 'delete' && action !== 'restore';
}

function leavesOf(reader: DeedReader, entry: Changed, name: string, ids: ReadonlySet<string>): Leaf[] {
  const { old, new: is } = sidesOf(entry.changes[name]);
  if (entry.action === 'delete' || JSON.stringify(old ?? null) === JSON.stringify(is ?? null)) return [];
  const column = columnOf(reader, entry.entity_type, name);
  const isDoubled = doubledIn(reader, entry).has(name);
  const isMade = entry.action === 'create';
  const sides = isMade ? [is] : changedParts(old, is);
  const leaves = sides.flatMap(value => leavesIn(reader, { column, isMade, isDoubled, ids }, value));
  const isNothing = isEmpty(old) && (isEmpty(is) || (isMade && (is === false || is === 0)));
  const isParent = ids.has(String(is)) || ids.has(String(old));
  const isUnsaid = leaves.length === 0 && !isNothing && !isMade && !isParent;
  return isUnsaid ? [{ words: undefined, isRef: false }] : leaves;
}

/** Of two lists or two objects what is in one of them alone. */
function changedParts(old: unknown, is: unknown): unknown[] {
  if (Array.isArray(old) && Array.isArray(is)) {
    const [before, after] = [old, is].map(list => new Set(list.map(item => JSON.stringify(item))));
    return [
      ...old.filter(item => !after?.has(JSON.stringify(item))),
      ...is.filter(item => !before?.has(JSON.stringify(item))),
    ];
  }
  if (!isMembers(old) || !isMembers(is)) return [old, is];
  const differs = (name: string) => JSON.stringify(old[name] ?? null) !== JSON.stringify(is[name] ?? null);
  const part = (of: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => differs(name)));
  return [part(old), part(is)];
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Within {
  column: Column;
  isMade: boolean;
  isDoubled: boolean;
  ids: ReadonlySet<string>;
}

const week = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

function leavesIn(reader: DeedReader, within: Within, value: unknown): Leaf[] {
  const { column, isMade, isDoubled, ids } = within;
  if (isEmpty(value) || (typeof value === 'string' && ids.has(value))) return [];
  if (isSpan(value)) return [{ words: itemWords(reader, column, value), isRef: true }];
  if (Array.isArray(value)) return value.flatMap(item => leavesIn(reader, within, item));
  if (isMembers(value))
    return Object.entries(value).flatMap(([name, member]) => {
      if (isDoubled && typeof member === 'boolean') return [];
      const inner = { ...columnOf(reader, '', name), isOurs: false };
      const leaves = leavesIn(reader, { ...within, column: inner }, member);
      const title = isDoubled || week.has(name) ? undefined : nameWords(name);
      return leaves.map(leaf => (title === undefined ? leaf : { ...leaf, title }));
    });
  if (isMade && (value === false || value === 0)) return [];
  const words = valueWords(reader, column, value);
  const isRef = column.kind === 'ref' || isDoubled;
  const isBare = typeof value === 'boolean' || typeof value === 'number' || column.kind === 'choice';
  return [{ words, isRef, ...(isBare && column.kind !== 'money' ? { title: column.title } : {}) }];
}

/** Whether the words stand there so often, and their title: what is ours outside of the marks of what somebody wrote. */
function isLeafSaid(text: string, { words, title }: Leaf, count: number): boolean {
  if (words === undefined || words === '') return false;
  if (title !== undefined && !text.includes(title)) return false;
  if (words.includes('«')) return text.split(words).length > count;
  const ours = text.replace(/«[^»]*»/g, '«»');
  const bounded = new RegExp(`(?<![\\w$.-])${words.replace(/[^\w\s]/g, '\\$&')}(?!\\w|[.,]\\d)`, 'g');
  return (ours.match(bounded) ?? []).length >= count;
}
