import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { emit } from '../kernel/pipeline/emit.ts';
import { defineAction, type JobHandler } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { claimRun, findRun, listSettings, settleRun } from './queries.ts';

/**
 * Runs an automation on its event, once: the effect and the mark that it is done are one transaction, so a second
 * delivery and a second worker find it done (WFL-01). One that was switched off meanwhile is skipped, and says so.
 */
export const runAutomation = defineAction({
  domain: 'automation',
  name: 'run',
  summary: 'Run an automation on its event; done by the worker itself.',
  input: z.strictObject({ run: z.uuid() }),
  output: z.object({
    automation: z.string(),
    state: z.string(),
    did: z.record(z.string(), z.unknown()).nullable(),
  }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { run: '01900000-0000-7000-8000-000000000001' },
  human_only: true,
  roles: [],
  async run(context, { run: run_id }) {
    const run = await claimRun(context, run_id);
    if (!run) return endedBefore(context, run_id);
    const { automation: name, event_id, payload, created_at } = run;
    const automation = context.registry.automations.get(run.name)?.find(each => each.name === name);
    if (!automation) return skip(context, run_id, name, 'this installation does not know it any more');
    const settings = await listSettings(context);
    if (settings.some(each => each.automation === name && !each.is_enabled)) {
      return skip(context, run_id, name, 'it was switched off');
    }
    const by = { id: name, emits: automation.emits };
    const inside: Context = { ...context, emit: (event, facts) => emit(context, by, event, facts) };
    const did = await automation.run(inside, { id: event_id, name: run.name, payload, created_at });
    await settleRun(context, { id: run_id, state: 'done', why: null, did });
    return { automation: name, state: 'done', did };
  },
});

async function endedBefore(context: Context, id: string) {
  const run = await findRun(context, id);
  if (!run) throw notFound('run', id, { field: 'run' });
  return { ...run, did: null };
}

async function skip(context: Context, id: string, automation: string, why: string) {
  await settleRun(context, { id, state: 'skipped', why, did: null });
  return { automation, state: 'skipped', did: null };
}

const payload = z.object({ run: z.string() });

/** Runs what an event has started. At least once: a second delivery finds it done. */
export const runLater: JobHandler = {
  kind: 'automation',
  summary: 'does what follows from an event',
  is_internal: true,
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no run.');
    return (await tools.execute(job.organization_id, { action: 'automation.run', data: parsed.data })).data;
  },
};
