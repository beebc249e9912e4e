import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import { defineAction, type JobHandler } from '../kernel/registry/define.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { erasureKind, findDeletion } from './queries.ts';

/** Starts what was asked for seven days ago and not taken back since. */
export const carryOutDeletion = defineAction({
  domain: 'deletion',
  name: 'carry_out',
  summary: 'Delete the business when its seven days are over; done by a timer.',
  input: z.strictObject({}),
  output: z.object({ is_due: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  undo: 'none',
  past: 'carried out',
  object: 'deletion of the business',
  example: {},
  human_only: true,
  roles: [],
  async run(context) {
    const known = await findDeletion(context);
    if (!known || Date.parse(known.delete_at) > context.now.epochMilliseconds) return { is_due: false };
    await context.enqueue({ kind: erasureKind, payload: { deletion_id: known.id }, dedupe_key: known.id });
    return { is_due: true };
  },
});

export const deletionTimer = defineTimer({
  name: 'deletion.carry_out',
  summary: 'A business whose deletion was asked for seven days ago goes.',
  at: { hour: 4, minute: 10 },
  async run(tools, organization_id) {
    return (await tools.execute(organization_id, { action: 'deletion.carry_out', data: {} })).data;
  },
});

const payload = z.object({ deletion_id: z.string() });

/** Deletes everything of the business, this job with it. Run again, it finds nothing left to do. */
export const eraseBusinessJob: JobHandler<'archives'> = {
  kind: erasureKind,
  summary: 'deletes everything of the business',
  is_internal: true,
  connectors: ['archives'],
  async run({ organization_id, payload: given }, { connectors }) {
    const parsed = payload.safeParse(given);
    if (!parsed.success) throw new PermanentFailure('This job names no deletion.');
    const rows = await connectors.archives.eraseBusiness(organization_id, parsed.data.deletion_id);
    return rows === undefined ? { skipped: 'the deletion was taken back' } : { rows };
  },
};
