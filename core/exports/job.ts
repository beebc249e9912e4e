import { z } from 'zod';
import { PermanentFailure, RetryLater } from '../kernel/outside/delivery-failure.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { customerFiles } from './customer-zip.ts';
import { exportKind } from './kinds.ts';
import { listFiles } from './lists-zip.ts';
import { exportKinds, listFormats } from './record.ts';

const payload = z.object({ export_id: z.string() });
const wanted = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  kind: z.enum(exportKinds),
  lists: z.array(z.string()),
  format: z.enum(listFormats).nullable(),
  contact_id: z.string().nullable(),
  created_at: z.string(),
});
type Wanted = z.infer<typeof wanted>;

/** Writes the file of an export. At least once; while one worker is at it, no other begins. */
export const writeExport: JobHandler<'archives'> = {
  kind: exportKind,
  summary: 'writes a file that was asked for on the page /exports',
  is_internal: true,
  connectors: ['archives'],
  async run(job, tools) {
    const { export_id } = payloadOf(job);
    const query = { id: export_id, fields: Object.keys(wanted.shape) };
    const row = wanted.safeParse((await tools.read(job.organization_id, 'exports', query))[0]).data;
    if (!row) throw new PermanentFailure('This export is not there.');
    if (row.status !== 'waiting' && row.status !== 'failed') return { done: row.reference };
    const written = await write(job, tools, row);
    if (!written) throw new RetryLater('it is being written by another worker', 60);
    await finish(job, tools, { file_name: await fileName(job, tools, row), ...written });
    return { file: row.reference, rows: written.rows };
  },
  gaveUp: (job, tools, why) => finish(job, tools, { error: why }),
};

interface Written {
  rows: number;
  bytes: number;
  sha256: string;
}

async function write(
  { organization_id }: Job,
  { connectors: { archives }, read: readOf }: JobTools<'archives'>,
  { id, kind, lists, format, contact_id, created_at }: Wanted,
): Promise<Written | undefined> {
  const read = readOf.bind(undefined, organization_id);
  if (kind === 'everything') return archives.writeBusiness(organization_id, id);
  if (kind === 'customer') {
    if (contact_id === null) throw new PermanentFailure('This export names no customer.');
    const { rows, ...together } = await customerFiles(contact_id, read);
    const written = await archives.writeFiles(organization_id, id, together);
    return written && { rows, ...written };
  }
  let rows = 0;
  const counted = (count: number) => {
    rows += count;
  };
  const together = listFiles(lists, format ?? 'csv', { read, counted, moment: new Date(created_at) });
  const written = await archives.writeFiles(organization_id, id, together);
  return written && { rows, ...written };
}

const organization = z.object({ slug: z.string() });
const customer = z.object({ reference: z.string() });

/** `bright-panes-2026-11-18.zip`, and what of it where it is not everything. */
async function fileName(
  { organization_id }: Job,
  { read }: JobTools<'archives'>,
  { kind, contact_id, created_at }: Wanted,
): Promise<string> {
  const [business] = await read(organization_id, 'organization', {});
  const parts = [organization.parse(business).slug];
  if (kind === 'lists') parts.push('lists');
  if (kind === 'customer' && contact_id !== null) {
    const [row] = await read(organization_id, 'contacts', { id: contact_id, fields: ['reference'] });
    parts.push(customer.parse(row).reference);
  }
  return `${[...parts, created_at.slice(0, 10)].join('-')}.zip`;
}

async function finish(job: Job, tools: JobTools, data: Record<string, unknown>): Promise<void> {
  const { export_id } = payloadOf(job);
  await tools.execute(job.organization_id, { action: 'export.finish', data: { export_id, ...data } });
}

function payloadOf(job: Job): z.infer<typeof payload> {
  const parsed = payload.safeParse(job.payload);
  if (!parsed.success) throw new PermanentFailure('This job names no export.');
  return parsed.data;
}
