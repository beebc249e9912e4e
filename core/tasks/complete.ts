import { z } from 'zod';
import { type Context, roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { answerByPhone } from '../tickets/answer-by-phone.ts';
import { asksAboutTime } from '../tickets/asks.ts';
import { answerOfferByPhone } from '../waitlist/answer-call.ts';
import { openFrom } from './call.ts';
import { endOf } from './end-of.ts';
import { type Outcome, outcomes } from './outcomes.ts';
import type { Task } from './record.ts';
import { answerTask, lockTask, requireOpen, taskAnswer, taskRecord } from './task.ts';

/** Somebody who did not pick up is called again so much later. */
const again_hours = 3;

/**
 * Marks a task as done. Of a call to a customer it says what came of it: what they say to what they were asked stands as if they
 * had answered themselves (decision 023), and when nobody was there the call comes again. Throws INVALID_STATE for a task that was cancelled,
 * VALIDATION_ERROR for an outcome of what is no call.
 */
export const completeTask = defineAction({
  domain: 'task',
  name: 'complete',
  summary: 'Mark a task as done; of a call to a customer, say what came of it.',
  input: z.strictObject({
    task_id: ref('task'),
    outcome: z
      .enum([...outcomes, 'nobody_there'])
      .optional()
      .meta({
        description:
          'of a call; accepted, declined, change_asked answer what was asked; nobody_there calls again later',
      }),
  }),
  output: taskAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'task_id',
  touches: ['email'],
  often: { rank: 2, members: ['task_id', 'outcome'] },
  undo: 'task.reopen',
  example: { task_id: 'TASK-1' },
  roles,
  keywords: ['done', 'finished', 'tick off', 'check off', 'called', 'nobody there', 'no answer'],
  async run(context, { task_id, outcome }) {
    const task = await lockTask(context, task_id);
    if (outcome !== undefined && task.call_kind === null) throw noCall(task);
    if (task.status === 'done') {
      context.unchanged();
      context.warn(`${task.reference} was done already${task.ended_by ? `, by ${task.ended_by}` : ''}.`);
      return answerTask(context, task);
    }
    requireOpen(task);
    if (outcome === 'nobody_there') return answerTask(context, await callAgain(context, task));
    const done = await updateRow(context, taskRecord, task.id, {
      status: 'done',
      ...(outcome === undefined ? {} : { outcome }),
      ...endOf(context),
    });
    await tellOf(context, done, outcome);
    return answerTask(context, done);
  },
});

async function callAgain(context: Context, task: Task): Promise<Task> {
  const wanted = context.now.add({ hours: again_hours }).epochMilliseconds;
  const due_at = new Date(openFrom(context.organization, wanted) ?? wanted).toISOString();
  const attempts = task.attempts + 1;
  const when = localTime(due_at, context.organization.time_zone);
  context.warn(
    `${task.reference} stays open: nobody was there, ${attempts} × by now. It comes again ${when}.`,
  );
  return updateRow(context, taskRecord, task.id, { due_at, attempts });
}

const answers = { accepted: 'accepted', declined: 'declined', change_asked: 'modify_requested' } as const;

/** What they said is an answer to what they were called about, and to nothing else. */
async function tellOf(
  context: Context,
  { id, ticket_id, call_kind }: Task,
  outcome: Outcome | undefined,
): Promise<void> {
  if (call_kind === null || outcome === undefined || outcome === 'told') return;
  if (call_kind === 'waitlist_offer') return answerOfferByPhone(context, id, outcome === 'accepted');
  if (ticket_id !== null && asksAboutTime(call_kind))
    return answerByPhone(context, ticket_id, answers[outcome]);
  context.warn('This call asked for no time, so nothing but the call itself is marked.');
}

const noCall = ({ reference, title }: Task) =>
  invalid('outcome', `${reference} is no call to a customer.`, {
    hint: `Leave outcome out to mark «${title}» as done.`,
  });
