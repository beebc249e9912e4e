import type { Temporal } from 'temporal-polyfill';
import type { Caller, Context, Entered, NewJob, RequestFacts } from './context.ts';
import { brokenConstraint, type Database, isTransient, RolledBack, type Tx } from './db.ts';
import type { Action, Workflow } from './define.ts';
import { enter, tellKnown } from './enter.ts';
import { DeskhandError } from './errors.ts';
import { redactInput, tellRedaction } from './free-text.ts';
import type { Gate, Verdict } from './gate.ts';
import { claimKey, keepAnswer } from './idempotency.ts';
import { parseInput } from './input.ts';
import { enqueue } from './outbox.ts';
import { collectPreview, countEffects, type Preview } from './preview.ts';
import { requireReadableExtras } from './readable.ts';
import { redact } from './redaction.ts';
import { refValues, resolveRefs, withReferences } from './refs.ts';
import type { Registered, Registry } from './registry.ts';
import { DirtyDocuments } from './search-index.ts';
import { sql } from './sql.ts';

/** What the pipeline works with; made once by `createApp`. */
export interface Kernel {
  db: Database;
  registry: Registry;
  gate: Gate;
  clock: () => Temporal.Instant;
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
  /** Answer references (`C-1042`) instead of ids where the answer points to another record. */
  references?: boolean;
}

export interface Outcome {
  status: 'done' | 'pending_authorization' | 'preview';
  data: Record<string, unknown>;
  warnings: string[];
  /** True when the answer is the one an earlier call with this idempotency key got. */
  replayed: boolean;
  /** The business time zone, for showing times as people read them. */
  time_zone: string;
}

type AnyCall = Registered<Action> | Registered<Workflow>;

/**
 * The one pipeline every change runs through, in one transaction: find → parse → open (role, organization, actor) →
 * idempotency → references → permission → [queue it] → run → search documents → commit (architecture §2). The database
 * writes the audit entries. Throws DeskhandError for every refusal; then nothing has happened.
 */
export async function execute(
  kernel: Kernel,
  caller: Caller,
  call: Call,
  request: RequestFacts,
): Promise<Outcome> {
  const { found, input } = await tellKnown(kernel.db, caller, request, () => readCall(kernel.registry, call));
  const facts =
    call.reasoning === undefined ? request : { ...request, reasoning: redact(call.reasoning).text };
  for (let attempt = 1; ; attempt++) {
    try {
      const mode = isReadOnly(found) ? 'read only' : 'read write';
      return await kernel.db.transaction(mode, tx => perform(kernel, tx, caller, found, input, call, facts));
    } catch (error) {
      if (!isTransient(error) || attempt === 5) throw explain(kernel.registry, error);
    }
  }
}

function readCall(registry: Registry, call: Call) {
  const found = find(registry, call.action);
  const input = parseInput(found.spec.input, found.inputSchema, call.data);
  requireReadableExtras(call);
  return { found, input };
}

const find = (registry: Registry, id: string): AnyCall => registry.workflows.get(id) ?? registry.action(id);

const isReadOnly = ({ spec }: AnyCall) => spec.kind === 'workflow' && spec.read_only === true;

const usedActions = (found: AnyCall) => (found.spec.kind === 'workflow' ? found.spec.uses : [found.id]);

async function perform(
  kernel: Kernel,
  tx: Tx,
  caller: Caller,
  found: AnyCall,
  parsed: Record<string, unknown>,
  call: Call,
  request: RequestFacts,
): Promise<Outcome> {
  const entered = await enter(tx, caller, request, usedActions(found), found.id);
  const run = new Run(kernel, tx, entered, request, found);
  run.requireRole(found);
  const { organization, actor } = entered;
  const key = call.preview || isReadOnly(found) ? undefined : call.idempotency_key;
  if (key !== undefined) {
    const before = await claimKey(tx, organization.id, actor, key, found.id, parsed);
    if (before) return run.show(replay(before, organization.time_zone), call);
  }
  if (!isReadOnly(found)) await run.tellReasoning(call.reasoning);
  const outcome = await run.decide(parsed, call.preview === true);
  if (key !== undefined) await keepAnswer(tx, organization.id, actor, key, { ...outcome });
  const shown = await run.show(outcome, call);
  if (call.preview) throw new RolledBack(shown);
  return shown;
}

