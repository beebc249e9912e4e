import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { deleteParts } from './file-queries.ts';
import { byItself } from './kinds.ts';
import { exportRecord } from './record.ts';
import { findExpired } from './record-queries.ts';

/** Ends exports whose file has been kept for its days; their files go in the same moment. */
export const expireExports = defineAction({
  domain: 'export',
  name: 'expire',
  summary: 'End exports whose days are over, and their files; done by a timer.',
  input: z.strictObject({}),
  output: z.object({ expired: z.array(z.string()) }),
  ...byItself,
  effect: 'update',
  past: 'ended',
  object: 'old exports',
  example: {},
  async run(context) {
    const rows = await findExpired(context);
    const ids = rows.map(({ id }) => id);
    for (const id of ids) await updateRow(context, exportRecord, id, { status: 'gone' });
    await context.tx.run(deleteParts(context.organization.id, ids));
    return { expired: ids };
  },
});

export const expiryTimer = defineTimer({
  name: 'export.expire',
  summary: 'Files of exports go when their seven days are over.',
  at: { hour: 3, minute: 40 },
  async run(tools, organization_id) {
    return (await tools.execute(organization_id, { action: 'export.expire', data: {} })).data;
  },
});
