import type { Temporal } from 'temporal-polyfill';
import type { Tx } from '../database/db.ts';
import type { RecordSpec } from '../records/record.ts';
import type { Numbering } from '../records/reference.ts';
import type { Action } from '../registry/define.ts';
import type { AnyCall, Registered } from '../registry/registry.ts';
import type { DeskhandError } from '../words/errors.ts';
import type { Preview } from './audit-entry.ts';
import type { Context, Identity, ReadContext, RequestFacts } from './context.ts';
import type { Effects } from './effects.ts';

/** How the references of requests that wait are written: `R-12`. */
export const requestNumbering: Numbering = { prefix: 'R', start: 1 };

/** Why a call may not simply run. */
export interface Verdict {
  /** The action that needs it; of a workflow, the step. */
  action: string;
  /** The rule that fired; `*` for the action's own level. */
  rule: string;
  reason: string;
  /** What that action moves, in cents, where it says so; undefined also where it cannot be told. */
  amount_cents?: number | undefined;
}

/** Somebody outside a call writes to. */
export interface Recipient {
  to: string;
  /** Whose address it is said to be; undefined when nobody says. */
  contact_id?: string | undefined;
  company_id?: string | undefined;
  /** The text is fixed, and what is filled in is short and carries nothing a caller could choose freely. */
  is_bounded: boolean;
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
  /**
   * Before a call runs, or an action inside of a workflow: `called` is what the caller knows it by. Undefined: go on. A
   * verdict: it needs authorization. Throws when refused outright.
   */
  check(
    context: ReadContext,
    identity: Identity,
    call: Registered<Action> & { called: string },
    input: Record<string, unknown>,
  ): Promise<Verdict | undefined>;
  /**
   * Whether a call would be done at once, as far as its levels say; of a workflow, every action it may call. Uses nothing
   * up, and may throw what `check` would.
   */
  isFree(
    context: ReadContext,
    identity: Identity,
    call: AnyCall,
    input: Record<string, unknown>,
  ): Promise<boolean>;
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
  /** Writes down that an agent tried what is for people, and tells the owner. */
  noteAttempt(
    tx: Tx,
    identity: Identity,
    attempt: { request: RequestFacts; action: string; error: DeskhandError; now: Temporal.Instant },
  ): Promise<void>;
  /** When a call of an agent queues something to somebody outside. A verdict: it may not go by itself. */
  checkRecipient(context: ReadContext, call: string, recipient: Recipient): Promise<Verdict | undefined>;
  /** When a call that a person allowed does. */
  allowRecipient(context: Context, recipient: Recipient): Promise<void>;
  /** Stores the call and answers what the agent is told. */
  store(context: Context, identity: Identity, call: PendingCall): Promise<Record<string, unknown>>;
}
