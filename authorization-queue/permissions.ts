import { z } from 'zod';
import { type Level, levels, type ReadContext } from '../core/kernel/pipeline/context.ts';
import { ref } from '../core/kernel/records/references.ts';
import { type Action, defineView } from '../core/kernel/registry/define.ts';
import { pageOf } from '../core/kernel/registry/paging.ts';
import type { Registered } from '../core/kernel/registry/registry.ts';
import { describeRules, effectiveLevel, ownLevel } from './levels.ts';
import { listOverrides } from './queries.ts';

const permissionRow = z.object({
  id: z.string(),
  action: z.string(),
  summary: z.string(),
  level: z.enum(levels),
  default_level: z.enum(levels),
  human_only: z.boolean(),
  conditions: z.array(z.object({ rule: z.string(), level: z.enum(levels), summary: z.string() })),
});

/** The levels of some actions as they are for whoever asks; a person's own are those of agents in general. */
export async function levelsFor(
  context: ReadContext,
  actions: readonly Registered<Action>[],
): Promise<ReadonlyMap<string, Level>> {
  const overrides = await listOverrides(context, context.actor.kind === 'agent' ? context.actor.id : null);
  return new Map(
    actions.map(action => [
      action.id,
      effectiveLevel({ overrides }, action, ownLevel, action.spec.permission?.level),
    ]),
  );
}

/** The level of every registered action, with what the owner has changed (MAQ-21). Generated from the registrations. */
export const permissionsView = defineView({
  type: 'permissions',
  whose: 'ours',
  domain: 'authorization',
  summary: 'Which level each action has for agents, and what raises it.',
  keywords: ['levels', 'allowed', 'restricted', 'rules'],
  row: permissionRow,
  params: z.strictObject({
    action: z.string().max(80).optional(),
    level: z.enum(levels).optional(),
    /** As they are for one agent; an agent sees its own. */
    agent_id: ref('agent').optional(),
  }),
  default_fields: ['action', 'level', 'human_only', 'conditions'],
  async run(context, { params, limit, cursor }) {
    const { actor } = context;
    const agent = actor.kind === 'agent' ? actor.id : (params.agent_id ?? null);
    const overrides = await listOverrides(context, agent);
    const rows = [...context.registry.actions.values()]
      .map(action => ({
        id: action.id,
        action: action.id,
        summary: action.spec.summary,
        level: effectiveLevel({ overrides }, action, ownLevel, action.spec.permission?.level),
        default_level: effectiveLevel({ overrides: [] }, action, ownLevel, action.spec.permission?.level),
        human_only: action.spec.human_only === true,
        conditions: describeRules({ overrides }, action),
      }))
      .filter(row => params.action === undefined || row.action === params.action)
      .filter(row => params.level === undefined || row.level === params.level)
      .filter(row => cursor === undefined || row.action > cursor)
      .sort((a, b) => (a.action < b.action ? -1 : 1));
    return pageOf(rows, limit, last => last.action);
  },
});
