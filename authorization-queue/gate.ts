import type { Identity } from '../core/kernel/pipeline/context.ts';
import type { Gate, Verdict } from '../core/kernel/pipeline/gate.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { saysSomething } from '../core/kernel/words/says-something.ts';
import { noteAttempt } from './attempts.ts';
import { decideLevel, type Fired } from './levels.ts';
import { countDestroyed, lockWindow } from './queries.ts';
import { storeRequest } from './store.ts';

/** More rows than this, in one call or in the window, need a person (MAQ-15). */
export const bulkLimit = 5;
/** How far back deletes and cancellations are added up, in minutes. */
export const bulkWindowMinutes = 10;

/** The permission step of the pipeline: levels bind agents only (CFL-34). */
export const gate: Gate = {
  async check(context, identity, call, input) {
    requireActive(identity);
    const fired = await decideLevel(context, { identity, call, input, grants: 'count' });
    requireNotForbidden(identity, call.id, fired);
    if (fired.level === 'soft_limit') requireReasoning(call.id, context.request.reasoning);
    if (fired.level !== 'requires_authorization') return undefined;
    return { action: call.id, rule: fired.rule, reason: fired.reason };
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
  async checkEffects(context, call, effects) {
    if (effects.records > bulkLimit) {
      return bulk(call, `one call would touch ${effects.records} records`);
    }
    if (effects.destroyed === 0) return undefined;
    // The rows of this call are among them: they are written, only not yet committed.
    const inWindow = await countDestroyed(context, bulkWindowMinutes);
    return inWindow > bulkLimit
      ? bulk(
          call,
          `${inWindow} records would be deleted or cancelled by agents within ${bulkWindowMinutes} minutes`,
        )
      : undefined;
  },

  lockWindow,
  noteAttempt,
  store: storeRequest,
};

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

const bulk = (action: string, what: string): Verdict => ({
  action,
  rule: 'bulk',
  reason: `${what}; more than ${bulkLimit} is a bulk`,
});

// "ok", "." or "ab cd ef" is no reason: it says something (security.md, MCP-13).
function requireReasoning(action: string, reasoning: string | undefined): void {
  if (reasoning !== undefined && saysSomething(reasoning)) return;
  throw new DeskhandError('REASONING_REQUIRED', `${action} needs a reasoning that says why.`, {
    field: 'reasoning',
    ...(reasoning === undefined ? {} : { got: reasoning.slice(0, 80) }),
    hint: 'Send the same call again with reasoning: a sentence in words that the owner will read in the history, such as “Mrs Hart called and cancelled; she moves in May.”',
  });
}
