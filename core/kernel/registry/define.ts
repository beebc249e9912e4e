import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { ConnectorName, Connectors } from '../outside/connectors.ts';
import type {
  Actor,
  Context,
  DecisionContext,
  Organization,
  ReadContext,
  ReversalContext,
  Role,
  WorkflowContext,
} from '../pipeline/context.ts';
import type { Permission } from '../pipeline/permission.ts';
import type { Numbering } from '../records/reference.ts';
import type { Often } from './signature.ts';
import type { ReadQuery } from './view.ts';

export type { JobHandler, JobTools } from './job.ts';
export { defineView, type Page, type ReadQuery, type View, type ViewQuery, type ViewSpec } from './view.ts';

/** What an action does to the world; `delete` and `money` cannot simply be taken back. */
export type Effect = 'create' | 'update' | 'delete' | 'send' | 'money';

/** The action that takes another one back, or `none` when nothing does. */
export type Undo = `${string}.${string}` | 'none';

/** Whoever makes, ends, sends or pays something says what takes it back; what is changed can be changed again. */
type SaysUndo = { effect: 'update'; undo?: Undo } | { effect: Exclude<Effect, 'update'>; undo: Undo };

/** That an action may be done to several things in one call (`several.ts`): `{technician: 'Tess', tickets: ['T-1', 'T-2']}`. */
export interface Several {
  /** What the list is called, which no member of the input is: `tickets`. */
  as: string;
  /** The member that a plain word in the list stands for: `ticket_id`. */
  word?: string;
  /** The members by which one item is told from another; two that are alike are refused. All of them when left out. */
  apart_by?: readonly string[];
}

/** What a `prepare` step brings: plain JSON. */
export type Prepared = Record<string, unknown> | undefined;

/** What a `prepare` step may use. No transaction is open. */
export interface PrepareTools<C extends ConnectorName = never> {
  readonly organization: Organization;
  readonly actor: Actor;
  readonly now: Temporal.Instant;
  /** Rows of a view, as the caller may read them. */
  read(type: string, query: ReadQuery): Promise<Record<string, unknown>[]>;
  /** What the action's `sees` has found. */
  readonly seen: unknown;
  /** Nothing stays of the call: what is made outside for it would. */
  readonly is_preview: boolean;
  /** The address of a link for a customer. */
  linkAddress(purpose: string, id: string): string;
  /** Where people reach the installation, without a slash at the end. */
  readonly base_url: string;
  /** Those the action names in `connectors`. */
  readonly connectors: Readonly<Pick<Connectors, C>>;
}

