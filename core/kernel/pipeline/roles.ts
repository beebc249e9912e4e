import type { View } from '../registry/define.ts';
import { type AnyCall, isReadOnly } from '../registry/registry.ts';
import { DeskhandError } from '../words/errors.ts';
import type { Actor, Role } from './context.ts';

/** The people's roles that may, as a registration says; everybody but technicians when it says nothing. */
export const rolesFor = ({ roles }: { roles?: readonly Role[] }): readonly Role[] =>
  roles ?? ['owner', 'admin', 'member'];

/** People are bound by their role, agents by levels and never allowed what is for people only (MAQ-22). */
export function requireRole(actor: Actor, { spec, id }: AnyCall): void {
  if (isFromOutside(actor) && !(spec.kind === 'action' && spec.open_to?.includes(actor.kind))) {
    throw new DeskhandError('FORBIDDEN', `${id} is not for the public.`);
  }
  requireHuman(actor, { spec, id });
  const allowed = rolesFor(spec);
  if (actor.kind === 'user' && !(actor.role && allowed.includes(actor.role))) {
    throw new DeskhandError('FORBIDDEN', `Your role (${actor.role ?? 'none'}) may not do ${id}.`, {
      hint: allowed.length > 0 ? `It is for: ${allowed.join(', ')}.` : 'Nobody of the business does this.',
    });
  }
}

/**
 * An agent that came with a token of less than everything looks, and does what is of that scope. Throws FORBIDDEN with
 * `needs_scope`: nothing waits for anybody, for no person can allow it.
 */
export function requireScope(actor: Actor, call: AnyCall): void {
  const needs_scope = scopeWanting(actor, call);
  if (needs_scope === undefined) return;
  throw new DeskhandError(
    'FORBIDDEN',
    `This connection has the scope ${actor.scope}, which leaves ${call.id} out.`,
    {
      needs_scope,
      hint: `Ask the person who connected you to connect once more and allow ${needs_scope}.`,
    },
  );
}

/** The scope a token lacks for a call; undefined when it may, or its caller is bound by none. */
export function scopeWanting({ scope }: Pick<Actor, 'scope'>, call: AnyCall): string | undefined {
  if (scope === undefined || isReadOnly(call) || notesOnlyItself(call)) return undefined;
  return scope === call.spec.scope ? undefined : (call.spec.scope ?? wholeScope);
}

/** The scope of tokens that are good for all their agent may. */
export const wholeScope = 'office';

const notesOnlyItself = ({ spec }: AnyCall) => spec.kind === 'workflow' && spec.notes_only_itself === true;

/** Throws HUMAN_ONLY for an agent and an action of people. */
export function requireHuman(actor: Actor, action: Pick<AnyCall, 'spec' | 'id'> | undefined): void {
  if (actor.kind !== 'agent' || action?.spec.kind !== 'action' || !action.spec.human_only) return;
  const { on_page, roles } = action.spec;
  const isOwnWork = roles?.length === 0;
  throw new DeskhandError('HUMAN_ONLY', `${action.id} is for people; no agent can do it on any path.`, {
    hint: isOwnWork
      ? 'It happens by itself, or by a link of a customer; there is nothing to ask for.'
      : on_page === undefined
        ? 'Ask the owner to do it on the web page.'
        : `Whoever it is for does it on the page ${on_page}.`,
  });
}

/** Whoever stands outside the business reads nothing. */
export function requireReader(actor: Actor, view: View): void {
  if (isFromOutside(actor)) throw new DeskhandError('FORBIDDEN', `${view.type} is not for the public.`);
  if (actor.kind === 'agent' && view.human_only) {
    throw new DeskhandError('HUMAN_ONLY', `${view.type} is for people; no agent reads it on any path.`, {
      hint: 'Ask the owner to look at it on the web page.',
    });
  }
  const allowed = rolesFor(view);
  if (actor.kind === 'user' && !(actor.role && allowed.includes(actor.role))) {
    throw new DeskhandError('FORBIDDEN', `Your role (${actor.role ?? 'none'}) may not read ${view.type}.`, {
      hint: `It is for: ${allowed.join(', ')}.`,
    });
  }
}

/** Whether `requireRole` lets somebody pass. */
export const mayCall = (actor: Actor, call: AnyCall): boolean =>
  mayEver(actor, call) && scopeWanting(actor, call) === undefined;

const mayEver = (actor: Actor, { spec }: AnyCall): boolean =>
  !isFromOutside(actor) &&
  !(actor.kind === 'agent' && spec.kind === 'action' && spec.human_only) &&
  hasRole(actor, rolesFor(spec));

/** Whether `requireReader` lets somebody pass. */
export const mayRead = (actor: Actor, view: View): boolean =>
  !isFromOutside(actor) && !(actor.kind === 'agent' && view.human_only) && hasRole(actor, rolesFor(view));

const hasRole = (actor: Actor, roles: readonly Role[]): boolean =>
  actor.kind !== 'user' || (actor.role !== undefined && roles.includes(actor.role));

const isFromOutside = (actor: Actor): actor is Actor & { kind: 'customer' | 'webhook' } =>
  actor.kind === 'customer' || actor.kind === 'webhook';
