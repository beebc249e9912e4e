import { z } from 'zod';
import { PermanentFailure, RetryLater } from '../kernel/outside/delivery-failure.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { exportKind, removalKind } from './kinds.ts';

const payload = z.object({ export_id: z.string() });
const found = z.object({ reference: z.string(), status: z.string() });

/** The name of the file of an export in the data folder. */
export const fileNameOf = (exportId: string): string => `${exportId}.zip`;

/** Writes the file of an export. At least once; while one worker is at it, no other begins. */
export const writeExport: JobHandler<'archives'> = {
  kind: exportKind,
  summary: 'writes everything of the business into one file',
  is_internal: true,
  connectors: ['archives'],
  async run(job, tools) {
    const { organization_id } = job;
    const { export_id } = payloadOf(job);
    const row = found.safeParse((await tools.read(organization_id, 'exports', { id: export_id }))[0]).data;
    if (row?.status === 'ready') return { done: row.reference };
    const file_name = fileNameOf(export_id);
    const written = await tools.connectors.archives.writeBusiness(organization_id, file_name);
    if (!written) throw new RetryLater('it is being written by another worker', 60);
    await finish(job, tools, { file_name, ...written });
    return { file: file_name, rows: written.rows };
  },
  gaveUp: (job, tools, why) => finish(job, tools, { error: why }),
};

async function finish(job: Job, tools: JobTools, data: Record<string, unknown>): Promise<void> {
  const { export_id } = payloadOf(job);
  await tools.execute(job.organization_id, { action: 'export.finish', data: { export_id, ...data } });
}

function payloadOf(job: Job): z.infer<typeof payload> {
  const parsed = payload.safeParse(job.payload);
  if (!parsed.success) throw new PermanentFailure('This job names no export.');
  return parsed.data;
}

/** Removes the file of an export that is over. */
export const removeFiles: JobHandler<'archives'> = {
  kind: removalKind,
  summary: 'removes the file of an export whose days are over',
  is_internal: true,
  connectors: ['archives'],
  async run(job, { connectors }) {
    await connectors.archives.remove(fileNameOf(payloadOf(job).export_id));
    return {};
  },
};