function replay(answer: Record<string, unknown>, time_zone: string): Outcome {
  const { status, data, warnings } = answer;
  return {
    status: status === 'pending_authorization' ? status : 'done',
    data: typeof data === 'object' && data !== null ? { ...data } : {},
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
    replayed: true,
    time_zone,
  };
}

/** One call inside its open transaction. */
class Run {
  readonly #kernel: Kernel;
  readonly #entered: Entered;
  readonly #found: AnyCall;
  readonly #dirty = new DirtyDocuments();
  readonly #warnings: string[] = [];
  readonly #context: Context;
  #verdict: Verdict | undefined;

  constructor(kernel: Kernel, tx: Tx, entered: Entered, request: RequestFacts, found: AnyCall) {
    this.#kernel = kernel;
    this.#entered = entered;
    this.#found = found;
    this.#context = {
      tx,
      organization: entered.organization,
      actor: entered.actor,
      request,
      now: kernel.clock(),
      warn: text => this.#warnings.push(text),
      enqueue: (job: NewJob) => enqueue(tx, entered.organization.id, request.request_id, job),
      reindex: (kind, id, document) => this.#dirty.add(kind, id, document),
      call: (action, input) => this.#callInside(action, input),
    };
  }

  /** People are bound by their role; agents by levels, and never allowed what is for people only (MAQ-22). */
  requireRole({ spec, id }: AnyCall): void {
    const { actor } = this.#entered;
    if (actor.kind === 'agent' && spec.kind === 'action' && spec.human_only) {
      throw new DeskhandError('HUMAN_ONLY', `${id} is for people; no agent can do it on any path.`, {
        hint: 'Ask the owner to do it on the web page.',
      });
    }
    const allowed = spec.roles ?? ['owner', 'admin', 'member'];
    if (actor.kind === 'user' && !(actor.role && allowed.includes(actor.role))) {
      throw new DeskhandError('FORBIDDEN', `Your role (${actor.role ?? 'none'}) may not do ${id}.`, {
        hint: `It is for: ${allowed.join(', ')}.`,
      });
    }
  }

  /** What the history gets is redacted already; whoever wrote it is told. */
  tellReasoning(reasoning: string | undefined): Promise<void> {
    return tellRedaction(this.#context, this.#found.id, 'reasoning', reasoning);
  }

  /** Runs the call, or stores it for a person to decide. */
  async decide(parsed: Record<string, unknown>, previewing: boolean): Promise<Outcome> {
    const input = await this.#readInput(this.#found, parsed);
    const before = await this.#checkGate(this.#found, input);
    if (before) this.#verdict = before;
    const careful = previewing || before !== undefined || this.#isCounted();
    if (!careful) return this.#answer('done', await this.#runCall(this.#found, input));

    if (this.#isCounted() && this.#sharesWindow()) await this.#kernel.gate.lockWindow(this.#context);
    await this.#context.tx.run(sql`savepoint call`);
    const data = await this.#runCall(this.#found, input);
    const preview = await collectPreview(this.#context);
    const verdict = this.#verdict ?? (await this.#checkEffects(preview));
    if (previewing) return this.#answer('preview', describePreview(preview, verdict, data));
    if (!verdict) return this.#answer('done', data);

    await this.#context.tx.run(sql`rollback to savepoint call`);
    const { id, spec, schemaHash } = this.#found;
    const stored = await this.#kernel.gate.store(this.#context, this.#entered, {
      id,
      input: spec.kind === 'action' && spec.kept ? spec.kept(input) : input,
      schemaHash,
      verdict,
      preview,
      targets: this.#targets(input),
    });
    return this.#answer('pending_authorization', stored);
  }

  /** Whether what this call touches must be counted before it may stay: deletes, lists and workflows of agents. */
  #isCounted(): boolean {
    const { spec } = this.#found;
    if (this.#entered.actor.kind !== 'agent') return false;
    return spec.kind === 'workflow' ? spec.uses.length > 0 && !spec.read_only : isBulky(spec);
  }

  /** Whether other agents' counted calls must wait for this one, so that two halves do not pass as one. */
  #sharesWindow(): boolean {
    const { spec } = this.#found;
    const used =
      spec.kind === 'workflow' ? spec.uses.map(id => this.#kernel.registry.action(id).spec) : [spec];
    return used.some(isBulky);
  }

  async #readInput(call: AnyCall, parsed: Record<string, unknown>): Promise<Record<string, unknown>> {
    const redacted =
      call.freeText.length > 0 ? await redactInput(this.#context, call.freeText, call.id, parsed) : parsed;
    return call.refs.length > 0
      ? resolveRefs(this.#context, call.refs, this.#kernel.registry.records, redacted)
      : redacted;
  }

  #checkGate(call: AnyCall, input: Record<string, unknown>): Promise<Verdict | undefined> {
    const { spec } = call;
    if (spec.kind === 'workflow' || this.#entered.actor.kind !== 'agent') return Promise.resolve(undefined);
    return this.#kernel.gate.check(this.#context, this.#entered, { ...call, spec }, input);
  }

  #targets(input: Record<string, unknown>) {
    return refValues(this.#found.refs, input).flatMap(({ record, id }) => {
      const spec = this.#kernel.registry.records.get(record);
      return spec ? [{ record: spec, id }] : [];
    });
  }

  #checkEffects(preview: Preview): Promise<Verdict | undefined> {
    if (this.#entered.actor.kind !== 'agent') return Promise.resolve(undefined);
    return this.#kernel.gate.checkEffects(this.#context, countEffects(preview.changes));
  }

  async #runCall(call: AnyCall, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const result = await call.spec.run(this.#context, input);
    await this.#dirty.flush(this.#context, this.#kernel.registry.records);
    return toRecord(call.spec.output.parse(result));
  }

  async #callInside(action: string, data: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { spec } = this.#found;
    if (spec.kind !== 'workflow' || !spec.uses.includes(action)) {
      throw new Error(`${this.#found.id} calls ${action} without declaring it in uses`);
    }
    const call = this.#kernel.registry.action(action);
    this.requireRole(call);
    const input = await this.#readInput(call, parseInput(call.spec.input, call.inputSchema, data));
    const verdict = await this.#checkGate(call, input);
    // The rest still runs, so that the owner sees the whole of what is asked for; then all of it is rolled back.
    if (verdict) this.#verdict ??= verdict;
    return toRecord(call.spec.output.parse(await call.spec.run(this.#context, input)));
  }

  #answer(status: Outcome['status'], data: Record<string, unknown>): Outcome {
    const { time_zone } = this.#entered.organization;
    return { status, data, warnings: [...new Set(this.#warnings)], replayed: false, time_zone };
  }

  /** The outcome as the caller wants to read it; what is kept for a repeated call stays as it is. */
  async show(outcome: Outcome, call: Call): Promise<Outcome> {
    if (!call.references) return outcome;
    const data = await withReferences(this.#context, this.#kernel.registry.records, outcome.data);
    return { ...outcome, data };
  }
}

const isBulky = (action: Action) => action.effect === 'delete' || action.many === true;

function describePreview(preview: Preview, verdict: Verdict | undefined, data: Record<string, unknown>) {
  return {
    would_change: preview.changes,
    would_send: preview.outgoing,
    affected_rows: preview.affected_rows,
    needs_authorization: verdict ? { rule: verdict.rule, reason: verdict.reason } : null,
    result: data,
  };
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A broken constraint becomes the refusal its domain declared for it. */
function explain(registry: Registry, error: unknown): unknown {
  const name = brokenConstraint(error);
  const meaning = name === undefined ? undefined : registry.constraints.get(name);
  if (!meaning) return error;
  const { code, message, ...details } = meaning;
  return new DeskhandError(code, message, details);
}
