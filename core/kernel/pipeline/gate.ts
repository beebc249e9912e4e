import type { Temporal } from 'temporal-polyfill';
import type { Tx } from '../database/db.ts';
import type { RecordSpec } from '../records/record.ts';
import type { Numbering } from '../records/reference.ts';
import type { Action } from '../registry/define.ts';
import type { Registered } from '../registry/registry.ts';
import type { DeskhandError } from '../words/errors.ts';
import type { Preview } from './audit-entry.ts';
import type { Context, Identity, ReadContext, RequestFacts } from './context.ts';
import type { Effects } from './preview.ts';

/** How the references of requests that wait are written: `R-12`. */
export const requestNumbering: Numbering = { prefix: 'R', start: 1 };

/** Why a call may not simply run. */
export interface Verdict {
  /** The action that needs it; of a workflow, the step. */
  action: string;
  /** The rule that fired; `*` for the action's own level. */
  rule: string;
  reason: string;
}

/** A call as the gate stores it for a person to decide. */
export interface PendingCall {
  id: string;
  input: Record<string, unknown>;
  schemaHash: string;
  verdict: Verdict;
  preview: Preview;
  /** The rows the input points to, whose versions are kept with the request. */
  targets: readonly { record: RecordSpec; id: string }[];
}

/**
 * The pipeline's permission step. The kernel knows when to ask; what the levels mean and where requests are kept is the
 * authorization queue's business, which stands above the kernel and is handed in by the composition root.
 */
export interface Gate {
  /** Before a call runs. Undefined: go on. A verdict: it needs authorization. Throws when refused outright. */
  check(
    context: ReadContext,
    identity: Identity,
    call: Registered<Action>,
    input: Record<string, unknown>,
  ): Promise<Verdict | undefined>;
  /** Before a call runs that a person allowed: throws when the owner has forbidden it since. */
  checkAllowed(
    context: ReadContext,
    identity: Identity,
    call: Registered<Action>,
    input: Record<string, unknown>,
  ): Promise<void>;
  /** Throws while the agent is paused. */
  requireActive(identity: Identity): void;
  /** After it ran inside its savepoint, when the number of affected rows is known exactly. */
  checkEffects(context: ReadContext, call: string, effects: Effects): Promise<Verdict | undefined>;
  /** Serializes calls whose rows are counted against one organization's window. */
  lockWindow(context: ReadContext): Promise<void>;
  /** Writes down that an agent tried what is for people, and tells the owner. */
  noteAttempt(
    tx: Tx,
    identity: Identity,
    attempt: { request: RequestFacts; action: string; error: DeskhandError; now: Temporal.Instant },
  ): Promise<void>;
  /** Stores the call and answers what the agent is told. */
  store(context: Context, identity: Identity, call: PendingCall): Promise<Record<string, unknown>>;
}
