import { z } from 'zod';
import type { Identity, Level, Override, ReadContext } from '../core/kernel/pipeline/context.ts';
import { levels } from '../core/kernel/pipeline/context.ts';
import type { Rule } from '../core/kernel/pipeline/permission.ts';
import type { Action } from '../core/kernel/registry/define.ts';
import type { Registered } from '../core/kernel/registry/registry.ts';
import { todayOf } from '../core/kernel/words/time.ts';
import { countUse, hasRoom } from './grant-queries.ts';

/** The rule name that stands for an action's own level. */
export const ownLevel = '*';

/** A level and where it comes from. */
export interface Fired {
  rule: string;
  level: Level;
  reason: string;
}

/** How grants are looked at: used up, held to what is left of them, or taken as if nothing of them were used up. */
export type GrantUse = 'count' | 'peek' | 'look';

/**
 * The strictest of the action's own level and of every rule that fires for this record, each as the owner has set it.
 * A level nobody knows needs authorization (security.md, rule 9). A grant that is bound to an amount or a number counts
 * only as far as that goes, and beyond that what held before it; `grants: 'count'` uses one up.
 */
export async function decideLevel(
  context: ReadContext,
  {
    identity,
    call,
    input,
    grants,
  }: {
    identity: Pick<Identity, 'overrides'>;
    call: Registered<Action>;
    input: Record<string, unknown>;
    grants: GrantUse;
  },
): Promise<Fired> {
  const { permission } = call.spec;
  const levelOf = async (rule: string, registered: Level | undefined): Promise<Level> => {
    const standing = standingOf(identity, call, rule, registered);
    for (const override of standing.grants) {
      if (grants === 'look' || (await isWithin(context, { call, input, override, grants }))) {
        return known(override.level);
      }
    }
    return standing.level;
  };
  const own = await levelOf(ownLevel, permission?.level);
  let strictest: Fired = { rule: ownLevel, level: own, reason: `${call.id} is set to ${own}` };
  for (const rule of permission?.rules ?? []) {
    if (rank(standingOf(identity, call, rule.name, rule.level).level) <= rank(strictest.level)) continue;
    const reason = await rule.applies(context, input);
    if (reason === undefined) continue;
    const level = await levelOf(rule.name, rule.level);
    if (rank(level) > rank(strictest.level)) strictest = { rule: rule.name, level, reason };
  }
  return strictest;
}

const grantLimits = z.object({
  per_day: z.number().optional(),
  amount_cents: z.number().optional(),
  amount_cents_per_day: z.number().optional(),
});

/** Whether a grant says how much it covers on a day. */
const hasSum = (limits: unknown): boolean => grantLimits.parse(limits).amount_cents_per_day !== undefined;

interface Covering {
  call: Registered<Action>;
  input: Record<string, unknown>;
  override: Override;
  grants: 'count' | 'peek';
}

/** Whether a grant still covers this call. */
async function isWithin(context: ReadContext, { call, input, override, grants }: Covering): Promise<boolean> {
  const { per_day, amount_cents, amount_cents_per_day } = grantLimits.parse(override.limits);
  const isAboutMoney = amount_cents !== undefined || amount_cents_per_day !== undefined;
  const amount = isAboutMoney ? await call.spec.permission.amount?.(context, input) : 0;
  // An action that does not say any more how much it moves is covered by no amount.
  if (amount === undefined) return false;
  if (amount > (amount_cents ?? amount)) return false;
  if (per_day === undefined && amount_cents_per_day === undefined) return true;
  const today = todayOf(context).toString();
  const use = { grant_id: override.id, used_on: today, amount_cents: amount, per_day, amount_cents_per_day };
  return grants === 'count' ? countUse(context, use) : hasRoom(context, use);
}

/** The level of one rule for this agent: that of a grant which holds, else the strictest that is set, else the registered one. */
export function effectiveLevel(
  identity: Pick<Identity, 'overrides'>,
  call: Registered<Action>,
  rule: string,
  registered: Level | undefined,
): Level {
  const { level, grants } = standingOf(identity, call, rule, registered);
  return grants[0] ? known(grants[0].level) : level;
}

/**
 * What the owner has said of one rule. Of the levels set for every agent and for this one the newest of each counts, and
 * of these two the stricter, whichever was set last: what is forbidden to one agent stays so when all are allowed more. A
 * grant lifts what was set before it, and nothing that is forbidden. What could widen an agent's own reach is never looser
 * than it was registered, whatever was granted or set once (security.md, "Limits are not self-service"); what never goes without a
 * sum a day is neither, but by a grant that has one.
 */
function standingOf(
  identity: Pick<Identity, 'overrides'>,
  call: Registered<Action>,
  rule: string,
  registered: Level | undefined,
): { level: Level; grants: readonly Override[] } {
  // Newest first.
  const fitting = (identity.overrides ?? []).filter(override => fits(override, call, rule));
  const set = [true, false].flatMap(
    forAll => fitting.find(({ is_grant, is_for_all }) => !is_grant && is_for_all === forAll) ?? [],
  );
  const own = known(registered);
  const level = set.length > 0 ? strictestOf(set.map(override => known(override.level))) : own;
  if (call.spec.widens !== undefined) return { level: strictestOf([level, own]), grants: [] };
  if (level === 'forbidden') return { level, grants: [] };
  const needsSum = call.spec.permission?.never_without_sum !== undefined;
  const isNewer = (override: Override) =>
    set.every(
      other =>
        fitting.indexOf(override) < fitting.indexOf(other) ||
        rank(known(other.level)) <= rank(known(override.level)),
    );
  const grants = fitting.filter(override => override.is_grant && isNewer(override));
  if (!needsSum) return { level, grants };
  return { level: strictestOf([level, own]), grants: grants.filter(({ limits }) => hasSum(limits)) };
}

/** The levels of an action's rules, for capabilities and the permission list. */
export function describeRules(
  identity: Pick<Identity, 'overrides'>,
  call: Registered<Action>,
): { rule: string; level: Level; summary: string }[] {
  return (call.spec.permission?.rules ?? []).map((rule: Rule) => ({
    rule: rule.name,
    level: effectiveLevel(identity, call, rule.name, rule.level),
    summary: rule.summary,
  }));
}

// A grant made for another shape of input does not cover this one.
function fits(override: Override, call: Registered<Action>, rule: string): boolean {
  if (override.action !== call.id || override.rule !== rule) return false;
  return override.schema_hash === null || override.schema_hash === call.schemaHash;
}

const known = (level: string | undefined): Level =>
  levels.find(name => name === level) ?? 'requires_authorization';

const rank = (level: Level) => levels.indexOf(level);

const strictestOf = (given: readonly Level[]): Level =>
  given.reduce((strictest, level) => (rank(level) > rank(strictest) ? level : strictest), 'unrestricted');

/** Whether a level lets an agent do more than another. */
export const isLooser = (level: Level, than: Level): boolean => rank(level) < rank(than);
