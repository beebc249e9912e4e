import { z } from 'zod';
import { agentRecord } from '../core/agents/agent.ts';
import { newId } from '../core/kernel/database/ids.ts';
import { type Context, levels } from '../core/kernel/pipeline/context.ts';
import { requireLiving } from '../core/kernel/records/record-queries.ts';
import { ref } from '../core/kernel/records/references.ts';
import { defineAction } from '../core/kernel/registry/define.ts';
import { didYouMean } from '../core/kernel/words/did-you-mean.ts';
import { DeskhandError, invalid } from '../core/kernel/words/errors.ts';
import { quoteStart } from '../core/kernel/words/quote.ts';
import { grantRow, insertOverride, listGrants } from './grant-queries.ts';
import { forDeciders } from './grants.ts';
import { ownLevel } from './levels.ts';

/** Sets the level of an action, or of one rule of it, for one agent or all (MAQ-07). The newest one counts. */
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
  object: 'level of an action',
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
    return one(context, id);
  },
});

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
