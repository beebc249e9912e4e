import type { Context } from '../kernel/pipeline/context.ts';
import { touch } from './facts.ts';
import { deleteStaleOfNote, type Gone, restoreOfNote } from './queries.ts';

/**
 * Drops what a note said and says no longer, unless somebody has confirmed it; `kept` are the ids of what it still
 * says. `byAgent`: also what an agent handed in. Answers what went.
 */
export async function dropStaleOfNote(
  context: Context,
  noteId: string,
  kept: readonly string[],
  byAgent: boolean,
): Promise<Gone[]> {
  const dropped = await deleteStaleOfNote(context, noteId, kept, byAgent);
  for (const fact of dropped) touch(context, fact);
  return dropped;
}

/** Brings back what went together with a note. */
export async function restoreWithNote(context: Context, noteId: string, deletedAt: string): Promise<void> {
  for (const fact of await restoreOfNote(context, noteId, deletedAt)) touch(context, fact);
}
