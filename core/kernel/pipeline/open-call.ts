import type { Tx } from '../database/db.ts';
import { sql } from '../database/sql.ts';
import { makeLink } from '../outside/links.ts';
import { enqueue } from '../outside/outbox.ts';
import { secretBox } from '../outside/secrets.ts';
import { meantBy, withReferences } from '../records/called-by.ts';
import { refValues } from '../records/ref-paths.ts';
import { resolveRefs } from '../records/references.ts';
import type { Ahead } from '../records/sight.ts';
import type { Prepared } from '../registry/define.ts';
import { type AnyCall, isReadOnly } from '../registry/registry.ts';
import { undoSaid } from '../registry/undoable.ts';
import { DirtyDocuments } from '../search/index-documents.ts';
import { DeskhandError } from '../words/errors.ts';
import { runAllowed } from './allowed-call.ts';
import type { Preview } from './audit-entry.ts';
import type {
  AllowedOutcome,
  Caller,
  Context,
  DecisionContext,
  Identity,
  NewJob,
  RequestFacts,
} from './context.ts';
import { countEffects, mayReach } from './effects.ts';
import { emit, emitterOf } from './emit.ts';
import type { Verdict } from './gate.ts';
import { forReversal, forWorkflow, type Inside } from './inside-calls.ts';
import { answerOf, type Call, type Kernel, type Outcome } from './invocation.ts';
import { collectPreview, describePreview } from './preview.ts';
import { readContext } from './read-context.ts';
import { noteLook } from './read-log.ts';
import { recipientOf } from './recipient.ts';
import { redactInput, tellRedaction } from './redact-input.ts';
import { insertRemovals, type Removal } from './removals.ts';
import { requireRole } from './roles.ts';

/** What a call is opened with. */
export interface Opened {
  caller: Caller;
  identity: Identity;
  request: RequestFacts;
  found: AnyCall;
  isAllowed?: boolean;
  prepared?: Prepared;
  /** Where what is taken out of texts is noted for whoever opened the call. */
  removals?: Removal[];
  /** Rows that the input names, asked for already. */
  ahead?: Ahead;
}

/** One call inside its open transaction. */
export class OpenCall {
  readonly #kernel: Kernel;
  readonly #caller: Caller;
  readonly #identity: Identity;
  readonly #found: AnyCall;
  readonly #ahead: Ahead | undefined;
  readonly #dirty = new DirtyDocuments();
  readonly #warnings: string[] = [];
  #context: Context;
  /** Whether a person has allowed it, so that only what the owner forbade since can stop it. */
  readonly #isAllowed: boolean;
  #verdict: Verdict | undefined;
  /** How many actions changed something: none when this one found everything done already, or a workflow ran none. */
  #changed: number;
  /** Whom and what the caller's words were taken to mean. */
  #meant: Record<string, unknown> = {};

