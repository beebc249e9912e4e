import { z } from 'zod';
import type { Context } from '../pipeline/context.ts';
import { moveChildren, returnChildren } from './child-queries.ts';
import type { RecordSpec } from './record.ts';
import { nounOf, nounsOf } from './relations.ts';

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
  fromId: string,
  toId: string,
): Promise<MovedChildren[]> {
  const relations = context.registry.relations.get(record.name) ?? [];
  const gone: MovedChildren[] = [];
  for (const { record: child, column, ids } of moved) {
    const relation = relations.find(one => one.child.name === child && one.column === column);
    if (!relation) throw new Error(`${child} belongs to no ${record.name} by ${column}`);
    const back = await returnChildren(context, relation, ids, fromId, toId);
    for (const id of back) context.reindex(child, id);
    const missing = ids.filter(id => !back.includes(id));
    if (missing.length > 0) gone.push({ record: child, column, ids: missing });
  }
  return gone;
}

/** `2 visits and 1 note`; nothing when nothing went. */
export function tellMoved(context: Context, record: RecordSpec, moved: readonly MovedChildren[]): string[] {
  const relations = context.registry.relations.get(record.name) ?? [];
  return moved.map(({ record: child, column, ids }) => {
    const relation = relations.find(one => one.child.name === child && one.column === column);
    if (!relation) throw new Error(`${child} belongs to no ${record.name} by ${column}`);
    return `${ids.length} ${ids.length === 1 ? nounOf(relation) : nounsOf(relation)}`;
  });
}
