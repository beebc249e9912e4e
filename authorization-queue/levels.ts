import { z } from 'zod';
import type { Identity, Level, Override, ReadContext } from '../core/kernel/pipeline/context.ts';
import { levels } from '../core/kernel/pipeline/context.ts';
import type { Rule } from '../core/kernel/pipeline/permission.ts';
import type { Action } from '../core/kernel/registry/define.ts';
import type { Registered } from '../core/kernel/registry/registry.ts';
import { countUse } from './grant-queries.ts';

/** The rule name that stands for an action's own level. */
export const ownLevel = '*';

/** A level and where it comes from. */
export interface Fired {
  rule: string;
  level: Level;
  reason: string;
}

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
    identity: Identity;
    call: Registered<Action>;
    input: Record<string, unknown>;
    grants: 'count' | 'look';
  },
): Promise<Fired> {
  const { permission } = call.spec;
  const levelOf = async (rule: string, registered: Level | undefined): Promise<Level> => {
    for (const override of listFitting(identity, call, rule)) {
      if (grants === 'look' || (await isWithin(context, call, input, override))) return known(override.level);
    }
    return known(registered);
  };
  const own = await levelOf(ownLevel, permission?.level);
  let strictest: Fired = { rule: ownLevel, level: own, reason: `${call.id} is set to ${own}` };
  for (const rule of permission?.rules ?? []) {
    const possible = [rule.level, ...listFitting(identity, call, rule.name).map(({ level }) => level)];
    if (possible.every(level => rank(known(level)) <= rank(strictest.level))) continue;
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
});

/** Whether a grant still covers this call. */
async function isWithin(
  context: ReadContext,
  call: Registered<Action>,
  input: Record<string, unknown>,
  override: Override,
): Promise<boolean> {
  if (override.level !== 'unrestricted') return true;
  const { per_day, amount_cents } = grantLimits.parse(override.limits);
  if (amount_cents !== undefined) {
    const amount = await call.spec.permission.amount?.(context, input);
    if (amount === undefined || amount > amount_cents) return false;
  }
  if (per_day === undefined) return true;
  const today = context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate().toString();
  return countUse(context, override.id, today, per_day);
}

/** The level of one rule for this agent: the newest override that still fits, else what was registered. */
export function effectiveLevel(
  identity: Pick<Identity, 'overrides'>,
  call: Registered<Action>,
  rule: string,
  registered: Level | undefined,
): Level {
  const [newest] = listFitting(identity, call, rule);
  return known(newest ? newest.level : registered);
}

/** What the owner has set for one rule and still fits, newest first. */
const listFitting = (
  identity: Pick<Identity, 'overrides'>,
  call: Registered<Action>,
  rule: string,
): Override[] => (identity.overrides ?? []).filter(override => fits(override, call, rule));

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
