import { z } from 'zod';
import type { Context } from '../pipeline/context.ts';
import { moveChildren, returnChildren } from './child-queries.ts';
import type { RecordSpec } from './record.ts';

// What belongs to a row goes over to another one of its kind, by the relations that the children say (CON-24).

/** The children of one kind that went over. */
export const movedChildren = z.object({ record: z.string(), column: z.string(), ids: z.array(z.string()) });
export type MovedChildren = z.infer<typeof movedChildren>;

/** Gives everything that belongs to one row to another, but for what says that it stays; answers what went. */
export async function moveAll(
  context: Context,
  record: RecordSpec,
  fromId: string,
  toId: string,
): Promise<MovedChildren[]> {
  const moved: MovedChildren[] = [];
  for (const relation of context.registry.relations.get(record.name) ?? []) {
    const ids = await moveChildren(context, relation, fromId, toId);
    if (ids.length === 0) continue;
    for (const id of ids) context.reindex(relation.child.name, id);
    moved.push({ record: relation.child.name, column: relation.column, ids });
  }
  return moved;
}

/** Gives back what went over, and answers what somebody has moved on since: it stays where it is. */
export async function returnAll(
  context: Context,
  record: RecordSpec,
  moved: readonly MovedChildren[],
  ways: { fromId: string; toId: string },
): Promise<MovedChildren[]> {
  const relations = context.registry.relations.get(record.name) ?? [];
  const gone: MovedChildren[] = [];
  for (const { record: child, column, ids } of moved) {
    const relation = relations.find(one => one.child.name === child && one.column === column);
    if (!relation) throw new Error(`${child} belongs to no ${record.name} by ${column}`);
    const back = await returnChildren(context, relation, ids, ways);
    for (const id of back) context.reindex(child, id);
    const missing = ids.filter(id => !back.includes(id));
    if (missing.length > 0) gone.push({ record: child, column, ids: missing });
  }
  return gone;
}

/** How many of each kind went, by the name of their list: `{tickets: 2, notes: 1}`. */
export function countMoved({ registry }: Context, moved: readonly MovedChildren[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { record, ids } of moved) {
    if (ids.length === 0) continue;
    const plural = registry.records.get(record)?.plural ?? record;
    counts[plural] = (counts[plural] ?? 0) + ids.length;
  }
  return counts;
}
