import { z } from 'zod';
import { newId } from '../core/kernel/database/ids.ts';
import { enqueue } from '../core/kernel/outside/outbox.ts';
import type { Gate } from '../core/kernel/pipeline/gate.ts';
import { defineView, type JobHandler } from '../core/kernel/registry/define.ts';
import { pageOf, requireId } from '../core/kernel/registry/paging.ts';
import { attemptRow, insertAttempt, listSecurityEvents } from './attempt-queries.ts';
import { mailOwners } from './notice.ts';

/** What comes together is told in one mail, in seconds. */
const collect_seconds = 120;

/**
 * An agent's attempt at what is for people, be it to decide, to set a level, to make a key or to change what bounds it: it
 * was refused, and the owner learns of it. What it sent is not kept, only which action and where.
 */
export const noteAttempt: Gate['noteAttempt'] = async (tx, identity, { request, action, error, now }) => {
  const { field } = error.details;
  const written = await insertAttempt(tx, identity, {
    id: newId(),
    action: action.slice(0, 80),
    field: field?.slice(0, 80) ?? null,
    details: { agent_id: identity.actor.id, key_id: identity.key_id ?? null, message: error.message },
    request_id: request.request_id,
  });
  if (!written) return;
  await enqueue(tx, identity.organization.id, request.request_id, {
    kind: 'security_notice',
    payload: {},
    run_at: now.add({ seconds: collect_seconds }).toString(),
    dedupe_key: 'attempts',
  });
};

/** What the house has written down about its own safety (SAN-02). */
export const securityEventsView = defineView({
  type: 'security_events',
  domain: 'authorization',
  whose: 'ours',
  summary:
    'Attempts of agents at what is for people alone, what was taken out of texts, and messages of services that are not believed; newest first.',
  keywords: ['attempts', 'security', 'refused', 'suspicious', 'break in'],
  row: attemptRow,
  params: z.strictObject({
    kind: z
      .enum(['attempt', 'redaction', 'webhook', 'refused'])
      .optional()
      .meta({ description: 'refused: attempts and messages together' }),
  }),
  roles: ['owner', 'admin'],
  async run(context, { params, limit, cursor }) {
    if (context.actor.kind === 'agent') {
      context.warn('Only people read this.');
      return { rows: [] };
    }
    requireId(cursor);
    const { kind } = params;
    const kinds = kind === 'refused' ? ['attempt', 'webhook'] : kind && [kind];
    const rows = await listSecurityEvents(context, { kinds, before: cursor, limit: limit + 1 });
    return pageOf(rows, limit, last => last.id);
  },
});

const tried = z.object({ action: z.string().nullable(), actor_name: z.string(), created_at: z.string() });

/** Writes to the owners which agent tried what, and where to stop it. */
export const deliverSecurityNotice: JobHandler<'mail'> = {
  kind: 'security_notice',
  summary: 'tells the owner that an agent tried what is for people',
  connectors: ['mail'],
  async run(job, tools) {
    const rows = z.array(tried).parse(
      await tools.read(job.organization_id, 'security_events', {
        params: { kind: 'attempt' },
        fields: Object.keys(tried.shape),
        limit: 100,
      }),
    );
    // Those that came before this mail was planned were told by another.
    const since = Date.parse(job.created_at) - collect_seconds * 1000;
    const fresh = rows.filter(({ created_at }) => Date.parse(created_at) >= since);
    if (fresh.length === 0) return { skipped: 'nothing new' };
    const owners = await mailOwners(job, tools, {
      subject: 'Your agent tried what is for people only',
      text: textOf(fresh, tools.base_url),
    });
    return { owners, attempts: fresh.length };
  },
};

function textOf(rows: readonly z.infer<typeof tried>[], base_url: string): string {
  const list = [
    ...new Set(rows.map(({ actor_name, action }) => `- ${actor_name}: ${action ?? 'something'}`)),
  ];
  return `This was refused, and nothing has changed:\n\n${list.join('\n')}\n\nIf you did not expect it, pause the agent or revoke its keys, after signing in:\n\n${base_url}/review/attempts\n`;
}
