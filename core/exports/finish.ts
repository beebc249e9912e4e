import { z } from 'zod';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { removalKind } from './kinds.ts';
import { exportRecord, exportStates, keptDays } from './record.ts';
import { findExpired } from './record-queries.ts';

/** Done by a job or timer, and by nobody else. */
const byItself = { permission: { level: 'requires_authorization' }, human_only: true, roles: [] } as const;

/** Writes down what became of an export: the file is there, or why not. Twice does no harm. */
export const finishExport = defineAction({
  domain: 'export',
  name: 'finish',
  summary: 'Write down that the file of an export is there, or why not; done by the job itself.',
  input: z.strictObject({
    export_id: ref('export'),
    file_name: z.string().max(200).optional(),
    rows: z.int().min(0).optional(),
    bytes: z.int().min(0).optional(),
    sha256: z.string().length(64).optional(),
    error: z.string().max(500).optional(),
  }),
  output: z.object({ reference: z.string(), status: z.enum(exportStates) }),
  ...byItself,
  effect: 'update',
  past: 'finished',
  example: { export_id: 'EX-1', error: 'the disk is full' },
  async run(context, { export_id, file_name, rows, bytes, sha256, error }) {
    const { reference, status } = await getRow(context, exportRecord, export_id);
    if (status !== 'waiting' && !(status === 'failed' && error === undefined)) return { reference, status };
    const expires_at = context.now.add({ hours: keptDays * 24 }).toString();
    const row = await updateRow(
      context,
      exportRecord,
      export_id,
      error === undefined
        ? {
            status: 'ready',
            file_name: file_name ?? null,
            rows_count: rows ?? null,
            size_bytes: bytes ?? null,
            sha256: sha256 ?? null,
            error: null,
            ready_at: context.now.toString(),
            expires_at,
          }
        : { status: 'failed', error },
    );
    return { reference, status: row.status };
  },
});

/** Ends exports whose file has been kept for its days; their files go by a job. */
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
    for (const { id } of rows) {
      await updateRow(context, exportRecord, id, { status: 'gone' });
      await context.enqueue({ kind: removalKind, payload: { export_id: id }, dedupe_key: id });
    }
    return { expired: rows.map(({ id }) => id) };
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
