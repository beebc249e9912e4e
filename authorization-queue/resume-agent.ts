import { z } from 'zod';
import { agentRecord } from '../core/agents/agent.ts';
import { getRow, updateRow } from '../core/kernel/records/record-queries.ts';
import { ref } from '../core/kernel/records/references.ts';
import { defineAction } from '../core/kernel/registry/define.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { forDeciders } from './grants.ts';
import { paused } from './pause.ts';

export const resumeAgent = defineAction({
  domain: 'authorization',
  name: 'resume_agent',
  summary: 'Let a paused agent work again.',
  keywords: ['unpause', 'continue', 'start again'],
  input: z.strictObject({ agent_id: ref('agent') }),
  output: paused,
  ...forDeciders,
  effect: 'update',
  undo: 'authorization.pause_agent',
  object: 'agent',
  example: { agent_id: 'Office Manager' },
  async run(context, { agent_id }) {
    const agent = await getRow(context, agentRecord, agent_id, { lock: true });
    if (agent.paused_at === null) throw new DeskhandError('INVALID_STATE', 'This agent is not paused.');
    await updateRow(context, agentRecord, agent_id, { paused_at: null });
    return { id: agent_id, name: String(agent.name), paused: false };
  },
});
