import { z } from 'zod';
import type { Change } from '../kernel/pipeline/audit-entry.ts';
import {
  type Column,
  calledId,
  columnOf,
  type DeedReader,
  isEmpty,
  itemWords,
  nameWords,
  nothing,
  valueWords,
} from './value-words.ts';

/** What really differs in one place: a field, a day of the hours, a member of the custom fields. */
export interface Difference {
  /** Whose row it is. */
  entity_id: string;
  kind: Column['kind'];
  /** The column, when it is the whole of one. */
  name?: string;
  /** `price`, `Saturday` */
  label: string;
  /** What was and what is there; undefined for what was not there before, or is not any more. */
  from?: string;
  to?: string;
  /** Of an amount: whether it grows. */
  grows?: boolean;
  /** A row that comes into being beside what the call is about. */
  is_made?: true;
}

export type Changed = Pick<
  Change,
  'entity_type' | 'entity_id' | 'subject_type' | 'subject_id' | 'action' | 'changes'
>;

const pair = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});

export const sidesOf = (value: unknown): { old: unknown; new: unknown } => {
  const { old, new: is } = pair.parse(value);
  return { old, new: is };
};

// Keys, counters, and what follows from the verb: whoever cancels a visit sets the time at which it was cancelled.
const dull = new Set([
  ...['id', 'organization_id', 'reference', 'version', 'currency', 'position', 'digest', 'source'],
  ...[
    'created_at',
    'created_by',
    'updated_at',
    'updated_by',
    'deleted_at',
    'extraction',
    'extracted_by',
    'extraction_status',
  ],
  ...[
    'is_confirmed',
    'file_hash',
    'public_key',
    'keys',
    'changed',
    'is_rejected',
    'since',
    'facts',
    'at',
    'country',
  ],
]);
const implied =
  /^(ended|cancelled|canceled|closed|confirmed|converted|undone|paid|sent|archived|issued|completed)_(at|by|on)$/;

/**
 * Everything of these changes that an owner would call a difference, in order; what follows from other fields is left out.
 * `own` are the rows of which the sentence says already what becomes of them.
 */
export function differencesOf(
  reader: DeedReader,
  changes: readonly Changed[],
  own: ReadonlySet<string> = new Set(),
): Difference[] {
  return changes.flatMap(entry => {
    if (entry.action === 'create') return [madeBeside(reader, entry)];
    const ended = endings[entry.action];
    if (ended !== undefined) return own.has(entry.entity_id) ? [] : [endedBeside(reader, entry, ended)];
    return toldFields(reader, entry).flatMap(name => differencesIn(reader, entry, name));
  });
}

const endings: Readonly<Record<string, string>> = { delete: 'deleted', restore: 'brought back' };

function toldFields(reader: DeedReader, entry: Changed): string[] {
  const doubled = doubledIn(reader, entry);
  return toldNames(reader, entry).filter(name => !doubled.has(name) && name !== `${entry.subject_type}_id`);
}

/** The columns of a change that are not only ours to keep: what somebody has to be told of. */
export function toldNames({ registry }: DeedReader, { entity_type, changes }: Changed): string[] {
  const fields = registry.records.get(entity_type)?.fields ?? {};
  return Object.keys(changes).filter(name => {
    const field = fields[name];
    return !dull.has(name) && !implied.test(name) && field?.told !== false && !field?.internal;
  });
}

/** The lists behind a main address, which say what the address says. */
export function doubledIn({ registry }: DeedReader, { entity_type, changes }: Changed): ReadonlySet<string> {
  const fields = registry.records.get(entity_type)?.fields ?? {};
  return new Set(Object.keys(changes).flatMap(name => fields[name]?.follows ?? []));
}

/** What a kind of row is called: `line` of a visit for `ticket_line`. */
export const nounOf = ({ registry }: DeedReader, { entity_type, subject_type }: Changed): string =>
  registry.records.get(entity_type)?.noun ?? entity_type.replace(`${subject_type}_`, '').replaceAll('_', ' ');

const mostFacts = 4;

/** A row that comes into being with what the sentence is about: `new line: service S-1 «Gutters», quantity 2`. */
function madeBeside(reader: DeedReader, entry: Changed): Difference {
  const facts = factsOf(reader, entry).slice(0, mostFacts);
  return {
    entity_id: entry.entity_id,
    kind: 'own',
    is_made: true,
    label: `new ${nounOf(reader, entry)}${facts.length > 0 ? ':' : ''}`,
    to: facts.join(', '),
  };
}

