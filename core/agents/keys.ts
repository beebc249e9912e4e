import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, defineView } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { agentRecord } from './agent.ts';
import { insertKey, keyRow, listKeys, revokeKey } from './queries.ts';

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

/** Ends a key; the next call with it is refused in every process. */
export const revokeKeyAction = defineAction({
  domain: 'agent',
  name: 'revoke_key',
  summary: 'Revoke a key by its id or visible beginning.',
  keywords: ['token', 'access', 'block', 'disable', 'stolen'],
  input: z.strictObject({ key: z.string().min(4).max(60) }),
  output: keyRow,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { key: 'dh_Xk3v9Qa' },
  human_only: true,
  roles: ['owner', 'admin'],
  async run(context, { key }) {
    const row = await revokeKey(context, key);
    if (!row) throw notFound('living key', key, { field: 'key' });
    return row;
  },
});

export const agentKeys = defineView({
  type: 'agent_keys',
  domain: 'agent',
  summary: 'The keys of agents by their visible beginnings; never the keys themselves.',
  keywords: ['token', 'access', 'api key'],
  row: keyRow,
  params: z.strictObject({ agent_id: ref('agent').optional() }),
  roles: ['owner', 'admin'],
  run: async (context, { params, limit }) => ({
    rows: (await listKeys(context, params.agent_id)).slice(0, limit),
  }),
});
