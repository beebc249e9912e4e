import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { agentRecord } from './agent.ts';
import { insertKey, keyRow } from './queries.ts';

/** A new key is shown once; only its hash is kept (security.md). Human only: an agent cannot make itself keys. */
export const createKey = defineAction({
  domain: 'agent',
  name: 'create_key',
  summary: 'Make a key for an agent; it is shown once.',
  input: z.strictObject({ agent_id: ref('agent'), expires_on: day.optional() }),
  output: keyRow.extend({ key: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'agent.revoke_key',
  example: { agent_id: 'Office Manager' },
  human_only: true,
  roles: ['owner', 'admin'],
  keywords: ['token', 'access'],
  async run(context, { agent_id, expires_on }) {
    await getRow(context, agentRecord, agent_id);
    const key = `dh_${randomBytes(32).toString('base64url')}`;
    const expires =
      expires_on === undefined
        ? null
        : dayBounds(readDay(expires_on, 'expires_on'), context.organization.time_zone).to.toString();
    const row = await insertKey(context, {
      id: newId(),
      agent_id,
      prefix: key.slice(0, 10),
      hash: hashSecret(key),
      expires_at: expires,
    });
    return { ...row, key };
  },
});
