import { z } from 'zod';
import { agentRecord } from '../agents/agent.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { connectionRow, insertConnection } from './queries.ts';
import { scopes } from './scopes.ts';
import { membersMayConnect } from './settings.ts';

const name = z.string().trim().min(1).max(80);

/**
 * Lets a program work as an agent of the business: one that is there, or a new one. What the program says of itself is kept as it
 * says it. The authorization server gives it its tokens after. Throws FORBIDDEN for whom the owner does not let.
 */
export const allowConnection = defineAction({
  domain: 'connection',
  name: 'allow',
  summary: 'Let a program that asked for it work as an agent.',
  input: z.strictObject({
    agent_id: ref('agent').optional(),
    new_agent: name.optional(),
    client_id: z.string().min(1).max(500),
    client_name: name,
    redirect_host: z.string().min(1).max(253),
    is_verified: z.boolean(),
    scope: z.enum(scopes),
  }),
  output: connectionRow,
  permission: { level: 'requires_authorization' },
  effect: 'create',
  past: 'allowed',
  undo: 'connection.end',
  example: {
    agent_id: 'Office Manager',
    client_id: 'https://assistant.example/client.json',
    client_name: 'Assistant',
    redirect_host: 'assistant.example',
    is_verified: true,
    scope: 'office',
  },
  human_only: true,
  roles: ['owner', 'admin', 'member'],
  keywords: ['connect', 'connector', 'oauth', 'claude', 'chatgpt'],
  async run(context, { agent_id, new_agent, ...client }) {
    const allowed_by = requireAllowed(context);
    if ((agent_id === undefined) === (new_agent === undefined)) {
      throw new DeskhandError('VALIDATION_ERROR', 'Name one agent: agent_id, or new_agent.', {
        field: 'agent_id',
        hint: 'Give agent_id for an agent that is there, new_agent for the name of a new one.',
      });
    }
    const agent =
      agent_id === undefined
        ? await createRecord(context, agentRecord, { name: new_agent })
        : await getRow(context, agentRecord, agent_id);
    return insertConnection(context, { id: newId(), agent_id: String(agent.id), ...client, allowed_by });
  },
});

/** Who of the people may connect agents: the owner and admins, and members where the owner lets them. */
export const mayConnect = (context: Pick<Context, 'actor' | 'organization'>): boolean => {
  const { kind, role } = context.actor;
  if (kind !== 'user') return false;
  return role === 'owner' || role === 'admin' || (role === 'member' && settingOf(context, membersMayConnect));
};

function requireAllowed(context: Context): string {
  const { id } = context.actor;
  if (id !== null && mayConnect(context)) return id;
  throw new DeskhandError('FORBIDDEN', 'Connecting an assistant is for the owner.', {
    hint: `Ask the owner to connect it, or to change the setting ${membersMayConnect.name}.`,
  });
}
