import { type Context, roles } from '../kernel/pipeline/context.ts';
import { readValues } from '../kernel/records/read-values.ts';
import type { Row } from '../kernel/records/record.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { memberRecord } from '../members/member.ts';
import { listToCome } from '../reading/unfit-visits.ts';
import { aboutInput, readAbout, withCustomer } from './about.ts';
import { findTwin } from './queries.ts';
import type { Task } from './record.ts';
import { answerTask, taskAnswer, taskRecord } from './task.ts';

/**
 * Remembers something for somebody (EXP-06): "remind me on Friday to order squeegees" is this one call, about nobody. Said
 * twice it is remembered once: an open task with the same words, time, person and thing is answered instead. Technicians
 * write down what they have to do themselves.
 */
export const createTask = defineAction({
  domain: 'task',
  name: 'create',
  summary:
    'Remember something to be done at due_at, about anything or nobody; a day alone means when you open.',
  input: taskRecord.writable.extend({ about: aboutInput.optional() }),
  output: taskAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 1, members: ['title', 'due_at', 'about', 'assignee_id'] },
  undo: 'task.delete',
  example: { title: 'Order squeegees', due_at: '2026-12-04' },
  roles,
  keywords: ['remind', 'reminder', 'add', 'new', 'to do', 'remember', 'do not forget', 'call'],
  async run(context, { about, ...input }) {
    requireOwn(context, input.assignee_id);
    const given = { ...input, ...(about === undefined ? {} : thatIs(await readAbout(context, about))) };
    const twin = await findOpenTwin(context, given);
    if (!twin) {
      const task = await createRecord(context, taskRecord, given);
      if (task.assignee_id === null && context.actor.kind === 'agent')
        context.warn(
          `${task.reference} is for nobody in particular; assignee says for whom, "me" is the owner.`,
        );
      await tellOtherCrew(context, task);
      return answerTask(context, task);
    }
    context.unchanged();
    context.warn(`${twin.reference} says the same already, and is open; nothing was added.`);
    return answerTask(context, twin);
  },
});

/** Whoever is to do something on a visit that others make may never see it there. */
async function tellOtherCrew(context: Context, { contact_id, assignee_id }: Task): Promise<void> {
  if (contact_id === null || assignee_id === null) return;
  const assignee = await getRow(context, memberRecord, assignee_id);
  const [next] = await listToCome(context, contact_id);
  if (assignee.role !== 'technician' || !next?.technicians || next.technician_ids?.includes(assignee_id))
    return;
  const when = localTime(next.scheduled_at, context.organization.time_zone);
  context.warn(
    `${next.reference} of ${when} is made by ${next.technicians.join(', ')}, and not by ${assignee.name}.`,
  );
}

/** What is said of it: nothing else is given by a caller who says it in `about`. */
const thatIs = (about: Partial<Task>) =>
  Object.fromEntries(Object.entries(about).filter(([, id]) => id !== null));

function requireOwn({ actor }: Context, assigneeId: string | undefined): void {
  if (actor.role !== 'technician' || (assigneeId ?? actor.id) === actor.id) return;
  throw new DeskhandError('FORBIDDEN', 'A technician writes down tasks of their own.', {
    field: 'assignee_id',
    hint: 'Leave assignee_id out, or ask the office.',
  });
}

async function findOpenTwin(context: Context, given: Row): Promise<Task | undefined> {
  const values = await readValues(context, taskRecord, given, undefined);
  const columns = await withCustomer(context, values, undefined);
  const mine = context.actor.kind === 'user' ? context.actor.id : null;
  return findTwin(context, { assignee_id: mine, ...columns });
}
