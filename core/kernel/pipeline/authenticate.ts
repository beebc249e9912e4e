import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Database, Tx } from '../database/db.ts';
import { sql } from '../database/sql.ts';
import { DeskhandError } from '../words/errors.ts';
import { type Caller, type Identity, identitySchema, type RequestFacts } from './context.ts';

const answer = z.object({ identity: z.string().nullable() });
const feedAnswer = z.object({ identity: identitySchema.extend({ covers: z.string() }).nullable() });

/**
 * The first statement of every transaction: checks who calls and sets organization, actor and role, all in the
 * database, so that a revoked key is refused by the next call of every process. `actions` are the ones whose permission
 * overrides are wanted along with it, `action` is what the history names. Throws UNAUTHENTICATED.
 */
export async function authenticate(
  tx: Tx,
  caller: Caller,
  request: RequestFacts,
  { actions = [], action }: { actions?: readonly string[]; action?: string } = {},
): Promise<Identity> {
  const { identity } = await tx.one(
    answer,
    sql`select enter(
      ${JSON.stringify(identify(caller))}::jsonb,
      ${JSON.stringify(action === undefined ? request : { action, ...request })}::jsonb,
      ${[...actions]}::text[]
    )::text as identity`,
  );
  if (identity === null) {
    throw new DeskhandError('UNAUTHENTICATED', 'This key or session is not valid (any more).', {
      hint: 'Ask the owner for a key (deskhand key create) or sign in again.',
    });
  }
  return understood(identity, caller);
}

/** What was said of agents, word for word, and what it means. */
const known = new Map<string, Identity>();
const mostKnown = 500;

/**
 * Of an agent the database mostly says what it said at its last call: then it is the same identity, frozen, for the calls share it. What
 * belongs to a person's session is not kept (decision 063).
 */
function understood(said: string, { via }: Caller): Identity {
  const before = via === 'key' ? known.get(said) : undefined;
  if (before) return before;
  const identity = identitySchema.parse(JSON.parse(said));
  if (via !== 'key') return identity;
  for (const shared of [identity, identity.organization, identity.actor]) Object.freeze(shared);
  if (known.size >= mostKnown) known.clear();
  known.set(said, identity);
  return identity;
}

/**
 * The same for whoever reads a feed: it is read as the person it belongs to. No `Caller`, so that the token of a feed is
 * taken nowhere else. Throws UNAUTHENTICATED.
 */
export async function authenticateFeed(tx: Tx, token: string, request: RequestFacts) {
  const { identity } = await tx.one(
    feedAnswer,
    sql`select enter_feed(decode(${hashSecret(token)}, 'hex'), ${JSON.stringify(request)}::jsonb) as identity`,
  );
  if (!identity) throw new DeskhandError('UNAUTHENTICATED', 'This address is not valid (any more).');
  return identity;
}

/**
 * What is wrong with a call is told to known callers only: a stranger gets UNAUTHENTICATED and learns nothing of the
 * shape a call has. `refuse` may throw what matters more for this caller than what is wrong.
 */
export async function tellKnown<T>(
  db: Database,
  { caller, request }: { caller: Caller; request: RequestFacts },
  check: () => T,
  refuse: (identity: Identity) => void = () => undefined,
): Promise<T> {
  try {
    return check();
  } catch (error) {
    refuse(await db.transaction('read only', tx => authenticate(tx, caller, request)));
    throw error;
  }
}

/** A secret is only ever compared by its hash. */
export const hashSecret = (secret: string): string => hash('sha256', secret);

/** Tells callers apart before it is known who they are, without keeping what they showed. */
export const keyOfCaller = (caller: Caller): string => JSON.stringify(identify(caller));

/** Tells a browser session from every other, without being its secret; undefined without a browser. */
export const sessionOf = ({ csrf_token }: Identity): string | undefined =>
  csrf_token === undefined ? undefined : hashSecret(csrf_token);

function identify(caller: Caller): Record<string, unknown> {
  if (caller.via === 'key') {
    return { via: caller.or === 'token' ? 'key_or_token' : 'key', hash: hashSecret(caller.key) };
  }
  if (caller.via === 'session') return { via: 'session', hash: hashSecret(caller.token) };
  if (caller.via === 'link') return { via: 'link', hash: hashSecret(caller.token) };
  return caller;
}
