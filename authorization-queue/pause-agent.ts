import { z } from 'zod';
import { agentRecord } from '../core/agents/agent.ts';
import { getRow, updateRow } from '../core/kernel/records/record-queries.ts';
import { ref } from '../core/kernel/records/references.ts';
import { defineAction } from '../core/kernel/registry/define.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { forDeciders } from './grants.ts';
import { paused } from './pause.ts';

/** The switch that beats every grant: the agent reads on and changes nothing (security.md, "The queue", 9). */
export const pauseAgent = defineAction({
  domain: 'authorization',
  name: 'pause_agent',
  summary: 'Stop an agent from changing anything until it is resumed.',
  input: z.strictObject({ agent_id: ref('agent') }),
  output: paused,
  ...forDeciders,
  effect: 'update',
  undo: 'authorization.resume_agent',
  object: 'agent',
  example: { agent_id: 'Office Manager' },
  keywords: ['stop', 'halt', 'emergency'],
  async run(context, { agent_id }) {
    const agent = await getRow(context, agentRecord, agent_id, { lock: true });
    if (agent.paused_at !== null) throw new DeskhandError('INVALID_STATE', 'This agent is paused already.');
    await updateRow(context, agentRecord, agent_id, { paused_at: context.now.toString() });
    return { id: agent_id, name: String(agent.name), paused: true };
  },
});
