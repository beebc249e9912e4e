import { z } from 'zod';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { isQueued } from '../kernel/outside/outbox.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { ReadContext, ReversalContext } from '../kernel/pipeline/context.ts';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { undone } from '../kernel/pipeline/preview.ts';
import { defineReversal } from '../kernel/registry/define.ts';
import { whyNotUndone } from '../kernel/registry/undoable.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { type Called, findCalled, requireStanding, undoing } from './called.ts';
import { type Plan, planUndo } from './plan.ts';
import { takeStep } from './take-back.ts';
import { type Told, tellingSteps, warnOfUntold } from './told.ts';
import { cancelJobs } from './undo-queries.ts';

const input = z.strictObject({
  of: z
    .string()
    .trim()
    .min(3)
    .max(60)
    .meta({ description: 'the undo of its answer, or a reference: then the last call about that' }),
  as_far_as_possible: z
    .boolean()
    .optional()
    .meta({ description: 'take back what can be and name what stays, rather than all or nothing' }),
});

/**
 * Takes one call back (N6): what it changed is as before where nobody has changed it since, what it made is ended, what it
 * ended is there again, what waits to be sent is not sent. All of it or nothing, unless the caller says otherwise. By the
 * roles and levels of whatever would do the same: a visit is taken back by those of `ticket.cancel`.
 */
export const undo = defineReversal({
  domain: 'audit',
  name: 'undo',
  // What it takes back is held to the scope of each.
  scope: 'calendar',
  short: 'undo',
  summary:
    'Take back what one call or import did: all of it, or nothing and why. Tells what stays, such as sent mails.',
  input,
  output: z.object({
    undone: z.string(),
    took_back: z.array(z.string()),
    /** What had waited to go out and does not any more. */
    not_sent: z.array(z.string()).optional(),
    /** What cannot be taken back. */
    stays: z.array(z.string()).optional(),
    /** How the customer who was told of it was told of this: `mailed to «jane@example.com»`, or why not and what to do. */
    customer_told: z.string().optional(),
  }),
  permission: { level: 'unrestricted', rules: [ofOthers()] },
  effect: 'update',
  many: true,
  verb: 'undo',
  past: 'undid',
  participle: 'undone',
  object: 'an earlier call',
  example: { of: 'C-1001' },
  touches: ['email'],
  reasoning_else: 'An earlier call is taken back.',
  keywords: ['revert', 'take back', 'roll back', 'mistake', 'redo'],
  async run(context, { of, as_far_as_possible: partly = false }) {
    const found = await findCalled(context, of);
    // Of two at once the second waits here, and sees what the first one has done.
    await lockInBusiness(context, `undo:${found.request_id}`);
    const called = await findCalled(context, found.request_id);
    await requireStanding(context, called);
    requireUndoable(context, called);
    // Since the rule was asked, a reference may have come to mean a later call, of somebody else.
    if (judged.get(context.request) !== called.request_id)
      await context.permit(undoing, { of: called.request_id });
    const plan = await planUndo(context, called);
    requireAll(called, plan.conflicts, partly);
    for (const { action, input: pointed } of plan.permits) await context.permit(action, pointed);
    const jobs = await stopJobs(context, called);
    const { did, stays, told } = await takeAll(
      context,
      called,
      tellingSteps(context, plan, jobs.out),
      partly,
    );
    await warnOfUntold(context, jobs.out, told);
    const not_sent = await queueAgain(context, plan, jobs.stopped);
    if (did.length + not_sent.length === 0) {
      throw new DeskhandError('INVALID_STATE', `There is nothing left of it to take back: ${called.words}.`, {
        field: 'of',
        ...(stays.length > 0 ? { stays } : {}),
      });
    }
    await note(context, called, plan);
    const left = [...stays, ...jobs.stays];
    return {
      undone: called.words,
      took_back: did.slice(0, mostNamed),
      ...(not_sent.length > 0 ? { not_sent } : {}),
      ...(left.length > 0 ? { stays: left.slice(0, mostNamed) } : {}),
      ...(told.length > 0 ? { customer_told: [...new Set(told.map(({ how }) => how))].join('; ') } : {}),
    };
  },
});

const mostNamed = 20;

/** The call that the rule below was asked about, by the request that asked. */
const judged = new WeakMap<object, string>();

/** An agent takes back what it has done itself; what somebody else did, with the owner's word. */
function ofOthers(): Rule<z.output<typeof input>> {
  return {
    name: 'of_others',
    level: 'requires_authorization',
    summary: 'when somebody else did it',
    async applies(context, { of }) {
      const { actor, entries, request_id } = await findCalled(context, of);
      judged.set(context.request, request_id);
      if (actor.kind === context.actor.kind && actor.id === context.actor.id) return undefined;
      return `${quote(entries[0]?.actor_name ?? '')} did it, and not ${quote(context.actor.name)}`;
    },
  };
}

