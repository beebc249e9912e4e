import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import {
  type EffectKind,
  type Effects,
  effectKinds,
  effectsOf,
  manyCalls,
} from '../core/kernel/pipeline/effects.ts';
import type { Verdict } from '../core/kernel/pipeline/gate.ts';
import { lockWindow } from './queries.ts';
import { countImported, countSent, listReaching } from './window-queries.ts';

/** More records than this in one call need a person (MAQ-15). */
export const bulkLimit = 5;
/** How far back what agents did is added up, in minutes. */
export const bulkWindowMinutes = 10;

/**
 * How much of each kind agents of one business do by themselves within the window, and how much of all kinds together.
 * An ordinary morning of the office (`test/agent/office-day.test.ts`) stays below each; a loop over a list does not.
 */
export const windowLimits: Readonly<Record<EffectKind | 'together', number>> = {
  final: bulkLimit,
  imported: bulkLimit,
  overwritten: bulkLimit,
  moved: bulkLimit,
  out: 8,
  together: 15,
};

const said: Readonly<Record<EffectKind, string>> = {
  final: 'records would be deleted, cancelled or closed',
  imported: 'records would be brought in',
  out: 'messages would go out',
  overwritten: 'records would have something overwritten',
  moved: 'records would be moved to another time',
};

/**
 * Why what a call has just done, inside its savepoint, may not stay: it touches too much by itself, or too much together
 * with what agents did in the last minutes, over all kinds of actions, adapters, keys and sessions. Calls that are counted
 * wait for each other here, so that two halves do not pass as one.
 */
export async function checkWindow(
  context: ReadContext,
  call: string,
  { records, in_words, is_wide, counted }: Effects,
): Promise<Verdict | undefined> {
  if (is_wide && records > bulkLimit)
    return bulk(call, `one call would touch ${records} records, ${in_words}`, bulkLimit);
  const kinds = effectKinds.filter(kind => counted[kind].size > 0);
  if (kinds.length === 0) return undefined;
  lockWindow(context);
  const inWindow = await countWindow(context);
  const over = kinds.find(kind => inWindow[kind] > windowLimits[kind]);
  const within = `by agents within ${bulkWindowMinutes} minutes`;
  if (over) return bulk(call, `${inWindow[over]} ${said[over]} ${within}`, windowLimits[over]);
  const all = effectKinds.reduce((sum, kind) => sum + inWindow[kind], 0);
  if (all <= windowLimits.together) return undefined;
  const what = 'records would be ended, overwritten or moved and messages sent';
  return bulk(call, `${all} ${what} ${within}`, windowLimits.together);
}

/** What agents of this business did in the window, this transaction's own rows included. */
async function countWindow(context: ReadContext): Promise<Record<EffectKind, number>> {
  const { registry } = context;
  const [trail, sent, imported] = await Promise.all([
    listReaching(context, bulkWindowMinutes),
    countSent(context, bulkWindowMinutes, internalJobs(context)),
    countImported(context, bulkWindowMinutes, manyCalls(registry)),
  ]);
  const { final, out, overwritten, moved } = effectsOf(registry, trail);
  return {
    final: final.size,
    out: out.size + sent,
    overwritten: overwritten.size,
    moved: moved.size,
    imported,
  };
}

/** Jobs that work inside the business alone. */
const internalJobs = ({ registry }: ReadContext): string[] =>
  [...registry.jobs.values()].filter(job => job.is_internal).map(({ kind }) => kind);

const bulk = (action: string, what: string, limit: number): Verdict => ({
  action,
  rule: bulkRule,
  reason: `${what}; more than ${limit} is a bulk`,
});

/** The rule that no grant and no level lifts. */
export const bulkRule = 'bulk';
