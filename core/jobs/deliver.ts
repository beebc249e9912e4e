import { connectorsFor } from '../kernel/outside/connectors.ts';
import { AllBusy, PermanentFailure, RetryLater } from '../kernel/outside/delivery-failure.ts';
import { unobserved } from '../kernel/outside/observer.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import { messageOf } from '../kernel/words/message-of.ts';
import { pauseMail, settleJob } from './queries.ts';
import { asUser, type WorkerOptions } from './worker-options.ts';

const longestWait = 3_600_000;
/** A quota is raised by somebody, or a key changed: one of the mails that wait tries that now and then. */
const longestPause = 600_000;

/** 2, 4, 8, … seconds, at most an hour, in milliseconds. */
export const backoff = (attempts: number): number =>
  Math.min(longestWait, 2 ** Math.min(attempts, 20) * 1000);

/** The usual wait, or as long as the other side asks for, an hour at most. */
function waitAfter(error: unknown, usual_ms: number): number {
  const asked = error instanceof RetryLater ? error.retry_after_seconds * 1000 : 0;
  return Math.min(longestWait, Math.max(usual_ms, asked));
}

/**
 * Runs the handler of a job that was claimed, and records how it ended: done, to come again, or dead. Throws only when that cannot be
 * recorded; the job comes again then.
 */
export async function deliver(options: WorkerOptions, worker: string, job: Job): Promise<void> {
  const { db, registry, tools, onProblem, pause_ms = backoff, observer = unobserved } = options;
  const { organization_id, id, kind, attempts, max_attempts } = job;
  const settled = { organization_id, id, worker, outcome: null, error: null, retry_at: null };
  const isOver = attempts > max_attempts;
  if (attempts > 1 && job.last_error === null && !isOver)
    onProblem('a worker died during a delivery; it comes again and may arrive twice', {
      job: id,
      kind,
      attempts,
    });
  const handler = registry.jobs.get(kind);
  try {
    if (isOver) throw new PermanentFailure(job.last_error ?? 'the worker died during every attempt');
    if (!handler) throw new Error(`nobody registered a handler for jobs of kind ${kind}`);
    const connectors = connectorsFor(asUser(handler), tools.connectors, organization_id);
    const outcome = await observer.around(
      { kind: 'job', name: kind },
      () => handler.run(job, { ...tools, connectors }),
      () => 'done',
    );
    await settleJob(db, { ...settled, outcome });
  } catch (error) {
    const last = error instanceof PermanentFailure || attempts >= max_attempts;
    const wait_ms = waitAfter(error, pause_ms(attempts));
    const why = messageOf(error).slice(0, 500);
    if (error instanceof AllBusy && handler?.connectors?.includes('mail'))
      await pauseMail(db, later(Math.min(longestPause, wait_ms)));
    onProblem(last ? 'a delivery is dead' : 'a delivery failed and comes again', {
      job: id,
      kind,
      attempts,
      error: messageOf(error),
    });
    // What it carries hears of it first: a worker that dies in between leaves the job to the next one.
    if (last) await handler?.gaveUp?.(job, { ...tools, connectors: {} }, why);
    await settleJob(db, { ...settled, error: why, retry_at: last ? null : later(wait_ms) });
  }
}

const later = (wait_ms: number): string => new Date(Date.now() + wait_ms).toISOString();
