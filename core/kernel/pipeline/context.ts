import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import type { SecretSpec } from '../outside/seal.ts';
import type { LockedRows } from '../records/sight.ts';
import type { EventSpec } from '../registry/event.ts';
import type { Registry } from '../registry/registry.ts';
import type { SearchDocument } from '../search/document.ts';
import type { Preview } from './audit-entry.ts';
import type { Removal } from './removals.ts';

export const roles = ['owner', 'admin', 'member', 'technician'] as const;
export type Role = (typeof roles)[number];

export const levels = ['unrestricted', 'soft_limit', 'requires_authorization', 'forbidden'] as const;
export type Level = (typeof levels)[number];

/**
 * How a call identifies itself. A key or a session token comes from outside and is checked by the database in the
 * transaction's first statement, and so are the public key of a form on a website and the token of a link; the others are
 * said by the process itself (command line, jobs, a decision that runs what an agent asked for, an event that was signed).
 */
export type Caller =
  /** `or`: at the MCP endpoint alone the access token of a connection is taken where a key is. */
  | { via: 'key'; key: string; or?: 'token' }
  | { via: 'session'; token: string }
  | { via: 'member'; organization_id: string; user_id: string }
  | { via: 'system'; organization_id: string; name: string }
  | { via: 'agent'; organization_id: string; agent_id: string }
  | { via: 'form'; key: string }
  | { via: 'link'; token: string }
  | { via: 'webhook'; organization_id: string; provider: string; event: string };

/** One day's opening times in local time, `[["08:00", "17:00"]]`; an empty list means closed. */
export const openHours = z.array(z.tuple([z.string(), z.string()]));
export const businessHours = z.strictObject({
  mon: openHours,
  tue: openHours,
  wed: openHours,
  thu: openHours,
  fri: openHours,
  sat: openHours,
  sun: openHours,
});
export type BusinessHours = z.infer<typeof businessHours>;

/** A link a customer came by: what it is for, what it is about, and whose it is. */
const linkSchema = z.object({
  id: z.string(),
  purpose: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  /** The version of the subject it is good for; null for any. */
  subject_version: z.number().nullable(),
  /** None where it is a company of which we know nobody. */
  contact_id: z.string().nullable(),
  company_id: z.string().nullable(),
});
export type Link = z.infer<typeof linkSchema>;

export const identitySchema = z.object({
  organization: z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    time_zone: z.string(),
    currency: z.string(),
    country: z.string(),
    business_hours: businessHours,
    settings: z.record(z.string(), z.unknown()),
  }),
  actor: z.object({
    kind: z.enum(['user', 'agent', 'system', 'customer', 'webhook']),
    id: z.string().nullable(),
    name: z.string(),
    role: z.enum(roles).optional(),
    /** Of an agent that came with a token that is good for less than all it may: `read`, or what domains say (`Domain.scope`). */
    scope: z.string().optional(),
  }),
  paused: z.boolean(),
  /** The key an agent came with: what it asks for with it belongs to it. */
  key_id: z.string().optional(),
  csrf_token: z.string().optional(),
  /** Of a browser session: whether the sign-in was less than twelve hours ago. */
  is_fresh: z.boolean().optional(),
  /** Of a browser session: under which name, and locked with which key, a phone keeps what this person has not sent yet. */
  phone: z.object({ id: z.string(), key: z.string() }).optional(),
  link: linkSchema.optional(),
  overrides: z
    .array(
      z.object({
        id: z.string(),
        action: z.string(),
        rule: z.string(),
        level: z.enum(levels),
        schema_hash: z.string().nullable(),
        limits: z.record(z.string(), z.unknown()),
        /** Set for every agent, and not for this one. */
        is_for_all: z.boolean(),
        /** Left by "Allow Always", and not set by hand. */
        is_grant: z.boolean(),
      }),
    )
    .optional(),
});

export type Identity = z.infer<typeof identitySchema>;
export type Organization = Identity['organization'];
export type Actor = Identity['actor'];
export type Override = NonNullable<Identity['overrides']>[number];

/** What travels with a call besides its input, into the audit log. */
export interface RequestFacts {
  request_id: string;
  reasoning?: string;
  ip_address?: string;
  user_agent?: string;
  /** Hears how far a long call is: so many of so many, in words too. Nothing waits for it. */
  progress?: (done: number, of: number, words: string) => void;
}

