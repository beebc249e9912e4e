import type { ReversalContext } from '../kernel/pipeline/context.ts';
import { listPointing } from '../kernel/records/put-back.ts';
import type { RecordSpec, Row } from '../kernel/records/record.ts';
import { nounOf, requireFree } from '../kernel/records/relations.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import type { Step } from './plan.ts';
import { listMadeByMachine } from './undo-queries.ts';

// Rows whose mark of being deleted is put back: they end, or are there again, by the rules of deleting and restoring.

/** What writing values does to a row that is there as `now` says. */
export function flipOf(values: Row, now: Row): 'ends' | 'revives' | undefined {
  if (!('deleted_at' in values) || (values.deleted_at === null) === (now.deleted_at === null))
    return undefined;
  return values.deleted_at === null ? 'revives' : 'ends';
}

/**
 * What ends does so after what belongs to it, and what is there again comes after what it belongs to; all of it after the
 * rest, so that the place of what comes back is free.
 */
export function inOrder(registry: Registry, steps: readonly Step[]): Step[] {
  const ends: { step: Step; depth: number }[] = [];
  const revives: { step: Step; depth: number }[] = [];
  const others: Step[] = [];
  for (const step of steps) {
    const flip = step.kind === 'put back' ? flipOf(step.row.before, step.row.after) : undefined;
    const type = step.row?.entity_type ?? '';
    if (flip === undefined) others.push(step);
    else (flip === 'ends' ? ends : revives).push({ step, depth: depthOf(registry, type, []) });
  }
  ends.sort((a, b) => b.depth - a.depth);
  revives.sort((a, b) => a.depth - b.depth);
  return [...others, ...ends.map(({ step }) => step), ...revives.map(({ step }) => step)];
}

/** How many kinds of records stand above one that take it along when they are deleted, by the longest way. */
function depthOf(registry: Registry, type: string, below: readonly string[]): number {
  const above = (registry.records.get(type)?.refs ?? []).flatMap(({ field: { to } }) =>
    to?.on_delete === 'cascade' ? [to.record] : [],
  );
  const further = above.filter(name => name !== type && !below.includes(name));
  return Math.max(0, ...further.map(name => 1 + depthOf(registry, name, [...below, type])));
}

/**
 * Throws INVALID_STATE for what could not be deleted as it is now, or has since got what would go along: whoever made that
 * says first what becomes of it.
 */
export async function requireEndable(
  context: ReversalContext,
  record: RecordSpec,
  { row, name }: { row: { entity_id: string }; name: string },
): Promise<void> {
  const id = row.entity_id;
  await requireFree(context, record, id);
  for (const relation of context.registry.relations.get(record.name) ?? []) {
    if (relation.to.on_delete !== 'cascade' || relation.to.spares_used) continue;
    const left = await listPointing(context, relation, id, []);
    const ids = left.map(child => child.id);
    const made = await listMadeByMachine(context, ids, id);
    const [own] = left.filter(child => !made.includes(child.id));
    if (!own) continue;
    const child = `${own.name === '' ? 'a' : own.name} (${nounOf(relation)})`;
    throw new DeskhandError('INVALID_STATE', `${child} belongs to ${name} by now.`, {
      field: 'of',
      hint: 'Undo what made that first, or take it away.',
    });
  }
}