  constructor(
    kernel: Kernel,
    tx: Tx,
    { caller, identity, request, found, isAllowed = false, prepared, removals = [], ahead }: Opened,
  ) {
    this.#kernel = kernel;
    this.#caller = caller;
    this.#isAllowed = isAllowed;
    this.#identity = identity;
    this.#found = found;
    this.#ahead = ahead;
    this.#changed = found.spec.kind === 'workflow' ? 0 : 1;
    this.#context = {
      base_url: kernel.baseUrl(),
      is_fresh: identity.is_fresh ?? true,
      prepared,
      unchanged: () => {
        this.#changed = 0;
      },
      removals,
      locked: ahead?.locked,
      link: identity.link,
      makeLink: link => makeLink({ kernel, context: this.#context }, link),
      secrets: secretBox(kernel, tx, {
        organization_id: identity.organization.id,
        set_by: identity.actor.name,
      }),
      enqueue: (job: NewJob) => this.#enqueue(job),
      emit: (event, payload) => emit(this.#context, emitterOf(found), event, payload),
      reindex: (kind, id, document, are) => this.#dirty.add(kind, id, document, are),
      ...readContext(kernel, tx, { identity, request, warn: text => this.#warnings.push(text) }),
    };
  }

  /** Queues a job; a mail of an agent to somebody goes, or waits with the call, as the gate says. */
  async #enqueue(job: NewJob): Promise<void> {
    const { tx, organization, request } = this.#context;
    await enqueue(tx, organization.id, request.request_id, job);
    const recipient = recipientOf(job);
    if (!recipient || this.#identity.actor.kind !== 'agent') return;
    const { gate } = this.#kernel;
    if (this.#isAllowed) return gate.allowRecipient(this.#context, recipient);
    this.#verdict ??= await gate.checkRecipient(this.#context, this.#found.id, recipient);
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
    if (!careful) {
      const data = await this.#runCall(this.#found, input);
      if (this.#verdict)
        throw new Error(`${this.#found.id} writes to people and does not say touches: email`);
      return this.#answer('done', data);
    }

    const { removals = [] } = this.#context;
    const notedBefore = removals.length;
    const { numbers } = this.#context.tx;
    const takenBefore = numbers.so_far;
    this.#context.tx.send(sql`savepoint call`);
    const warnedBefore = this.#warnings.length;
    const data = await this.#runCall(this.#found, input);
    if (previewing) requireEffect(this.#found, data);
    const preview = await this.#collectPreview();
    const verdict = this.#verdict ?? (await this.#checkEffects(preview));
    if (previewing) return this.#answer('preview', describePreview(preview, verdict, data));
    if (!verdict) return this.#answer('done', data, preview);

    await this.#context.tx.run(sql`rollback to savepoint call`);
    // What the call would leave behind was told as if it stood: nothing of it does.
    if (this.#warnings.length > warnedBefore) this.#warnings.splice(warnedBefore, 0, notYet);
    await numbers.giveBack(takenBefore);
    await insertRemovals(this.#context, removals.slice(notedBefore));
    const { id, spec, schemaHash } = this.#found;
    const stored = await this.#kernel.gate.store(this.#context, this.#identity, {
      id,
      input: withPrepared(
        spec.kind === 'action' && spec.kept ? spec.kept(input) : input,
        this.#context.prepared,
      ),
      schemaHash,
      verdict,
      preview,
      targets: this.#targets(input),
    });
    await this.#flushDocuments();
    return this.#answer('pending_authorization', stored);
  }

  /** Whether what this call does must be counted before it may stay. */
  #isCounted(): boolean {
    return this.#identity.actor.kind === 'agent' && mayReach(this.#found);
  }

  async #readInput(call: AnyCall, parsed: Record<string, unknown>): Promise<Record<string, unknown>> {
    // What only reads keeps nothing, and could not write down that something was found.
    const redacted = isReadOnly(this.#found) ? parsed : await redactInput(this.#context, call, parsed);
    if (call.refs.length === 0) return redacted;
    const input = await resolveRefs(this.#context, call.refs, redacted, {
      isRead: isReadOnly(call),
      // What a workflow has made meanwhile is not among them.
      ahead: call === this.#found ? this.#ahead : undefined,
    });
    if (call === this.#found) this.#meant = meantBy(call.refs, redacted, input);
    return input;
  }

  async #checkGate(call: AnyCall, input: Record<string, unknown>): Promise<Verdict | undefined> {
    const { spec, id, inputSchema, schemaHash, refs } = call;
    if (spec.kind === 'workflow' || this.#identity.actor.kind !== 'agent') return undefined;
    const action = { spec, id, inputSchema, schemaHash, refs, called: this.#found.id };
    const { gate } = this.#kernel;
    if (!this.#isAllowed) return gate.check(this.#context, this.#identity, action, input);
    await gate.checkAllowed(this.#context, this.#identity, action, input);
    return undefined;
  }

  #targets(input: Record<string, unknown>) {
    return refValues(this.#found.refs, input).flatMap(({ record, id }) => {
      const spec = this.#kernel.registry.records.get(record);
      return spec ? [{ record: spec, id }] : [];
    });
  }

  #collectPreview(): Promise<Preview> {
    return collectPreview(this.#context, this.#kernel.registry.jobs);
  }

  #checkEffects(preview: Preview): Promise<Verdict | undefined> {
    if (this.#identity.actor.kind !== 'agent') return Promise.resolve(undefined);
    const effects = countEffects(this.#kernel.registry, this.#found, preview);
    return this.#kernel.gate.checkEffects(this.#context, this.#found.id, effects);
  }

  async #runCall(call: AnyCall, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const result = await this.#run(call, input);
    await this.#flushDocuments();
    const data = answerOf(call, result);
    if (isReadOnly(call)) noteLook(this.#context, { what: call.id, answer: data, rows: 1 });
    return data;
  }

  /** Runs it with what its kind of call may use. */
  #run({ spec }: AnyCall, input: Record<string, unknown>): Promise<unknown> {
    if (spec.kind === 'workflow') return spec.run(forWorkflow(this.#inside(), spec), input);
    if (spec.reverses) {
      const { name, reverses: uses } = spec;
      return spec.run(forReversal(this.#inside(), { name, uses }), input);
    }
    if (!spec.decides) return spec.run(this.#context, input);
    const deciding = {
      kernel: this.#kernel,
      context: this.#context,
      caller: this.#caller,
      decides: this.#found,
      open: (opened: Opened) => new OpenCall(this.#kernel, this.#context.tx, opened),
    };
    const context: DecisionContext = { ...this.#context, runAllowed: call => runAllowed(deciding, call) };
    return spec.run(context, input);
  }

  /** What calls inside of this one have to do with it. */
  #inside(): Inside {
    return {
      registry: this.#kernel.registry,
      identity: this.#identity,
      context: this.#context,
      readInput: (call, parsed) => this.#readInput(call, parsed),
      askGate: (call, input) => this.#askGate(call, input),
      noteChange: () => {
        this.#changed += 1;
      },
    };
  }

  #flushDocuments(): Promise<void> {
    return this.#dirty.flush(this.#context, this.#kernel.registry.indexed);
  }

  /** The rest still runs when one of several waits: the owner sees the whole of it, then all of it is rolled back. */
  async #askGate(call: AnyCall, input: Record<string, unknown>): Promise<void> {
    const verdict = await this.#checkGate(call, input);
    if (verdict) this.#verdict ??= verdict;
  }

  /** The stored input is parsed, redacted and resolved already. */
  async performAllowed(stored: Record<string, unknown>): Promise<Omit<AllowedOutcome, 'stays'>> {
    const { prepared, ...input } = stored;
    this.#context = { ...this.#context, prepared };
    this.#kernel.gate.requireActive(this.#identity);
    requireRole(this.#identity.actor, this.#found);
    await this.#checkGate(this.#found, input);
    const data = await this.#runCall(this.#found, input);
    return { data, preview: await this.#collectPreview(), warnings: [...new Set(this.#warnings)] };
  }

  #answer(status: Outcome['status'], data: Record<string, unknown>, preview?: Preview): Outcome {
    const { time_zone } = this.#identity.organization;
    const { request_id } = this.#context.request;
    const didSomething = this.#changed > 0 && (preview === undefined || preview.changes.length > 0);
    const isDone = status === 'done' && didSomething;
    const undo = isDone ? undoSaid(this.#kernel.registry, this.#found, request_id) : undefined;
    const warnings = [...new Set(this.#warnings)];
    return { status, data, warnings, ...(undo === undefined ? {} : { undo }), replayed: false, time_zone };
  }

  /** The outcome as the caller wants to read it; what is kept for a repeated call stays as it is. */
  async show(outcome: Outcome, call: Call): Promise<Outcome> {
    if (!call.references) return outcome;
    const [data, meant] = await withReferences(this.#context, [outcome.data, this.#meant], call.references);
    return { ...outcome, data: data ?? {}, ...(meant && Object.keys(meant).length > 0 ? { meant } : {}) };
  }
}

const notYet = 'What follows is so once it is allowed, and not yet:';

/** What was prepared for a call waits with it; no input has a member of this name. */
const withPrepared = (input: Record<string, unknown>, prepared: unknown) =>
  prepared === undefined ? input : { ...input, prepared };

/** What would do nothing of what was asked is refused, with all that the answer says: "0 rows" reads like a yes. */
function requireEffect({ spec }: AnyCall, answer: Record<string, unknown>): void {
  const refusal = spec.kind === 'workflow' ? spec.refusalIn?.(answer) : undefined;
  if (refusal) throw new DeskhandError(refusal.code, refusal.message, answer);
}
