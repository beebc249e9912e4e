import { z } from 'zod';
import type { Job } from '../core/kernel/outside/outbox.ts';
import type { Context } from '../core/kernel/pipeline/context.ts';
import type { JobHandler, JobTools } from '../core/kernel/registry/define.ts';

/** How long what comes together is collected before the owner is written to, in seconds. */
const collect_seconds = 120;

/** Queues one mail to the owner for everything that begins to wait in the next minutes. */
export const tellOwner = (context: Context): Promise<void> =>
  context.enqueue({
    kind: 'authorization_notice',
    payload: {},
    run_at: context.now.add({ seconds: collect_seconds }).toString(),
    dedupe_key: 'waiting',
  });

const waiting = z.object({ action: z.string() });
const owner = z.object({ id: z.string(), email: z.string() });
const business = z.object({ name: z.string() });

/**
 * Writes to the owners how much waits, of which kind, and where it is decided. Nothing about customers and no token: the
 * page wants a sign-in (issue: mails are forwarded, and read by servers on the way). Nothing is sent when nothing waits
 * any more.
 */
export const deliverNotice: JobHandler<'mail'> = {
  kind: 'authorization_notice',
  summary: 'tells the owner that something waits',
  connectors: ['mail'],
  async run(job, tools) {
    const rows = z.array(waiting).parse(
      await tools.read(job.organization_id, 'authorization_requests', {
        filter: 'pending',
        fields: ['action'],
        limit: 100,
      }),
    );
    if (rows.length === 0) return { skipped: 'nothing waits any more' };
    const owners = await mailOwners(job, tools, {
      subject: subjectOf(rows.length),
      text: textOf(rows, tools.base_url),
    });
    return { owners, waiting: rows.length };
  },
};

/** Sends every owner the same mail in the name of their business; answers how many there are. */
export async function mailOwners(
  { id, organization_id }: Job,
  { read, connectors }: Pick<JobTools<'mail'>, 'read' | 'connectors'>,
  mail: { subject: string; text: string },
): Promise<number> {
  const query = { params: { role: 'owner' }, fields: ['email'], limit: 20 };
  const owners = z.array(owner).parse(await read(organization_id, 'members', query));
  const [organization] = z.array(business).parse(await read(organization_id, 'organization', {}));
  for (const { id: member, email } of owners) {
    await connectors.mail.send({
      // The same mail when it is sent again, another one for each owner.
      id: `${id}-${member}`,
      from_name: organization?.name ?? 'Deskhand',
      to: email,
      ...mail,
    });
  }
  return owners.length;
}

const subjectOf = (count: number) =>
  count === 1 ? 'Something waits for your decision' : `${count} things wait for your decision`;

function textOf(rows: readonly { action: string }[], base_url: string): string {
  const counts = new Map<string, number>();
  for (const { action } of rows) counts.set(action, (counts.get(action) ?? 0) + 1);
  const list = [...counts]
    .map(([action, count]) => `- ${count} × ${action.replace(/[._]/g, ' ')}`)
    .join('\n');
  return `Your agent asked for what it may not do alone:\n\n${list}\n\nLook at it and decide, after signing in:\n\n${base_url}/review\n`;
}