/** Throws INVALID_STATE for what is not taken back at all, with the reason its registration gives. */
function requireUndoable({ registry }: ReadContext, { found, words, entries }: Called): void {
  const ran = found ? [found, ...ranInside(entries).flatMap(id => registry.called(id) ?? [])] : [];
  const why = found ? whyOf(registry, ran) : 'nobody knows any more how';
  if (why === undefined) return;
  throw new DeskhandError('INVALID_STATE', `This cannot be undone: ${why}.`, {
    field: 'of',
    undo: 'none',
    call: words,
  });
}

function whyOf(registry: ReadContext['registry'], ran: readonly NonNullable<Called['found']>[]) {
  for (const call of ran) {
    const why = whyNotUndone(registry, call);
    if (why !== undefined) return why;
  }
  return undefined;
}

const kept = z.object({ new: z.array(z.string()) });

/** Of taking back: the actions it has run, some of which may be final. */
const ranInside = (entries: Called['entries']): string[] =>
  entries.flatMap(({ action, changes }) =>
    action === undone ? (kept.safeParse(changes.ran).data?.new ?? []) : [],
  );

/** All or nothing, and why: nothing has been done yet. */
function requireAll({ words }: Called, conflicts: readonly string[], partly: boolean): void {
  if (partly || conflicts.length === 0) return;
  throw new DeskhandError(
    'INVALID_STATE',
    `Nothing was taken back, for something depends on it by now: ${words}.`,
    {
      field: 'of',
      stays: conflicts.slice(0, mostNamed),
      hint: 'Undo the later calls first, the last one before the others, or say as_far_as_possible: true.',
    },
  );
}

async function takeAll(
  context: ReversalContext,
  called: Called,
  { steps, conflicts }: Pick<Plan, 'steps' | 'conflicts'>,
  partly: boolean,
) {
  const did: string[] = [];
  const stays = partly ? [...conflicts] : [];
  const left: string[] = [];
  const told: Told[] = [];
  for (const step of steps) {
    const taken = await takeStep(context, step, partly);
    if (taken.did !== undefined) did.push(taken.did);
    if (taken.stays !== undefined) stays.push(taken.stays);
    left.push(...(taken.left ?? []));
    if (taken.told !== undefined && step.row) told.push({ about: step.row.entity_id, how: taken.told });
  }
  requireAll(called, stays, partly);
  return { did, stays: [...stays, ...left], told };
}

/** Stops what has not gone out, and names what has. */
async function stopJobs(context: ReversalContext, { request_id }: Called) {
  const jobs = await cancelJobs(context, request_id);
  const out = jobs.filter(({ state }) => state !== 'cancelled').map(({ payload }) => payload);
  const said = jobs.flatMap(job => {
    if (context.registry.jobs.get(job.kind)?.is_internal) return [];
    const { to } = job.payload;
    return [
      {
        ...job,
        what: `${job.kind.replaceAll('_', ' ')}${typeof to === 'string' ? ` to ${quote(to)}` : ''}`,
      },
    ];
  });
  return {
    /** What the mails said that have gone out. */
    out,
    stopped: said.filter(({ state }) => state === 'cancelled'),
    stays: said
      .filter(({ state }) => state !== 'cancelled')
      .map(({ what, state }) => `${what} ${state === 'done' ? 'has gone out' : 'is going out right now'}`),
  };
}

type Stopped = Awaited<ReturnType<typeof stopJobs>>['stopped'];

/** What the rows wait for as they are now does not go with the jobs of the call. Answers what is stopped all the same. */
async function queueAgain(context: ReversalContext, { steps }: Plan, stopped: Stopped): Promise<string[]> {
  for (const { row } of steps)
    if (row) await context.registry.records.get(row.entity_type)?.queueAgain?.(context, row.entity_id);
  const waits = await Promise.all(stopped.map(({ kind, payload }) => isQueued(context, { kind, payload })));
  return stopped.flatMap(({ what }, n) => (waits[n] ? [] : [what]));
}

/** The call, and what it was about, say in their histories that it was taken back. */
async function note(context: ReversalContext, called: Called, { steps }: Plan): Promise<void> {
  const { registry } = context;
  const ran = called.entries.some(({ domain_action }) => domain_action === undoing)
    ? []
    : steps.flatMap(step => (step.kind === 'call' ? [step.action] : []));
  await logEntry(context, { type: 'call', id: called.request_id, verb: undone }, { call: called.words, ran });
  const about = new Map(called.entries.map(entry => [entry.subject_id, entry.subject_type]));
  for (const [id, type] of [...about].slice(0, mostNamed))
    if (registry.records.has(type))
      await logEntry(context, { type, id, verb: undone }, { call: called.words });
}
