import type { Workflow } from '../registry/define.ts';
import { type AnyCall, type Registry, withAlong } from '../registry/registry.ts';
import { parseInput } from '../words/parse-input.ts';
import type { Context, Identity, ReversalContext, WorkflowContext } from './context.ts';
import { emit, emitterOf } from './emit.ts';
import { answerOf } from './invocation.ts';
import { requireRole, requireScope } from './roles.ts';

/** The call inside which others are run, and what they have to do with it. */
export interface Inside {
  registry: Registry;
  identity: Identity;
  context: Context;
  readInput(call: AnyCall, parsed: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Whether the caller may do this, too: where a person decides, so that the whole of it waits. */
  askGate(call: AnyCall, input: Record<string, unknown>): Promise<void>;
  /** One of them has changed something. */
  noteChange(): void;
}

/** What runs others, and which. */
type Declared = Pick<Workflow, 'name' | 'uses'>;

/** What a workflow may use: it runs the actions that it declares. */
export const forWorkflow = (inside: Inside, spec: Declared): WorkflowContext => ({
  ...inside.context,
  call: (action, data, prepared) => callInside(inside, spec, { action, data, prepared }),
});

/** What taking a call back may use: it runs actions by their scopes, too, or asks whether it might. */
export function forReversal(inside: Inside, spec: Declared): ReversalContext {
  const { registry, identity } = inside;
  return {
    ...inside.context,
    call: (action, data) => {
      requireScope(identity.actor, registry.action(action));
      return callInside(inside, spec, { action, data });
    },
    permit: (action, data) => permit(inside, action, data),
  };
}

interface Wanted {
  action: string;
  data: Record<string, unknown>;
  prepared?: unknown;
}

async function callInside(
  inside: Inside,
  { name, uses }: Declared,
  { action, data, prepared }: Wanted,
): Promise<Record<string, unknown>> {
  const { registry, identity, context } = inside;
  if (!uses.includes(action)) throw new Error(`${name} calls ${action} without declaring it in uses`);
  const call = registry.action(action);
  requireRole(identity.actor, call);
  if (call.spec.decides) throw new Error(`${name} calls ${action}, by which a person decides`);
  const input = await inside.readInput(
    call,
    parseInput(call.spec.input, call.inputSchema, data, {
      aliases: registry.aliases,
      currency: identity.organization.currency,
    }),
  );
  if (name !== call.id && withAlong(registry, call, input) !== call)
    throw new Error(`${name} calls ${action} with what asks for more than that`);
  await inside.askGate(call, input);
  let isUnchanged = false;
  const own: Context = {
    ...context,
    prepared,
    emit: (event, payload) => emit(context, emitterOf(call), event, payload),
    unchanged: () => {
      isUnchanged = true;
    },
  };
  const answer = answerOf(call, await call.spec.run(own, input));
  if (!isUnchanged) inside.noteChange();
  return answer;
}

/** Whether the caller may do what an action does, without running it. */
async function permit(inside: Inside, action: string, input: Record<string, unknown>): Promise<void> {
  const { registry, identity } = inside;
  const call = registry.action(action);
  requireRole(identity.actor, call);
  requireScope(identity.actor, call);
  await inside.askGate(call, input);
}
