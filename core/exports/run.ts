import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { exportKind } from './kinds.ts';
import { exportRecord, exportStates } from './record.ts';
import { findWaiting } from './record-queries.ts';

/**
 * Takes everything of the business out: a job writes one file, which the owner fetches on the page /exports for seven days. Asked for
 * by an agent, an owner allows it each time. Throws CONFLICT while one is being written.
 */
export const runExport = defineAction({
  domain: 'export',
  name: 'run',
  summary: 'Write everything of the business into one file, which the owner fetches on /exports.',
  input: z.strictObject({}),
  output: z.object({ id: z.string(), reference: z.string(), status: z.enum(exportStates) }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  verb: 'take out',
  past: 'taken out',
  object: 'everything of the business',
  example: {},
  roles: ['owner'],
  on_page: '/exports',
  keywords: ['download everything', 'backup', 'leave', 'move away', 'all data'],
  async run(context) {
    const waiting = await findWaiting(context);
    if (waiting) {
      throw new DeskhandError('CONFLICT', `${waiting.reference} is being written already.`, {
        hint: 'Fetch it on the page /exports when it is ready.',
      });
    }
    return ask(context);
  },
});

async function ask(context: Context) {
  const { organization, actor } = context;
  const about = { type: 'organization', id: organization.id, verb: 'exported' };
  await logEntry(context, about, { of: 'everything' });
  const { id, reference, status } = await insertRow(context, exportRecord, {
    id: newId(),
    title: 'Everything',
    asked_by: actor.name,
  });
  await context.enqueue({ kind: exportKind, payload: { export_id: id }, dedupe_key: id });
  return { id, reference, status };
}
