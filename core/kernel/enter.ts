import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Caller, type Entered, enteredSchema, type RequestFacts } from './context.ts';
import type { Database, Tx } from './db.ts';
import { DeskhandError } from './errors.ts';
import { sql } from './sql.ts';

const answer = z.object({ entered: enteredSchema.nullable() });

/**
 * The first statement of every transaction: checks who calls and sets organization, actor and role, all in the
 * database, so that a revoked key is refused by the next call of every process. `actions` are the ones whose permission
 * overrides are wanted along with it. Throws UNAUTHENTICATED.
 */
export async function enter(
  tx: Tx,
  caller: Caller,
  request: RequestFacts,
  actions: readonly string[],
  action?: string,
): Promise<Entered> {
  const { entered } = await tx.one(
    answer,
    sql`select enter(
      ${JSON.stringify(identify(caller))}::jsonb,
      ${JSON.stringify(action === undefined ? request : { ...request, action })}::jsonb,
      ${[...actions]}::text[]
    ) as entered`,
  );
  if (!entered) {
    throw new DeskhandError('UNAUTHENTICATED', 'This key or session is not valid (any more).', {
      hint: 'Ask the owner for a key (deskhand key create) or sign in again.',
    });
  }
  return entered;
}

/**
 * What is wrong with a call is told to known callers only: a stranger gets UNAUTHENTICATED and learns nothing of the
 * shape a call has.
 */
export async function tellKnown<T>(
  db: Database,
  caller: Caller,
  request: RequestFacts,
  check: () => T,
): Promise<T> {
  try {
    return check();
  } catch (error) {
    await db.transaction('read only', tx => enter(tx, caller, request, []));
    throw error;
  }
}

/** A secret is only ever compared by its hash. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function identify(caller: Caller): Record<string, unknown> {
  if (caller.via === 'key') return { via: 'key', hash: hashSecret(caller.key) };
  if (caller.via === 'session') return { via: 'session', hash: hashSecret(caller.token) };
  return caller;
}
