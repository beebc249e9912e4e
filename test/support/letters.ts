import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { executeEvents, executeForJobs, readForJobs } from '../../core/app.ts';
import { openArchiveStore } from '../../core/connectors/archives/store.ts';
import { type MailSettings, openMailTransport } from '../../core/connectors/email/index.ts';
import { backoff } from '../../core/jobs/deliver.ts';
import { startWorker } from '../../core/jobs/worker.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import type { Job, JobOutcome } from '../../core/kernel/outside/outbox.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { type Domain, defineDomain } from '../../core/kernel/registry/domain.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import type { Office } from './office.ts';

/** A post office for tests: `letter.send` queues a letter, and `deliver` says what becomes of it. */
export interface Letters {
  domain: Domain;
  delivered: Job[];
  /** How a letter is delivered from now on; delivered at once when left alone. */
  deliver: (job: Job) => Promise<JobOutcome>;
}

export function letters(): Letters {
  const office: Letters = {
    domain: defineDomain({ name: 'letter', summary: 'Letters.' }),
    delivered: [],
    deliver: arrive,
  };
  function arrive(job: Job): Promise<JobOutcome> {
    office.delivered.push(job);
    return Promise.resolve({ stamped: true });
  }
  office.domain = defineDomain({
    name: 'letter',
    summary: 'Letters.',
    actions: [send],
    jobs: [{ kind: 'letter', summary: 'delivers a letter', run: job => office.deliver(job) }],
  });
  return office;
}

const send = defineAction({
  domain: 'letter',
  name: 'send',
  summary: 'Queue a letter.',
  input: z.strictObject({
    to: z.string(),
    dedupe_key: z.string().optional(),
    then_fail: z.boolean().optional(),
  }),
  output: z.object({ queued: z.literal(true) }),
  permission: { level: 'unrestricted' },
  effect: 'send',
  undo: 'none',
  async run(context, { to, dedupe_key, then_fail }) {
    await context.enqueue({ kind: 'letter', payload: { to }, ...(dedupe_key ? { dedupe_key } : {}) });
    if (then_fail) throw invalid('then_fail', 'Something was wrong after all.');
    return { queued: true as const };
  },
});

/**
 * Runs `work` while a worker delivers the outbox, into a folder of its own unless `mail` names another way; answers
 * what the worker complained about. Timers, those of messages too, go by the office's clock unless `clock` says otherwise: on
 * whatever day a test runs, what the office has planned for later waits. The worker does not look by itself: what arrives
 * was announced. What fails waits ten times as long as usual, so that no test is so slow that it has come again before it
 * was looked at.
 */
export async function whileWorking(
  { db, app, now, payments, database }: Office,
  work: (folder: string) => Promise<void>,
  mail?: MailSettings,
  clock: () => Temporal.Instant = now,
): Promise<{ message: string; facts: Record<string, unknown> }[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskhand-outbox-'));
  const problems: { message: string; facts: Record<string, unknown> }[] = [];
  const worker = startWorker({
    db,
    registry: app.registry,
    tools: {
      read: readForJobs(app),
      execute: executeForJobs(app),
      executeEvent: executeEvents(app),
      linkAddress: app.linkAddress,
      connectors: {
        archives: openArchiveStore({
          db,
          owner: openDatabase({ address: database.admin }),
          dataDir: folder,
          deskhand_version: '0.1.0',
        }),
        mail: openMailTransport(mail ?? { way: 'folder', folder: path.join(folder, 'outbox') }),
        payments,
      },
      base_url: 'http://127.0.0.1:3000',
    },
    clock,
    patience_ms: 3_600_000,
    pause_ms: attempts => 10 * backoff(attempts),
    onProblem: (message, facts) => problems.push({ message, facts }),
  });
  try {
    await work(folder);
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return problems;
}
