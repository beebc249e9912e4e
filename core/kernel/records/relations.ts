import type { Context, ReadContext } from '../pipeline/context.ts';
import { DeskhandError } from '../words/errors.ts';
import { counted, pluralOf, together } from '../words/plural.ts';
import {
  countChildren,
  deleteChildren,
  listChildIds,
  listHolding,
  restoreChildren,
  type Staying,
} from './child-queries.ts';
import type { Relation } from './field-shape.ts';
import type { RecordSpec, Row, StoredRow } from './record.ts';

// What the children of a record say about it: each relation is said once, by the child (architecture §4).

/** One kind of children: the record, and its column that points to the parent. */
export interface ChildRelation {
  readonly child: RecordSpec;
  readonly column: string;
  readonly to: Relation;
}

/** Every relation that is registered, by the record it points to. */
export function relationsOf(records: Iterable<RecordSpec>): ReadonlyMap<string, readonly ChildRelation[]> {
  const relations = new Map<string, ChildRelation[]>();
  for (const child of records) {
    for (const { column, field } of child.refs) {
      if (!field.to) continue;
      const known = relations.get(field.to.record) ?? [];
      relations.set(field.to.record, [...known, { child, column, to: field.to }]);
    }
  }
  return relations;
}

type Named = Pick<RecordSpec, 'name'>;

const childrenOf = ({ registry }: ReadContext, { name }: Named): readonly ChildRelation[] =>
  registry.relations.get(name) ?? [];

/** Throws INVALID_STATE while there are children that a parent cannot be deleted from. */
export async function requireFree(context: ReadContext, record: RecordSpec, id: string): Promise<void> {
  for (const relation of childrenOf(context, record)) {
    const { to, child } = relation;
    if (to.holds) {
      const holding = await listHolding(context, relation, id, to.holds.where);
      if (holding.length > 0) {
        throw new DeskhandError('INVALID_STATE', to.holds.message, {
          [child.plural]: holding,
          hint: to.holds.hint,
        });
      }
    }
    if (to.on_delete !== 'refuse') continue;
    const left = await countChildren(context, relation, id, to.counted);
    if (left === 0) continue;
    throw new DeskhandError('INVALID_STATE', `This ${record.noun} still has ${countedAs(left, relation)}.`, {
      hint: `Take them away first.`,
    });
  }
}

/** `this customer has 2 visits and 1 note`: what deleting it would lose sight of (CFL-52); undefined when nothing. */
export async function historyOf(
  context: ReadContext,
  record: RecordSpec,
  id: string,
): Promise<string | undefined> {
  const parts: string[] = [];
  for (const relation of childrenOf(context, record)) {
    if (!isHistory(relation)) continue;
    const count = await countChildren(context, relation, id, relation.to.counted);
    if (count > 0) parts.push(countedAs(count, relation));
  }
  return parts.length === 0 ? undefined : `this ${record.noun} has ${together(parts)}`;
}

/** Whether deleting such a record can lose a history. */
export const hasHistory = (
  record: RecordSpec,
  relations: ReadonlyMap<string, readonly ChildRelation[]>,
): boolean => record.history !== undefined || (relations.get(record.name) ?? []).some(isHistory);

/** What goes along counts too where it says which of it does. */
const isHistory = ({ to }: ChildRelation): boolean =>
  to.on_delete === 'history' || (to.on_delete === 'cascade' && to.counted !== undefined);

/**
 * Deletes with a parent what goes along with it, and makes the documents anew that hold its words. What is spared while it
 * is used goes last; what `stays`, and what is theirs, is left out. Answers the ids of what is gone, by record.
 */
export async function deleteAlong(
  context: Context,
  record: RecordSpec,
  id: string,
  stays?: Staying,
): Promise<Map<string, string[]>> {
  const gone = new Map<string, string[]>();
  const children = childrenOf(context, record);
  const sparing = children.filter(({ to }) => to.spares_used);
  for (const relation of [...children.filter(({ to }) => !to.spares_used), ...sparing]) {
    const { child, to } = relation;
    if (to.on_delete === 'cascade') {
      const ids = await deleteChildren(context, relation, id, { users: childrenOf(context, child), stays });
      gone.set(child.name, ids);
      reindex(context, relation, ids);
      if (ids.length > 0) await reindexAllChildren(context, child, ids);
    } else if (to.reindex) reindex(context, relation, await listChildIds(context, relation, [id]));
  }
  return gone;
}

/** What one record says of being the child of another. Throws where it says nothing. */
export function relationTo({ registry }: ReadContext, child: Named, parent: Named): ChildRelation {
  const found = registry.relations.get(parent.name)?.find(relation => relation.child.name === child.name);
  if (!found) throw new Error(`${child.name} does not point to ${parent.name}`);
  return found;
}

/** Brings back exactly what went with a parent: what was deleted by itself before stays deleted. */
export async function restoreAlong(
  context: Context,
  record: RecordSpec,
  id: string,
  deletedAt: string,
): Promise<void> {
  for (const relation of childrenOf(context, record)) {
    if (relation.to.on_delete === 'cascade')
      reindex(context, relation, await restoreChildren(context, relation, id, deletedAt));
    else if (relation.to.reindex) reindex(context, relation, await listChildIds(context, relation, [id]));
  }
}

/** Makes the documents of children anew whose words stand in the parent, when those have changed. */
export async function reindexChildren(
  context: Context,
  record: RecordSpec,
  row: StoredRow,
  before: Row,
): Promise<void> {
  for (const relation of childrenOf(context, record)) {
    const { reindex: columns } = relation.to;
    if (columns === undefined) continue;
    const told = columns === true ? Object.keys(record.fields) : columns;
    if (told.every(name => same(row[name], before[name]))) continue;
    reindex(context, relation, await listChildIds(context, relation, [row.id]));
  }
}

/** Makes the documents of all children anew that hold words of their parents, after many parents went at once. */
async function reindexAllChildren(
  context: Context,
  record: RecordSpec,
  ids: readonly string[],
): Promise<void> {
  for (const relation of childrenOf(context, record)) {
    if (relation.to.reindex) reindex(context, relation, await listChildIds(context, relation, ids));
  }
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function reindex(context: Context, { child }: ChildRelation, ids: readonly string[]): void {
  for (const id of ids) context.reindex(child.name, id);
}

/** What one child is called: `visit`. */
export const nounOf = ({ to, child }: ChildRelation): string => to.noun ?? child.noun;

/** What several children are called: `visits`. */
export const nounsOf = ({ to, child }: ChildRelation): string =>
  to.noun === undefined ? child.nouns : pluralOf(to.noun);

const countedAs = (count: number, relation: ChildRelation) =>
  counted(count, nounOf(relation), nounsOf(relation));