/** What a read may use. */
export interface ReadContext {
  readonly tx: Tx;
  /** Everything registered: what a rule asks of records and relations that it may not import. */
  readonly registry: Registry;
  readonly organization: Organization;
  readonly actor: Actor;
  readonly request: RequestFacts;
  readonly now: Temporal.Instant;
  /** Tells the caller's browser session from every other, without being its secret; undefined without a browser. */
  readonly session?: string | undefined;
  /** A remark for the caller, shown in `meta.warnings`. */
  warn(text: string): void;
  /** Whether the business can use a service outside: by a secret of its own, or one the installation has for everybody. */
  hasSecret(name: string): Promise<boolean>;
  /** What was taken out of the texts of this call so far; left out where nothing is written. */
  readonly removals?: Removal[];
  /** Rows that the call names and that are read and locked already (`locks` of the action). */
  readonly locked?: LockedRows | undefined;
}

/** What an action may use besides. */
export interface Context extends ReadContext {
  /** Says that all of it was done already and nothing was written: then there is nothing to take back. */
  unchanged(): void;
  /** Where people reach the installation, without a slash at the end. */
  readonly base_url: string;
  readonly session: string | undefined;
  /** Whether the caller signed in less than twelve hours ago; true for whoever comes without a browser. */
  readonly is_fresh: boolean;
  /** What the call's `prepare` step brought, before the transaction; undefined when there was none. */
  readonly prepared: unknown;
  /** The link the caller came by; undefined for everybody else. */
  readonly link: Link | undefined;
  /** Makes a link for a customer, in this transaction, and answers its id; the delivery makes its address. */
  makeLink(link: NewLink): Promise<string>;
  /** The sealed secrets of the business. */
  readonly secrets: SecretBox;
  /** Queues something for the outside world, in this transaction (architecture, rule 2). */
  enqueue(job: NewJob): Promise<void>;
  /**
   * Writes down that something has happened, in this transaction; the automations on it run after. The action names it
   * in `emits`.
   */
  emit<P extends z.ZodObject>(event: EventSpec<P>, payload: z.input<P>): Promise<void>;
  /**
   * Remembers that a record's search document must be made again before the transaction ends. `document` is the new one
   * when it is known already; it no longer is after the next change. `new`: the record was made by this transaction, so that
   * it has none yet.
   */
  reindex(kind: string, id: string, document?: SearchDocument, are?: 'new'): void;
}

/** What a workflow may use besides. */
export interface WorkflowContext extends Context {
  /**
   * Runs an action the workflow declares in `uses`, inside the same transaction. Its own `prepare` step is not run, for
   * the transaction is open: `prepared` takes its place.
   */
  call(action: string, input: Record<string, unknown>, prepared?: unknown): Promise<Record<string, unknown>>;
}

/** What the decision of a person about a call that waits may use besides (`defineDecision`). */
export interface DecisionContext extends Context {
  /** Runs what waited, as the agent that asked for it. */
  runAllowed(call: AllowedCall): Promise<AllowedOutcome>;
}

/** What taking a call back may use besides (`defineReversal`). */
export interface ReversalContext extends Context {
  /** Runs an action inside the same transaction, by its roles, levels and rules. */
  call(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Holds what is done without running an action to the roles, levels and rules of one. */
  permit(action: string, input: Record<string, unknown>): Promise<void>;
}

export interface NewLink {
  purpose: string;
  subject_id: string;
  /** Whose it is: a customer, or a company of which we know nobody. */
  contact_id: string | null;
  company_id?: string | null | undefined;
}

/** Takes secrets and gives none back. */
export interface SecretBox {
  /** Those that are registered, by name. */
  readonly known: ReadonlyMap<string, SecretSpec>;
  /** Seals a secret, in place of an earlier one of this name; answers the id it has in the audit log. */
  keep(name: string, value: string): Promise<string>;
  /** Undefined when there is none. */
  forget(name: string): Promise<string | undefined>;
}

/** A stored call that a person allows. */
export interface AllowedCall {
  action: string;
  agent_id: string;
  /** As it was stored: parsed, redacted, references resolved. */
  input: Record<string, unknown>;
  reasoning: string | null;
  /** Whether what it has just done may stay; what is not accepted leaves nothing. */
  accepts(outcome: { data: Record<string, unknown>; preview: Preview }): boolean;
}

export interface AllowedOutcome {
  data: Record<string, unknown>;
  preview: Preview;
  warnings: string[];
  /** Whether it stayed. */
  stays: boolean;
}

export interface NewJob {
  /** A new one when left out. */
  id?: string;
  kind: string;
  payload: Record<string, unknown>;
  run_at?: string;
  dedupe_key?: string;
  /**
   * Of a mail: its text is fixed, and what is filled in is short and checked, so that it may go to somebody new without a
   * person. Never said of a text that a caller has a say in.
   */
  is_bounded?: boolean;
  /** Of a mail of ours that goes later: where it goes is checked when its time has come, and not yet. */
  is_checked_later?: boolean;
}
