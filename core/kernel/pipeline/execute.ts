import { setTimeout } from 'node:timers/promises';
import { isTransient, RolledBack, type Tx } from '../database/db.ts';
import { CommitUnknown } from '../database/outage.ts';
import { noteTrouble } from '../outside/webhook-fates.ts';
import { readAhead } from '../records/references.ts';
import type { Prepared } from '../registry/define.ts';
import {
  type AnyCall,
  isReadOnly,
  meantCall,
  type Registry,
  usedActions,
  withAlong,
} from '../registry/registry.ts';
import { inTimeZone } from '../words/errors.ts';
import { formatMoney } from '../words/money.ts';
import { parseInput, readAsMeant } from '../words/parse-input.ts';
import { redact } from '../words/redaction.ts';
import { requireStorableExtras } from '../words/storable.ts';
import { isDoneAlready } from './admit.ts';
import { noteAttempt } from './attempts.ts';
import { authenticate, tellKnown } from './authenticate.ts';
import type { Caller, RequestFacts } from './context.ts';
import { claimKey, hashInput, keepAnswer } from './idempotency.ts';
import { type Call, explain, type Incoming, type Kernel, type Outcome } from './invocation.ts';
import { OpenCall } from './open-call.ts';
import { runPrepareStep } from './prepare-step.ts';
import { keepRemovals, type Removal } from './removals.ts';
import { requireHuman, requireRole, requireScope } from './roles.ts';

/**
 * The one pipeline every change runs through, in one transaction: find → parse → [prepare] → open (role, organization,
 * actor) → idempotency → references → permission → [queue it] → run → search documents → commit (architecture §2). The database
 * writes the audit entries. Throws DeskhandError for every refusal; then nothing has happened.
 */
export async function execute(
  kernel: Kernel,
  caller: Caller,
  asked: Call,
  request: RequestFacts,
): Promise<Outcome> {
  const call = withPlainKey(asked);
  try {
    return await run(kernel, caller, call, request);
  } catch (error) {
    await noteAttempt(kernel, { caller, request, action: call.action }, error);
    throw error;
  }
}

async function run(kernel: Kernel, caller: Caller, call: Call, request: RequestFacts): Promise<Outcome> {
  const { found, input, amounts } = await tellKnown(
    kernel.db,
    { caller, request },
    () => readCall(kernel.registry, call),
    // That it is for people comes first, whatever else is wrong with the call.
    ({ actor }) => requireHuman(actor, kernel.registry.called(call.action)),
  );
  const reasoning = call.reasoning ?? reasonIn(found, input) ?? reasonElse(found);
  const facts = reasoning === undefined ? request : { ...request, reasoning: redact(reasoning).text };
  const incoming = { caller, call, found, input, amounts, request: facts };
  const prepared = await runPrepareStep(kernel, incoming).catch(async error => {
    if (caller.via === 'webhook') await noteTrouble(kernel, caller, error);
    throw error;
  });
  for (let attempt = 1; ; attempt++) {
    let removals: Removal[] = [];
    try {
      const work = (tx: Tx) => {
        removals = [];
        return perform(kernel, tx, incoming, { prepared, removals });
      };
      // What only reads looks something up by words.
      if (isReadOnly(found)) {
        return await kernel.searches(caller, () => kernel.db.transaction('read only', work));
      }
      return await kernel.db.transaction('read write', work);
    } catch (error) {
      if (isTransient(error) && attempt < 5) {
        // Whoever begins again at once meets the same others at the same place.
        await setTimeout(Math.random() * 40 * attempt);
        continue;
      }
      if (error instanceof CommitUnknown && isTold(incoming) && attempt < 5) continue;
      const known = explain(kernel.registry, error);
      if (caller.via === 'webhook') await noteTrouble(kernel, caller, known);
      await keepRemovals(kernel, incoming, removals, known);
      throw known;
    }
  }
}

/** Whether the next try finds out that this one was kept: by the key of the call, or by the event it carries out. */
const isTold = ({ caller, call }: Pick<Incoming, 'caller' | 'call'>) =>
  call.idempotency_key !== undefined || caller.via === 'webhook';

/** Whoever has said why in a member that is there for it need not say it a second time. */
function reasonIn({ spec }: AnyCall, input: Record<string, unknown>): string | undefined {
  const said = spec.reasoning_in === undefined ? undefined : input[spec.reasoning_in];
  return typeof said === 'string' && said.trim() !== '' ? said : undefined;
}

const reasonElse = ({ spec }: AnyCall): string | undefined =>
  spec.kind === 'action' ? spec.reasoning_else : undefined;

