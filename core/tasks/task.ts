import { type Sql, sql } from '../kernel/database/sql.ts';
import type { Actor, Context, ReadContext } from '../kernel/pipeline/context.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { getRow, listByIds } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { requireParents, withCustomer } from './about.ts';
import { type Task, taskFields, type taskSources } from './record.ts';

/**
 * Something to be done or be reminded of, by anybody, about anything or nobody (EXP-06, CFL-63). Nothing but somebody who
 * says so ends a task, save one thing: a lead that comes to nothing takes what was to be done about it along, like its
 * call-backs. What else happens to what a task is about:
 *
 * - a call to a customer whom no mail reaches ends with what was to be said: the visit is moved, cancelled, answered, done;
 * - a visit is booked: its customer's open tasks stay, and the booking names them, for the visit may have settled them;
 * - a visit is moved: its open tasks go to the visit that takes its place; cancelled: they stay, and are named;
 * - a lead is matched with a customer: its tasks are about both; becomes one: they are the customer's from then on;
 * - two customers are merged: all tasks go to the one that stays, and back when the merge is taken back;
 * - a customer, lead or company is deleted: a person agrees, for tasks are history; they go along, and exactly those come
 *   back with it; one by itself comes back only while what it is about is there;
 * - a person leaves: their tasks stay in the list under their name, for the office to give to somebody else.
 */
export const taskRecord = defineRecord({
  name: 'task',
  plural: 'tasks',
  summary:
    'What has to be done, when, by whom, about what: reminders and to-dos. By time; days with from and to.',
  keywords: ['reminder', 'remind', 'to do', 'todo', 'remember', 'errand', 'chore', 'due'],
  often: { rank: 3, members: ['assignee_id', 'status', 'contact_id', 'from', 'to'] },
  reference: { prefix: 'TASK', start: 1 },
  fields: taskFields,
  default_sort: 'due_at',
  by_hand: ['create', 'update'],
  filters: {
    open: { summary: 'still to be done', where: sql`status = 'open'` },
    calls: {
      summary: 'open calls to customers whom no mail reaches',
      where: sql`status = 'open' and call_kind is not null`,
    },
    overdue: {
      summary: 'open and due before now',
      where: context => sql`status = 'open' and due_at < ${context.now.toString()}::timestamptz`,
    },
    unassigned: { summary: 'open and nobody’s', where: sql`status = 'open' and assignee_id is null` },
  },
  ...namedAfter('task', {
    owners: ['contact_id', 'lead_id', 'company_id'],
    usual: ['open'],
    at: { moment: sql`r.due_at` },
    label: sql`r.title`,
    words: sql`r.title`,
  }),
  readers: ['owner', 'admin', 'member', 'technician'],
  restrict: ownTasks,
  actions: {
    delete: {
      summary: 'Remove a task made by mistake; can be restored. Not needed any more: task.cancel.',
      permission: { level: 'soft_limit' },
    },
  },
  async toColumns(context, input, before) {
    if (before) requireOpen(before);
    const columns = await withCustomer(context, input, before);
    if (before) return columns;
    return { ...mine(context.actor), source: sourceOf(context.actor), ...columns };
  },
  afterRestore: (context, _id, before) => requireParents(context, before),
  listWorkedOut: listOfOurs,
});

/** Tasks that are kept in line with something else (`made-for.ts`). */
async function listOfOurs(context: ReadContext, ids: readonly string[]): Promise<string[]> {
  const tasks = await listByIds(context, taskRecord, ids, { deleted: true });
  return tasks.filter(({ made_for }) => made_for !== null).map(({ id }) => id);
}

/** Technicians read what they have to do themselves. */
function ownTasks({ actor }: ReadContext): Sql | undefined {
  return actor.role === 'technician' && actor.id !== null
    ? sql`r.assignee_id = ${actor.id}::uuid`
    : undefined;
}

/** What a person writes down is theirs unless they say otherwise; what an agent does is nobody’s. */
const mine = ({ kind, id }: Actor): Pick<Task, 'assignee_id'> => ({
  assignee_id: kind === 'user' ? id : null,
});

const sources: Readonly<Partial<Record<Actor['kind'], (typeof taskSources)[number]>>> = {
  user: 'person',
  agent: 'agent',
};
const sourceOf = ({ kind }: Actor) => sources[kind] ?? 'workflow';

/** The locked row of a task. Throws NOT_FOUND. */
export const lockTask = (context: Context, id: string): Promise<Task> =>
  getRow(context, taskRecord, id, { lock: true });

/** Throws INVALID_STATE for what was done or cancelled. */
export function requireOpen({ reference, status }: Task): void {
  if (status === 'open') return;
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status}.`, {
    state: status,
    hint: 'Take it up again with task.reopen first.',
  });
}

/** What the verbs of a task answer: the task, and its time as people read it. */
export const taskAnswer = taskRecord.row.extend({ due_local: taskRecord.row.shape.due_at });

export const answerTask = ({ organization }: ReadContext, task: Task) => ({
  ...task,
  due_local: localTime(task.due_at, organization.time_zone),
});
