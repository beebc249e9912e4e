import { undoToken } from '../pipeline/undo-token.ts';
import type { Action, Effect } from './define.ts';
import { type AnyCall, isReadOnly, type Registry } from './registry.ts';

type Known = Pick<Registry, 'actions'>;

/**
 * Why a call cannot be taken back, in words that follow "cannot be undone:"; undefined when it can. All of it is said by
 * registrations: what is final, what goes out, what could widen somebody's reach, what people do for themselves (N6).
 */
export function whyNotUndone({ actions }: Known, { spec }: Pick<AnyCall, 'spec'>): string | undefined {
  if (spec.kind === 'action') return whyNotOf(spec);
  for (const id of spec.uses) {
    const used = actions.get(id)?.spec;
    const why = used && whyNotOf(used);
    if (why !== undefined) return spec.why_not_undone ?? why;
  }
  return undefined;
}

function whyNotOf({ why_not_undone, widens, open_to, roles, undo, effect }: Action): string | undefined {
  if (why_not_undone !== undefined) return why_not_undone;
  if (open_to?.some(kind => kind !== 'webhook')) return 'somebody outside the business does it';
  if (roles?.length === 0 && undo === undefined) return 'nobody of the business does it';
  if (widens !== undefined) {
    const by = undo === undefined || undo === 'none' ? 'a person changes it back' : `a person does ${undo}`;
    return `it is about ${widens}; ${by}`;
  }
  return undo === 'none' ? usualReasons[effect] : undefined;
}

const usualReasons: Readonly<Record<Effect, string>> = {
  create: 'what it makes stays',
  update: 'it is final',
  delete: 'it is final',
  send: 'what is sent cannot be called back',
  money: 'money that has moved is not moved back here',
};

/**
 * What the answer of a call says about taking it back: the word for `undo`, or `none: ` and why. Undefined for what only
 * reads, or only notes that it was asked.
 */
export function undoSaid(registry: Known, call: AnyCall, requestId: string): string | undefined {
  if (isReadOnly(call) || (call.spec.kind === 'workflow' && call.spec.notes_only_itself)) return undefined;
  const why = whyNotUndone(registry, call);
  return why === undefined ? undoToken(requestId) : `none: ${why}`;
}
