import { z } from 'zod';
import { isUuid } from '../database/ids.ts';
import { identifier, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { mayRead } from '../pipeline/roles.ts';
import { quoteStart } from '../words/quote.ts';
import { besideReference } from './beside-reference.ts';
import type { PointsTo } from './pointers.ts';
import type { RecordSpec, StoredRow } from './record.ts';
import { listByIds } from './record-queries.ts';
import type { RefPath } from './ref-paths.ts';
import { looksLikeReference } from './reference.ts';

/** How an answer says what it points to: by ids, by references (`C-1042`), or named (`C-1042 «Jane Smith»`). */
export type Calling = boolean | 'named';

/** A longer name is cut off: what it belongs to is said by the reference. */
const longestName = 60;

/**
 * Replaces ids in what is about to be answered by what people call them, wherever a member points to a record (`contact_id`,
 * `technician_ids`, `rescheduled_from_id`): an agent spends four tokens on `C-1042` and twenty-three on an id, and an id says
 * nothing to anybody. What has no reference goes by its name: `Theo`. One look-up per kind of record. Answers a new value;
 * ids of what this caller may not read stay, or go by their reference alone.
 */
export async function withReferences<T>(context: ReadContext, value: T, calling: true | 'named'): Promise<T> {
  const { records, pointsTo } = context.registry;
  const wanted = new Map<string, Set<string>>();
  walk(value, pointsTo, (record, id) => {
    wanted.set(record, (wanted.get(record) ?? new Set()).add(id));
    return id;
  });
  if (wanted.size === 0) return value;
  const called = new Map<string, string>();
  const somebody = [...(wanted.get(anybody) ?? [])];
  if (calling === 'named' && somebody.length > 0) {
    for (const record of records.values()) {
      if (record.reference || !mayRead(context.actor, context.registry.view(record.plural).spec)) continue;
      for (const row of await listByIds(context, record, somebody, { deleted: true }))
        called.set(keyOf(anybody, row.id), nameOf(context, record, row));
    }
  }
  const call = async (name: string, ids: ReadonlySet<string>) => {
    const record = records.get(name);
    if (!record) return;
    const isNamed = calling === 'named' && mayRead(context.actor, context.registry.view(record.plural).spec);
    for (const row of isNamed ? await listByIds(context, record, [...ids], { deleted: true }) : [])
      called.set(keyOf(name, row.id), nameOf(context, record, row));
    const nameless = [...ids].filter(id => !called.has(keyOf(name, id)));
    if (!record.reference || nameless.length === 0) return;
    for (const { id, reference } of await listReferences(context, record, nameless))
      called.set(keyOf(name, id), reference);
  };
  await Promise.all([...wanted].map(([name, ids]) => call(name, ids)));
  if (called.size === 0) return value;
  return walk(value, pointsTo, (record, id) => called.get(keyOf(record, id)) ?? id);
}

// Ids of which no name says what they point to are mostly whoever did something: looked for among what has no references.
const anybody = '*';

const keyOf = (record: string, id: string) => `${record} ${id}`;

/** `C-1042 «Jane Smith»`; what has no reference by its name alone, what has no name by its reference. */
function nameOf({ registry }: ReadContext, record: RecordSpec, row: StoredRow): string {
  const reference = typeof row.reference === 'string' ? row.reference : undefined;
  const label = besideReference(record.label(row), reference ?? '');
  if (reference !== undefined)
    return label === '' ? reference : `${reference} ${quoteStart(label, longestName)}`;
  const isOurs = registry.domains.some(
    ({ whose, records = [] }) => whose === 'ours' && records.includes(record),
  );
  return isOurs ? label.slice(0, longestName).replace(/[«»]/g, '"') : quoteStart(label, longestName);
}

function listReferences(context: ReadContext, record: RecordSpec, ids: readonly string[]) {
  return context.tx.many(
    z.object({ id: z.string(), reference: z.string() }),
    sql`
    select id, reference
    from ${identifier(record.table)}
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])`,
  );
}

type Replace = (record: string, id: string) => string;

/**
 * The value with what stands in each member that points to a record replaced. Parts in which nothing is are not made anew: every
 * answer to an agent passes here, and few of its members point anywhere.
 */
function walk<T>(value: T, pointsTo: PointsTo, replace: Replace): T;
function walk(value: unknown, pointsTo: PointsTo, replace: Replace): unknown {
  if (Array.isArray(value)) return changed(value, item => walk(item, pointsTo, replace));
  if (!isMembers(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (isOwnId(name, member) || !mayHoldIds(member)) continue;
    const pointed = typeSaid(value, name) ?? pointsTo(name) ?? pointsToOne(name, pointsTo);
    const record = pointed ?? (isId(member) ? anybody : undefined);
    const next =
      record === undefined ? walk(member, pointsTo, replace) : at(member, record, pointsTo, replace);
    if (next === member) continue;
    copy ??= { ...value };
    copy[name] = next;
  }
  return copy ?? value;
}

/** What a member holds that points to one kind of record: one id, several, or both sides of a change. */
function at(member: unknown, record: string, pointsTo: PointsTo, replace: Replace): unknown {
  if (typeof member === 'string') return isUuid(member) ? replace(record, member) : member;
  if (Array.isArray(member)) return changed(member, item => at(item, record, pointsTo, replace));
  if (typeof member !== 'object' || member === null) return member;
  const isChange = Object.keys(member).every(side => side === 'old' || side === 'new');
  if (!isChange) return walk(member, pointsTo, replace);
  return Object.fromEntries(
    Object.entries(member).map(([side, held]) => [side, at(held, record, pointsTo, replace)]),
  );
}

/** It says which one this is, and points nowhere. */
const isOwnId = (name: string, member: unknown): boolean => name === 'id' && typeof member === 'string';

/** A text that is no id says itself what it is, whatever its member may point to. */
function mayHoldIds(member: unknown): boolean {
  if (typeof member === 'string') return isUuid(member);
  return Array.isArray(member) ? member.length > 0 : typeof member === 'object' && member !== null;
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The list itself where no item became another. */
function changed(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const next = items.map(change);
  return next.some((item, index) => item !== items[index]) ? next : items;
}

/** `technician_ids`: what one of them points to. */
const pointsToOne = (names: string, pointsTo: PointsTo) =>
  names.endsWith('s') ? pointsTo(names.slice(0, -1)) : undefined;

const isId = (member: unknown): boolean => typeof member === 'string' && isUuid(member);

// {subject_type: "ticket", subject_id: …} says the record's name beside the id.
function typeSaid(owner: object, name: string): string | undefined {
  if (!name.endsWith('_id')) return undefined;
  const said: unknown = Reflect.get(owner, `${name.slice(0, -3)}_type`);
  return typeof said === 'string' ? said : undefined;
}

/** What the words of a caller were taken to mean, by member: those that are neither ids nor references (`Mrs Hart`). */
export function meantBy(
  paths: readonly RefPath[],
  given: Readonly<Record<string, unknown>>,
  resolved: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const members = paths.flatMap(({ path: [name = '', ...inside] }) => {
    const words = given[name];
    const isSaid = typeof words === 'string' && !isUuid(words.trim()) && !looksLikeReference(words.trim());
    return inside.length === 0 && isSaid ? [[name, resolved[name]] as const] : [];
  });
  return Object.fromEntries(members);
}
