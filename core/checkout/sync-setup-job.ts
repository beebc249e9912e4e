import { z } from 'zod';
import { syncingSetup } from '../invoices/setup-bill.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { asFailure } from './trouble.ts';

const payload = z.object({ invoice_id: z.string() });

/** Makes the draft at Stripe that sets it up to ask for bills (INV-19); the owner hears of it when that cannot be done. */
export const syncSetupJob: JobHandler = {
  kind: syncingSetup,
  summary: 'makes the draft at Stripe that sets it up to ask for bills',
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no bill.');
    try {
      await tools.execute(job.organization_id, { action: 'invoice.sync_setup', data: parsed.data });
      return { draft: 'is at Stripe' };
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'INVALID_STATE') return { skipped: error.message };
      const failure = asFailure(error);
      if (failure instanceof PermanentFailure) await tell(job, tools, failure.message);
      throw failure;
    }
  },
  gaveUp: async (job, tools) => {
    await tell(job, tools, 'Stripe could not be reached.');
  },
};

const tell = (
  { organization_id, payload: given }: Job,
  { execute }: Pick<JobTools, 'execute'>,
  said: string,
) =>
  execute(organization_id, {
    action: 'invoice.note_not_at_stripe',
    data: { ...payload.parse(given), said },
  });
