import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import type { Action } from '../core/kernel/registry/define.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';

/** What a call moves, in cents of the business; undefined for what moves no money, and when what it is about is gone. */
export async function amountOf(
  context: ReadContext,
  { permission }: Pick<Action, 'permission'>,
  input: Record<string, unknown>,
): Promise<number | undefined> {
  try {
    return await permission.amount?.(context, input);
  } catch (error) {
    if (error instanceof DeskhandError) return undefined;
    throw error;
  }
}
