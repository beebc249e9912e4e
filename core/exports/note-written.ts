import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { exportRecord } from './record.ts';

/** Writes down that somebody at the command line takes everything along; done before the first byte is written. */
export const noteWritten = defineAction({
  domain: 'export',
  name: 'note_written',
  summary: 'Write down that everything is taken out by the command line; done by the command itself.',
  input: z.strictObject({ file_name: z.string().min(1).max(200) }),
  output: z.object({ id: z.string(), reference: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  past: 'taken',
  object: 'everything',
  example: { file_name: 'bright-panes-2026-11-18.zip' },
  human_only: true,
  roles: [],
  async run(context, { file_name }) {
    const { organization } = context;
    await logEntry(
      context,
      { type: 'organization', id: organization.id, verb: 'exported' },
      { of: 'everything', file_name },
    );
    const { id, reference } = await insertRow(context, exportRecord, {
      id: newId(),
      title: 'Everything',
      status: 'taken',
      file_name,
      asked_by: 'the command line',
    });
    return { id, reference };
  },
});