/** What is to be known of a new row: of a record what its lists show and how it is called, of a part all but its states. */
export function factsOf(reader: DeedReader, entry: Changed, besides = ''): string[] {
  const fields = reader.registry.records.get(entry.entity_type)?.fields;
  const said = new Set<string>();
  return toldFields(reader, entry).flatMap(name => {
    const field = fields?.[name];
    if (fields && field?.list !== true && field?.label !== true) return [];
    const [only, ...more] = differencesIn(reader, entry, name);
    if (!only || more.length > 0 || only.kind === 'choice' || only.label === 'duration') return [];
    const value = only.to ?? '';
    const bare = /«([^»]*)»/.exec(value)?.[1] ?? value;
    if (besides.includes(bare) || said.has(bare)) return [];
    said.add(bare);
    return [differenceWords(only)];
  });
}

function endedBeside(reader: DeedReader, entry: Changed, ended: string): Difference {
  const called = calledId(reader, entry.entity_id);
  const label = [nounOf(reader, entry), called].filter(Boolean).join(' ');
  return { entity_id: entry.entity_id, kind: 'own', label, to: ended };
}

function differencesIn(reader: DeedReader, entry: Changed, name: string): Difference[] {
  const { old: was, new: is } = sidesOf(entry.changes[name]);
  const column = columnOf(reader, entry.entity_type, name);
  const { entity_id } = entry;
  const about = { entity_id, kind: column.kind };
  if (isPlainObject(was) || isPlainObject(is))
    return memberDifferences(reader, about, isPlainObject(was) ? was : {}, isPlainObject(is) ? is : {});
  if (Array.isArray(was) || Array.isArray(is))
    return listDifferences(reader, about, column, { was: asList(was), is: asList(is) });
  const [from, to] = [valueWords(reader, column, was), valueWords(reader, column, is)];
  if (from === undefined || to === undefined || from === to) return [];
  if (from === nothing && (is === false || is === 0)) return [];
  return [
    {
      ...about,
      name,
      label: column.title,
      ...sides(from, to),
      ...(typeof was === 'number' && typeof is === 'number' ? { grows: is > was } : {}),
    },
  ];
}

const sides = (from: string, to: string) => ({
  ...(from === nothing ? {} : { from }),
  ...(to === nothing ? {} : { to }),
});

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Of two objects the members that are not the same: of opening hours the changed days, in the order of the week. */
function memberDifferences(
  reader: DeedReader,
  about: Pick<Difference, 'entity_id' | 'kind'>,
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): Difference[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const isWeek = names.every(name => week.includes(name));
  const empty = isWeek ? 'closed' : nothing;
  const ordered = isWeek ? week.filter(day => names.includes(day)) : names;
  return ordered.flatMap(name => {
    if (JSON.stringify(was[name] ?? null) === JSON.stringify(is[name] ?? null)) return [];
    const column = { ...columnOf(reader, '', name), isOurs: false };
    const [from, to] = [was[name], is[name]].map(value =>
      isEmpty(value) ? empty : valueWords(reader, column, value),
    );
    if (from === undefined || to === undefined || from === to) return [];
    const label = isWeek ? (days[week.indexOf(name)] ?? name) : nameWords(name);
    return [{ ...about, kind: 'own', label, ...sides(from, to) }];
  });
}

/** Of two lists what was taken out and what was put in. */
function listDifferences(
  reader: DeedReader,
  about: Pick<Difference, 'entity_id' | 'kind'>,
  column: Column,
  { was, is }: { was: readonly unknown[]; is: readonly unknown[] },
): Difference[] {
  const told = (list: readonly unknown[]) => [
    ...new Set(list.flatMap(item => itemWords(reader, column, item) ?? [])),
  ];
  const [before, after] = [told(was), told(is)];
  const gone = before.filter(item => !after.includes(item)).join(', ');
  const put = after.filter(item => !before.includes(item)).join(', ');
  if (gone === '' && put === '') return [];
  return [{ ...about, label: column.title, ...sides(gone || nothing, put || nothing) }];
}

/** `price $150.00 → $175.00`, `tags «vip»`, `note «…» removed` */
export function differenceWords({ label, from, to }: Difference): string {
  if (from === undefined) return `${label} ${to ?? nothing}`.trim();
  return to === undefined ? `${label} ${from} removed` : `${label} ${from} → ${to}`;
}
