import type { Identity, Level, ReadContext } from '../core/kernel/pipeline/context.ts';
import type { Gate } from '../core/kernel/pipeline/gate.ts';
import type { AnyCall } from '../core/kernel/registry/registry.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { saysSomething } from '../core/kernel/words/says-something.ts';
import { amountOf } from './amount.ts';
import { noteAttempt } from './attempts.ts';
import { decideLevel, effectiveLevel, type Fired, ownLevel } from './levels.ts';
import { allowRecipient, checkRecipient } from './recipient.ts';
import { checkReworded } from './reworded.ts';
import { storeRequest } from './store.ts';
import { checkWindow } from './window.ts';

/** The permission step of the pipeline: levels bind agents only (CFL-34). */
export const gate: Gate = {
  async check(context, identity, call, input) {
    requireActive(identity);
    const fired = await decideLevel(context, { identity, call, input, grants: 'count' });
    requireNotForbidden(identity, call.id, fired);
    if (fired.level === 'soft_limit') requireReasoning(call.called, context.request.reasoning);
    if (fired.level !== 'requires_authorization') return undefined;
    const amount_cents = await amountOf(context, call.spec, input);
    return { action: call.id, rule: fired.rule, reason: fired.reason, amount_cents };
  },

  async isFree(context, identity, call, input) {
    const { reasoning } = context.request;
    for (const level of await levelsOf(context, identity, call, input)) {
      if (level === 'forbidden' || level === 'requires_authorization') return false;
      if (level === 'soft_limit' && !(reasoning !== undefined && saysSomething(reasoning))) return false;
    }
    return true;
  },

  async checkAllowed(context, identity, call, input) {
    requireNotForbidden(
      identity,
      call.id,
      await decideLevel(context, { identity, call, input, grants: 'look' }),
    );
  },

  requireActive,

  // No override lifts this: a bulk is asked for each time (security.md, "The queue", 7).
  checkEffects: async (context, call, effects) =>
    (await checkReworded(context, call, effects)) ?? checkWindow(context, call, effects),
  checkRecipient,
  allowRecipient,

  noteAttempt,
  store: storeRequest,
};

/** The levels a call meets: its own with its rules, or those of the actions a workflow may call. */
async function levelsOf(
  context: ReadContext,
  identity: Identity,
  { spec, ...call }: AnyCall,
  input: Record<string, unknown>,
): Promise<readonly Level[]> {
  if (spec.kind === 'workflow') {
    return spec.uses.map(id => {
      const action = context.registry.action(id);
      return effectiveLevel(identity, action, ownLevel, action.spec.permission.level);
    });
  }
  const fired = await decideLevel(context, { identity, call: { ...call, spec }, input, grants: 'peek' });
  return [fired.level];
}

function requireActive({ paused, actor }: Identity): void {
  if (!paused) return;
  throw new DeskhandError('FORBIDDEN', `${actor.name} is paused by the owner; nothing can be changed.`, {
    hint: 'Reading still works. Ask the owner to resume this agent.',
  });
}

function requireNotForbidden({ actor }: Identity, action: string, { level, rule }: Fired): void {
  if (level !== 'forbidden') return;
  throw new DeskhandError('FORBIDDEN', `The owner does not allow ${action} for ${actor.name}.`, { rule });
}

// "ok", "." or "ab cd ef" is no reason: it says something (security.md, MCP-13).
function requireReasoning(action: string, reasoning: string | undefined): void {
  if (reasoning !== undefined && saysSomething(reasoning)) return;
  throw new DeskhandError('REASONING_REQUIRED', `${action} needs a reasoning that says why.`, {
    field: 'reasoning',
    ...(reasoning === undefined ? {} : { got: reasoning.slice(0, 80) }),
    hint: 'Send the same call again with reasoning: a sentence in words that the owner will read in the history, such as “Mrs Hart called and cancelled; she moves in May.”',
  });
}
