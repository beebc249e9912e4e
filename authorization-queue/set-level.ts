import { z } from 'zod';
import { agentRecord } from '../core/agents/agent.ts';
import { newId } from '../core/kernel/database/ids.ts';
import { type Context, type Level, levels } from '../core/kernel/pipeline/context.ts';
import { requireLiving } from '../core/kernel/records/record-queries.ts';
import { ref } from '../core/kernel/records/references.ts';
import { type Action, defineAction } from '../core/kernel/registry/define.ts';
import type { Registered } from '../core/kernel/registry/registry.ts';
import { didYouMean } from '../core/kernel/words/did-you-mean.ts';
import { DeskhandError, invalid } from '../core/kernel/words/errors.ts';
import { quoteStart } from '../core/kernel/words/quote.ts';
import { grantRow, insertOverride, listGrants, listSetLevels } from './grant-queries.ts';
import { forDeciders } from './grants.ts';
import { isLooser, ownLevel } from './levels.ts';

/**
 * Sets the level of an action, or of one rule of it, for one agent or all (MAQ-07). The newest of each counts, and of the
 * two the stricter. Throws INVALID_STATE for what agents have no level for, and for loosening what could widen their reach.
 */
export const setLevel = defineAction({
  domain: 'authorization',
  name: 'set_level',
  summary: 'Set the level of an action (or of one of its rules) for one agent or all.',
  input: z.strictObject({
    action: z.string().min(1).max(80),
    rule: z.string().min(1).max(60).optional(),
    level: z.enum(levels),
    agent_id: ref('agent').optional(),
    reason: z.string().max(500).optional(),
  }),
  output: grantRow,
  ...forDeciders,
  effect: 'update',
  past: 'set',
  object: 'what the assistant may do',
  example: { action: 'note.create', level: 'soft_limit' },
  keywords: ['permission', 'restrict', 'forbid', 'allow'],
  async run(context, input) {
    const action = context.registry.action(input.action);
    if (action.spec.human_only) {
      throw new DeskhandError('INVALID_STATE', `${action.id} is for people; agents have no level for it.`);
    }
    const rule = input.rule ?? ownLevel;
    const rules = [ownLevel, ...(action.spec.permission.rules ?? []).map(({ name }) => name)];
    if (!rules.includes(rule)) {
      throw invalid('rule', `${action.id} has no rule ${quoteStart(rule, 80)}.`, {
        got: rule,
        valid_options: rules,
        did_you_mean: didYouMean(rule, rules),
      });
    }
    requireTight(action, rule, input.level);
    await requireLiving(context, agentRecord, input.agent_id, 'agent_id');
    const id = await insertOverride(context, {
      id: newId(),
      action: action.id,
      rule,
      agent_id: input.agent_id ?? null,
      level: input.level,
      request_id: null,
      schema_hash: null,
      limits: {},
      reason: input.reason ?? null,
      expires_at: null,
    });
    await warnOfStricter(context, { action, rule, level: input.level, agent_id: input.agent_id ?? null });
    return one(context, id);
  },
});

function requireTight(action: Registered<Action>, rule: string, level: Level): void {
  const { permission, widens } = action.spec;
  const usual = permission.rules?.find(({ name }) => name === rule)?.level ?? permission.level;
  if (!isLooser(level, usual)) return;
  if (permission.never_without_sum !== undefined)
    throw new DeskhandError(
      'INVALID_STATE',
      `${permission.never_without_sum}: it is never done without asking, but up to a sum a day.`,
      {
        field: 'level',
        got: level,
        valid_options: levels.filter(option => !isLooser(option, usual)),
        hint: 'When it waits for you, choose Allow Always with the sum.',
      },
    );
  if (widens === undefined) return;
  throw new DeskhandError(
    'INVALID_STATE',
    `What changes ${widens} is asked for each time; ${action.id} can only be made stricter.`,
    { field: 'level', got: level, valid_options: levels.filter(option => !isLooser(option, usual)) },
  );
}

/** A level that another one outlives is kept, and whoever sets it is told. */
async function warnOfStricter(
  context: Context,
  set: { action: Registered<Action>; rule: string; level: Level; agent_id: string | null },
): Promise<void> {
  const stricter = (await listSetLevels(context, set.action.id, set.rule)).filter(
    other => other.agent_id !== set.agent_id && isLooser(set.level, other.level),
  );
  for (const { agent, level } of stricter) {
    if (set.agent_id !== null && agent !== null) continue;
    context.warn(
      `${agent ?? 'Every agent'} stays at ${level.replaceAll('_', ' ')}, which was set before: the strictest level that applies wins.`,
    );
  }
}

async function one(context: Context, id: string) {
  const [row] = await listGrants(context, {
    id,
    action: undefined,
    agentId: undefined,
    before: undefined,
    limit: 1,
  });
  if (!row) throw new Error('the level that was just set is gone');
  return row;
}
