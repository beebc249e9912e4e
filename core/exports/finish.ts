import { z } from 'zod';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { digestText } from '../kernel/words/text-schemas.ts';
import { byItself } from './kinds.ts';
import { exportRecord, exportStates, keptDays } from './record.ts';

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
    sha256: digestText.optional(),
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
