import type { Temporal } from 'temporal-polyfill';
import { brokenConstraint, type Database } from '../database/db.ts';
import type { Reading } from '../database/replica.ts';
import type { GivenConnectors } from '../outside/connectors.ts';
import type { Vault } from '../outside/seal.ts';
import type { Calling } from '../records/called-by.ts';
import type { AnyCall, Registry } from '../registry/registry.ts';
import { DeskhandError } from '../words/errors.ts';
import type { Caller, RequestFacts } from './context.ts';
import type { Gate } from './gate.ts';
import type { KnownCallers } from './known-callers.ts';
import type { SearchTurns } from './search-turns.ts';

/** What the pipeline works with; made once by `createApp`. */
export interface Kernel {
  db: Database;
  registry: Registry;
  gate: Gate;
  clock: () => Temporal.Instant;
  baseUrl: () => string;
  vault: Vault;
  /** Secrets of the installation by name, for businesses that have none of their own. */
  secrets: Readonly<Record<string, string>>;
  /** What `prepare` steps may ask for. */
  connectors: GivenConnectors;
  /** Where views are read that may come from a replica; the database itself when left out. */
  fromReplica?: Reading | undefined;
  searches: SearchTurns;
  known: KnownCallers;
}

/** One call of an action or workflow, as an adapter hands it over. */
export interface Call {
  /** `ticket.reschedule`, or the name of a workflow. */
  action: string;
  data: unknown;
  reasoning?: string;
  idempotency_key?: string;
  /** Answer what would change and go out, and leave nothing. */
  preview?: boolean;
  /** How ids are answered where something points to another record; as ids when left out. */
  references?: Calling;
}

/** A call that is known and whose input is checked, on its way into its transaction. */
export interface Incoming {
  caller: Caller;
  call: Call;
  found: AnyCall;
  input: Record<string, unknown>;
  /** Amounts of money that were said in units of the currency, in cents. */
  amounts: Readonly<Record<string, number>>;
  request: RequestFacts;
}

export interface Outcome {
  status: 'done' | 'pending_authorization' | 'preview';
  data: Record<string, unknown>;
  warnings: string[];
  /** The word by which it is taken back, or `none: ` and why not; undefined for what was not done. */
  undo?: string | undefined;
  /** True when the answer is the one an earlier call with this idempotency key got. */
  replayed: boolean;
  /** The business time zone, for showing times as people read them. */
  time_zone: string;
  /**
   * Whom and what words of the call were taken to mean, when it asked for references, and amounts that were not said in
   * cents: `{contact_id: 'C-1001', unit_price: '$30.00'}`.
   */
  meant?: Record<string, unknown>;
}

/** What a call that was run answers, with the members its output has. */
export function answerOf({ spec }: AnyCall, result: unknown): Record<string, unknown> {
  const value: unknown = spec.output.parse(result);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A broken constraint becomes the refusal its domain declared for it. */
export function explain(registry: Registry, error: unknown): unknown {
  const name = brokenConstraint(error);
  const meaning = name === undefined ? undefined : registry.constraints.get(name);
  if (!meaning) return error;
  const { code, message, ...details } = meaning;
  return new DeskhandError(code, message, details);
}