/** A key for repeating a call is kept for a day: one with a card number in it is kept as its hash. */
function withPlainKey(call: Call): Call {
  const { idempotency_key } = call;
  if (idempotency_key === undefined || redact(idempotency_key).found.length === 0) return call;
  return { ...call, idempotency_key: hashInput(idempotency_key) };
}

/** `currency` is that of the business, once it is known who calls: until then amounts in units are read as of most currencies. */
function readCall(registry: Registry, call: Call, currency?: string) {
  const { found: named, data } = meantCall(registry, call.action, call.data);
  const { aliases } = registry;
  let amounts: Record<string, number> = {};
  const tellAmount = (name: string, cents: number) => {
    amounts[name] = cents;
  };
  const input = parseInput(named.spec.input, named.inputSchema, data, { aliases, currency, tellAmount });
  // However a member was written that is left out in the end: what is run is what was read.
  const found = withAlong(registry, named, input);
  requireStorableExtras(call);
  if (found !== named) {
    amounts = {};
    readAsMeant(found.inputSchema, data, aliases, { tellAmount, currency });
  }
  return { found, input, amounts };
}

async function perform(
  kernel: Kernel,
  tx: Tx,
  incoming: Incoming,
  { prepared, removals }: { prepared: Prepared; removals: Removal[] },
): Promise<Outcome> {
  const { caller, call, request, found } = incoming;
  const entering = authenticate(tx, caller, request, { actions: usedActions(found), action: found.id });
  const { locks, numbered } = found.spec.kind === 'action' ? found.spec : {};
  const expected = kernel.known.find(caller);
  // Asked for in the turn in which it is asked who calls: given back when that is nobody, or nothing comes of it.
  if (expected && numbered && !call.preview)
    tx.numbers.takeAhead({
      organization_id: expected.organization.id,
      kind: numbered.prefix,
      start: numbered.start,
    });
  const ahead = readAhead(tx, kernel.registry, found.refs, { params: incoming.input, locks });
  const identity = await kernel.known.learn(caller, entering);
  if (!expected) kernel.known.keep(caller, identity);
  requireRole(identity.actor, found);
  requireScope(identity.actor, found);
  if (await isDoneAlready({ kernel, tx, caller, identity, request, action: found.id })) {
    return replay({}, identity.organization.time_zone);
  }
  const { input, amounts } = settled(kernel.registry, call, incoming, identity.organization);
  const run = new OpenCall(kernel, tx, { caller, identity, request, found, prepared, removals, ahead });
  const { organization, actor } = identity;
  const show = async (outcome: Outcome) => withAmounts(await run.show(outcome, call), amounts, organization);
  const key = call.preview || isReadOnly(found) ? undefined : call.idempotency_key;
  const used = key === undefined ? undefined : { organizationId: organization.id, actor, key };
  if (used) {
    const before = await claimKey(tx, used, found.id, input);
    if (before) return show(replay(before, organization.time_zone));
  }
  if (!isReadOnly(found)) await run.tellReasoning(call.reasoning);
  const outcome = await run.decide(input, call.preview === true).catch(inTimeZone(organization.time_zone));
  if (used) await keepAnswer(tx, used, { ...outcome });
  const shown = await show(outcome);
  if (call.preview) throw new RolledBack(shown);
  return shown;
}

/** What was read of a call, with its amounts in units of what the business counts in. */
function settled(
  registry: Registry,
  call: Call,
  read: Pick<Incoming, 'input' | 'amounts'>,
  { currency }: { currency: string },
): Pick<Incoming, 'input' | 'amounts'> {
  return Object.keys(read.amounts).length === 0 ? read : readCall(registry, call, currency);
}

/** Says in words how much was meant by "unit_price": 30. */
function withAmounts(
  outcome: Outcome,
  amounts: Incoming['amounts'],
  { currency }: { currency: string },
): Outcome {
  const said = Object.entries(amounts).map(([name, cents]) => [name, formatMoney(cents, currency)]);
  return said.length === 0
    ? outcome
    : { ...outcome, meant: { ...outcome.meant, ...Object.fromEntries(said) } };
}

function replay(answer: Record<string, unknown>, time_zone: string): Outcome {
  const { status, data, warnings, undo } = answer;
  return {
    status: status === 'pending_authorization' ? status : 'done',
    data: typeof data === 'object' && data !== null ? { ...data } : {},
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
    ...(typeof undo === 'string' ? { undo } : {}),
    replayed: true,
    time_zone,
  };
}