export interface ActionSpec<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  C extends ConnectorName = ConnectorName,
> {
  /** `ticket` */
  domain: string;
  /** A verb of the trade: `reschedule`. */
  name: string;
  /** A name without its domain that does as well: `undo`. */
  short?: string;
  /** The scope whose tokens may do it, that of its domain when left out. */
  scope?: string;
  /** One sentence an agent reads. */
  summary: string;
  input: I;
  output: O;
  permission: Permission<z.output<I>>;
  effect: Effect;
  /** Outside systems a delivery of this action reaches. */
  touches?: readonly ('email' | 'stripe' | 'google' | 'quickbooks' | 'llm')[];
  /** People's roles that may; everybody but technicians when left out. */
  roles?: readonly Role[];
  /** May touch several records at once (an import): an agent's call is counted before it stays. */
  many?: boolean;
  /**
   * The record that stands for everything a call does: the visits of a series are one series. Counted as one where an agent’s
   * calls are counted; the preview shows all of it.
   */
  counts_as?: string;
  /**
   * The member of the input that names the row this changes, for an action whose first statement locks it (`findRow`): then it
   * is read and locked in the round trip in which the database learns who calls.
   */
  locks?: string;
  /** Its record's numbers, when it always takes the next one and they go on for ever: taken while the database learns who calls. */
  numbered?: Pick<Numbering, 'prefix' | 'start'>;
  /** May be done to several in one call; nothing else is written for that. */
  several?: Several;
  /** What else may be done in the same call, by the member of the input that asks for it: a bill that is sent at once. */
  also?: Readonly<Record<string, Also>>;
  /**
   * What takes it back: the id of an action, or `none`. Left out for what is simply changed again. An update with
   * `none` is final: closing a visit.
   */
  undo?: Undo;
  /**
   * Why `audit.undo` cannot take it back, where effect and `undo` do not say it: words that follow "cannot be undone:". Said
   * by the domain where all of its actions share it.
   */
  why_not_undone?: string;
  /** What is done in one or two words, when that is not the first word of its name: `close out`. */
  verb?: string;
  /** The past of its verb, when that is not regular: `sent`. */
  past?: string;
  /** What its verb is when it was done to something, when that is not the past: `undone`. */
  participle?: string;
  /** What it is done to, when name and domain do not say it: `invoice from a visit`. */
  object?: string;
  /**
   * What follows its verb in a sentence about one call, where the changes alone do not say it well: `{amount_cents} [by
   * {note}] from {whose} for {it}`. Names in braces are columns of what it changes, or `it`, `made`, `gone`, `whose` and
   * records; a part in brackets is left out where one of them is empty.
   */
  says?: string;
  /** A valid input in the names of the story: shown to agents and in OpenAPI, tried by the contract tests. */
  example?: z.input<I>;
  /** Refused for agents on every path (MAQ-22). */
  human_only?: boolean;
  /** Where people do it, for agents who tried: `/calendar/subscribe`. */
  on_page?: string;
  /**
   * What it could widen, in words: `settings of the business`. Whoever may do it alone could allow themselves more, so it
   * is asked for each time and no grant or level loosens it. Said by the domain or record where all of theirs do.
   */
  widens?: string;
  /** Words people would search this by, besides its name. */
  keywords?: readonly string[];
  /** That an office uses it all day: it then stands in the description of the tool that runs it. */
  often?: Often;
  /** The names of the events it may emit: `lead.converted`. */
  emits?: readonly string[];
  /** How the input is written down while it waits for a person, when it holds more than members of free text. */
  kept?(input: z.output<I>): z.output<I>;
  /** The member of the input that says why, and is the reasoning of a call that brings no other. */
  reasoning_in?: string;
  /** The reasoning of a call that brings none, where what is done says why by itself. */
  reasoning_else?: string;
  /** Kinds of callers from outside the business that may do this besides its people and agents. */
  open_to?: readonly ('customer' | 'webhook')[];
  /**
   * Runs before `prepare`, in a transaction that only reads, its references resolved: what that has to know and its caller may
   * not read by any view. Whoever may not do the action is refused before.
   */
  sees?(context: ReadContext & Pick<Context, 'link'>, input: z.output<I>): Promise<unknown>;
  /**
   * Runs before the transaction, which may not wait for anybody outside: this is where a model is asked. What it
   * answers reaches `run` as `context.prepared`, and is kept with a call that waits for a person, so that what is
   * allowed is what was shown.
   */
  prepare?(tools: PrepareTools<C>, input: z.output<I>): Promise<Prepared>;
  /** What the `prepare` step reaches outside. */
  connectors?: readonly C[];
  run(context: Context, input: z.output<I>): Promise<z.input<O>>;
}

/** What an action does besides itself when a member of its input asks for it: a bill is made out, and sent. */
export interface Also {
  /** Asked for by leaving the member out: a mail without a time goes now. */
  when_left_out?: true;
  /** How the member is written, in the names of the story; none where leaving it out asks. */
  example?: unknown;
  /** The actions it runs, by whose levels and rules it is done. */
  uses: readonly string[];
  /**
   * Runs behind the action in its transaction, by `context.call`. `input` is what was given, `answer` what the action
   * answered; what comes back stands in the answer, too.
   */
  run(context: WorkflowContext, done: { input: Members; answer: Members }): Promise<Members>;
}
type Members = Record<string, unknown>;

/** A registered action as the pipeline sees it, whatever its types. */
export interface Action extends ActionSpec {
  kind: 'action';
  /** Decides about a call that waits, and is handed what runs it. */
  decides?: true;
  /** Takes calls back: the actions it may run for that, which the registry names. */
  reverses?: readonly string[];
}

/** Whether nothing takes it back, although it deletes nothing and moves no money. */
export const isFinal = ({ effect, undo }: Action): boolean => effect === 'update' && undo === 'none';

/**
 * Registers nothing by itself: it carries the types and hands the definition back, and the domain's `index.ts` lists
 * it. An action without a level would be a hole, so the level is not optional; what is unknown at run time needs
 * authorization (security.md, rule 9).
 */
export function defineAction<I extends z.ZodObject, O extends z.ZodType, C extends ConnectorName = never>(
  spec: ActionSpec<I, O, C> & SaysUndo,
): Action {
  return { ...spec, kind: 'action' };
}

interface DecisionSpec<I extends z.ZodObject, O extends z.ZodType>
  extends Omit<ActionSpec<I, O, never>, 'run'> {
  human_only: true;
  run(context: DecisionContext, input: z.output<I>): Promise<z.input<O>>;
}

/** An action by which a person decides about a call that waits; the authorization queue alone has any. */
export function defineDecision<I extends z.ZodObject, O extends z.ZodType>(
  spec: DecisionSpec<I, O> & SaysUndo,
): Action {
  return { ...spec, kind: 'action', decides: true };
}

interface ReversalSpec<I extends z.ZodObject, O extends z.ZodType>
  extends Omit<ActionSpec<I, O, never>, 'run'> {
  run(context: ReversalContext, input: z.output<I>): Promise<z.input<O>>;
}

/** The action that takes other calls back: it may run whatever takes something back, by the levels of that. */
export function defineReversal<I extends z.ZodObject, O extends z.ZodType>(
  spec: ReversalSpec<I, O> & SaysUndo,
): Action {
  return { ...spec, kind: 'action', reverses: [] };
}

export interface WorkflowSpec<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  C extends ConnectorName = ConnectorName,
> {
  /** Also the name of its MCP tool: `schedule_appointment`. */
  name: string;
  title: string;
  summary: string;
  input: I;
  output: O;
  /** What is done, as with actions, and the record it is about: it is told like one of the actions of that. */
  deed?: { verb: string; past: string; object: string; about: string; says?: string };
  /** As with actions. */
  example?: z.input<I>;
  /** The actions it may call, `domain.name`. It is as restricted as the strictest of them. */
  uses: readonly string[];
  /** True when it changes nothing: it then runs in a read-only transaction and needs no permission. */
  read_only?: boolean;
  /** The refusal that an answer stands for, which did nothing of what was asked: a preview of it is refused. */
  refusalIn?(answer: Record<string, unknown>): { code: 'CONFLICT'; message: string } | undefined;
  /** True when it only writes down that it was asked: to the caller it is a read, with nothing to preview or repeat. */
  notes_only_itself?: boolean;
  /** True when the texts of its answer mark what people wrote themselves; nothing is marked a second time. */
  is_marked?: boolean;
  /** As with actions. */
  reasoning_in?: string;
  /** Why it cannot be taken back, where what it is made of would say what only holds for that. */
  why_not_undone?: string;
  roles?: readonly Role[];
  keywords?: readonly string[];
  /** How its answer is shown to a person, as with a view. */
  card?: string;
  /** As with actions. */
  prepare?(tools: PrepareTools<C>, input: z.output<I>): Promise<Prepared>;
  connectors?: readonly C[];
  run(context: WorkflowContext, input: z.output<I>): Promise<z.input<O>>;
}

export interface Workflow extends WorkflowSpec {
  kind: 'workflow';
  /** The one scope of all the actions it may call, when they have one. */
  scope?: string | undefined;
}

/** A workflow runs in one transaction and asks once (architecture, rule 9). */
export function defineWorkflow<I extends z.ZodObject, O extends z.ZodType, C extends ConnectorName = never>(
  spec: WorkflowSpec<I, O, C>,
): Workflow {
  return { ...spec, kind: 'workflow' };
}
